import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type Answer, type TestGateway } from '../support/gateway.js';
import { LIST, until } from '../support/house.js';
import { manualClock, type ManualClock } from '../support/manualClock.js';

const QUERY = '{ images(filter: { isPublic: false }, first: 500) { totalCount nodes { label } } }';
const CLIENTS = 10;

describe('clients that ask the same when its answer is too old', () => {
  let clock: ManualClock;
  let linode: Sandbox;
  let gateway: TestGateway;
  /** Has Linode answer the list that it was asked for. */
  let release: () => void;
  /** Operations of the long way that have begun. */
  let begun: number;

  beforeEach(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, fastLane: true });
    for (let i = 0; i < 4; i++) await ask();
    clock.advance(5001);
    linode.clearRequests();
    gateway.operations.length = 0;
    linode.fault({ path: '/images', before: new Promise<void>((resolve) => (release = resolve)) });
    begun = 0;
    gateway.server.on('request', () => begun++);
  });
  afterEach(async () => {
    release();
    await gateway.close();
    await linode.close();
  });

  const ask = (signal?: AbortSignal): Promise<Answer<{ images: { nodes: { label: string }[] } }>> =>
    gateway.ask(QUERY, { token: 'alice-full', ...(signal && { signal }) });
  const cacheOf = (): string[] => gateway.operations.map(({ cache }) => cache.join());

  async function askTogether(): Promise<ReturnType<typeof ask>[]> {
    const asked = [ask()];
    await until(() => linode.count(LIST) === 1);
    for (let i = 1; i < CLIENTS; i++) asked.push(ask());
    await until(() => begun === CLIENTS);
    return asked;
  }

  it('are answered with the one that is made, and how long they waited is told', async () => {
    const asked = await askTogether();
    clock.advance(400);
    release();
    const bodies = (await Promise.all(asked)).map(({ data }) => data);
    expect(new Set(bodies.map((data) => JSON.stringify(data))).size).toBe(1);
    expect(cacheOf()).toEqual(['miss', ...Array<string>(CLIENTS - 1).fill('hit')]);
    expect(gateway.operations.map(({ durationMs }) => durationMs)).toEqual(Array(CLIENTS).fill(400));
    expect(linode.count(LIST)).toBe(1);
  });

  it('and so are those who ask other things that were known of the same images', async () => {
    const others = ['{ images { totalCount } }', '{ image(id: "private/23849498") { label } }'];
    linode.clearFaults();
    for (const query of others) for (let i = 0; i < 3; i++) await gateway.ask(query, { token: 'alice-full' });
    clock.advance(5001);
    linode.clearRequests();
    linode.fault({ path: '/images', before: new Promise<void>((resolve) => (release = resolve)) });
    gateway.operations.length = 0;
    begun = 0;
    const first = ask();
    await until(() => linode.count(LIST) === 1);
    const asked = others.map((query) => gateway.ask(query, { token: 'alice-full' }));
    await until(() => begun === 1 + others.length);
    release();
    await Promise.all([first, ...asked]);
    expect(cacheOf()).toEqual(['miss', 'hit', 'hit']);
    expect(linode.requests).toHaveLength(1);
  });

  it('see what Linode has changed meanwhile, and one of them makes the new answer', async () => {
    const asked = await askTogether();
    linode.putImage('alice-full', { id: 'private/23849498', label: 'renamed' });
    release();
    for (const { data } of await Promise.all(asked)) {
      expect(data.images.nodes.map(({ label }) => label)).toContain('renamed');
    }
    expect(linode.count(LIST)).toBe(1);
  });

  it('are answered though the client leaves for which it is made', async () => {
    const leaving = new AbortController();
    const left = ask(leaving.signal);
    await until(() => linode.count(LIST) === 1);
    const others = Array.from({ length: CLIENTS - 1 }, () => ask());
    await until(() => begun === CLIENTS);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => gateway.requests.some(({ status }) => status === null));
    release();
    for (const { status, errors } of await Promise.all(others)) expect([status, errors]).toEqual([200, []]);
  });

  it('wait for a second, and then for Linode as all do', async () => {
    const asked = await askTogether();
    clock.advance(1001);
    release();
    await Promise.all(asked);
    expect(cacheOf()).toEqual(Array(CLIENTS).fill('miss'));
    expect(linode.count(LIST)).toBe(1);
  });

  it('are answered stale when Linode fails', async () => {
    const asked = await askTogether();
    linode.clearFaults();
    linode.fault({ path: '/images', status: 503, times: 100 });
    release();
    let isDone = false;
    const answers = Promise.all(asked).finally(() => (isDone = true));
    await until(() => {
      clock.advance(50);
      return isDone;
    });
    for (const { status, errors } of await answers) expect([status, errors]).toEqual([200, []]);
  });

  it('and are answered while the gateway drains', async () => {
    const asked = await askTogether();
    gateway.unready();
    release();
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  });
});
