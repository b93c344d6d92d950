import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type Answer, type TestGateway } from '../../support/gateway.js';
import { LIST } from '../../support/stack.js';
import { openRaw } from '../../support/rawConnection.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';

const QUERY = '{ images(filter: { isPublic: false }, first: 500) { totalCount nodes { label } } }';
const CLIENTS = 10;
const PROTECTION = { maxConcurrentOperations: 3 };
/** The same as text: many of it make a queue on one connection. */
const textOf = (query: string, body = ''): string =>
  `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer alice-full\r\n${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`;

describe('clients that ask the same when its answer is too old', () => {
  let clock: ManualClock;
  let linode: Sandbox;
  let gateway: TestGateway;
  /** Has Linode answer the list that it was asked for. */
  let release: () => void;
  /** Requests that have begun. */
  let begun: number;

  beforeEach(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      clock,
      responseCache: true,
    });
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
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    for (let i = 1; i < CLIENTS; i++) asked.push(ask());
    await until(() => begun === CLIENTS, 'the arrival of all requests');
    return asked;
  }

  it('share the response of the first, and how long they waited is reported', async () => {
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
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    const asked = others.map((query) => gateway.ask(query, { token: 'alice-full' }));
    await until(() => begun === 1 + others.length, 'the arrival of the requests');
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
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    const others = Array.from({ length: CLIENTS - 1 }, () => ask());
    await until(() => begun === CLIENTS, 'the arrival of all requests');
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(
      () => gateway.requests.some(({ status }) => status === null),
      'the record of a request without a response',
    );
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
    }, 'the end of the request');
    for (const { status, errors } of await answers) expect([status, errors]).toEqual([200, []]);
  });

  it('and are answered while the gateway drains', async () => {
    const asked = await askTogether();
    gateway.unready();
    release();
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  });
});

describe('clients that ask the same in queues', () => {
  let clock: ManualClock;
  let linode: Sandbox;
  let gateway: TestGateway;
  let release: () => void;
  let begun: number;

  beforeEach(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      clock,
      responseCache: true,
      protection: PROTECTION,
    });
    begun = 0;
    gateway.server.on('request', () => begun++);
    for (let i = 0; i < 4; i++) await answered(openRaw({ gateway }), textOf(QUERY));
    clock.advance(5001);
    linode.fault({ path: '/images', before: new Promise<void>((resolve) => (release = resolve)) });
  });
  afterEach(async () => {
    release();
    await gateway.close();
    await linode.close();
  });

  /** Sends a request, and resolves with the first of its answer. */
  function answered({ socket }: ReturnType<typeof openRaw>, text: string): Promise<string> {
    socket.write(text, 'latin1');
    return new Promise((resolve) => {
      socket.once('data', (chunk) => resolve(chunk.toString()));
    });
  }
  async function send(text: string, requests: number) {
    const raw = openRaw({ gateway });
    const before = begun;
    raw.socket.write(text, 'latin1');
    await until(() => begun === before + requests, 'the arrival of the requests');
    return raw;
  }

  it('take no place when they leave while they wait', async () => {
    await send(textOf(QUERY), 1);
    await until(() => linode.count(LIST) === 2, '2 list calls upstream');
    const before = gateway.requests.length;
    const queue = await send(textOf('{ images { totalCount } }') + textOf(QUERY).repeat(20), 21);
    queue.socket.destroy();
    await until(() => gateway.requests.length === before + 21, 'the end of 21 requests');
    clock.advance(1001);
    // What is passed on now has come as far as it can.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    release();
    linode.clearFaults();
    await answered(openRaw({ gateway }), textOf('{ images(first: 1) { totalCount } }'));
    // One of the three places is taken; were another two, this would be refused.
    let releaseViewer = (): void => undefined;
    linode.fault({ path: '/profile', before: new Promise<void>((resolve) => (releaseViewer = resolve)) });
    await send(textOf('{ viewer { username } }'), 1);
    await until(() => linode.count(/profile/) === 1, 'the profile call upstream');
    expect(await answered(openRaw({ gateway }), textOf('{ images(first: 2) { totalCount } }'))).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    releaseViewer();
  });

  it('do not have others wait for the answer before theirs', async () => {
    let releaseViewer = (): void => undefined;
    linode.fault({
      path: '/profile',
      before: new Promise<void>((resolve) => (releaseViewer = resolve)),
    });
    await send(textOf('{ viewer { username } }') + textOf(QUERY), 2);
    const other = answered(openRaw({ gateway }), textOf(QUERY));
    const before = begun;
    await until(() => begun === before + 1, 'the arrival of the requests');
    release();
    expect(await other).toMatch(/^HTTP\/1\.1 200 /);
    releaseViewer();
  });

  it('and those who send a body with a GET are answered as without the cache', async () => {
    release();
    for (let i = 0; i < 3; i++) await answered(openRaw({ gateway }), textOf(QUERY));
    expect(await answered(openRaw({ gateway }), textOf(QUERY, '{bad'))).toMatch(/^HTTP\/1\.1 400 /);
  });
});
