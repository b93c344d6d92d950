import { describe, expect, it } from '@jest/globals';
import { startTestGateway } from '../support/gateway.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();

const ALICE = { token: 'alice-full' };
const PAGE = `{ viewer { username } images(filter: { isPublic: false }) { nodes {
  id creator { username email } latestEvent { status } events { nodes { action } }
  linodes { nodes { id region { label } } } } } }`;
const REGIONS = '{ regions { id label } }';

const ask = (i: 0 | 1, query: string, how: object = ALICE) => stack.gateways[i].ask(query, how);
const lines = () => stack.linode.requests.map(({ line }) => line).sort();

describe('what two workers share beside images', () => {
  it('is answered as by one process, with the very calls of one', async () => {
    const linode = await startSandbox({ now: stack.clock.now });
    const alone = await startTestGateway({ linodeApiUrl: linode.url, clock: stack.clock });
    const expected = await alone.ask(PAGE, ALICE);
    expect(expected.errors).toEqual([]);
    for (const i of [0, 1] as const) {
      const { body, headers } = await ask(i, PAGE);
      expect(body).toBe(expected.body);
      expect(headers.get('cache-control')).toBe(expected.headers.get('cache-control'));
    }
    expect(lines()).toEqual(linode.requests.map(({ line }) => line).sort());
    await alone.close();
    await linode.close();
  });

  it('is asked for once by any number at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask((i % 2) as 0 | 1, PAGE)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(new Set(lines()).size).toBe(lines().length);
  });

  it('stays fresh for as long as of one process', async () => {
    await ask(0, PAGE);
    const { length } = stack.linode.requests;
    stack.clock.advance(2000);
    await ask(1, PAGE);
    expect(stack.linode.requests).toHaveLength(length);
    stack.clock.advance(1);
    await ask(1, PAGE);
    await ask(0, PAGE);
    expect(stack.linode.requests.slice(length).map(({ path }) => path)).toEqual(['/account/events']);
  });

  it('is asked for anew after a write through the other, and on no-cache', async () => {
    const events = '{ image(id: "private/23849498") { latestEvent { action } } }';
    await ask(0, events);
    await ask(1, 'mutation { updateImage(input: { id: "private/23849498", label: "x" }) { image { id } } }');
    expect((await ask(0, events)).data).toEqual({ image: { latestEvent: { action: 'image_update' } } });
    expect(stack.linode.count(/events/)).toBe(2);
    await ask(1, events, { ...ALICE, headers: { 'cache-control': 'no-cache' } });
    expect(stack.linode.count(/events/)).toBe(3);
  });

  it('is nothing between callers', async () => {
    const query = '{ viewer { username } linodes { nodes { label } } }';
    const bodies = await Promise.all([
      ask(0, query),
      ask(1, query, { token: 'bob-full' }),
      ask(0, query, { token: 'carol-restricted' }),
    ]);
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(3);
    expect(stack.linode.count(/profile/)).toBe(3);
  });

  it('is a refusal too', async () => {
    const query = '{ image(id: "private/23849498") { latestEvent { action } } }';
    for (const i of [0, 1, 0] as const) {
      const { errors } = await ask(i, query, { token: 'alice-read' });
      expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect(stack.linode.count(/events/)).toBe(1);
  });
});

describe("Linode's regions", () => {
  it('are asked for once for both workers and all callers', async () => {
    const bodies = await Promise.all([
      ask(0, REGIONS),
      ask(1, REGIONS),
      ask(0, REGIONS, {}),
      ask(1, REGIONS, { token: 'bob-full' }),
    ]);
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(1);
    expect(stack.linode.count(/regions/)).toBe(1);
  });

  it('are as old at each as they are', async () => {
    const headersOf = async (i: 0 | 1) => {
      const { headers } = await ask(i, REGIONS);
      return [headers.get('age'), headers.get('cache-control')];
    };
    await ask(0, REGIONS);
    stack.clock.advance(60_000);
    const told = await headersOf(1);
    expect(told[0]).toBe('60');
    expect(await headersOf(1)).toEqual(told);
    expect(await headersOf(0)).toEqual(told);
    expect(stack.linode.count(/regions/)).toBe(1);
  });
});
