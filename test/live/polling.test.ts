import { describe, expect, it } from '@jest/globals';
import { LIVE_SHARE } from '../../src/linode/client/rateBudget.js';
import { atDepth } from '../support/depth.js';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';

const token = 'alice-full';
const MOVING = ['private/9101', 'private/9102', 'private/9103'];
const REGIONS = [
  { region: 'us-east', status: 'available' },
  { region: 'us-ord', status: 'replicating' },
];

const ALL =
  'subscription { imageChanges(filter: { label: { eq: "moving" } }) { imageId image { progress { percent } } } }';
const ONE = 'subscription ($id: ID!) { image(id: $id) { regions { status } progress { percent } } }';

/** Moves time on by whole seconds, and lets each poll end before the next. */
async function seconds({ clock, linode }: Stack, count: number): Promise<void> {
  for (let i = 0; i < count * 2; i++) {
    clock.advance(500);
    for (let quiet = 0, seen = linode.requests.length; quiet < 3; quiet++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const isBusy = linode.requests.some(({ status }) => status === undefined);
      if (seen === linode.requests.length && !isBusy) continue;
      quiet = -1;
      seen = linode.requests.length;
    }
  }
}

const poller = async (stack: Stack): Promise<number> => {
  const metrics = (await stack.gateway.metrics()) as { name: string; values: { value: number }[] }[];
  return metrics.find(({ name }) => name === 'gateway_live_callers')?.values[0]?.value ?? NaN;
};

async function movingStack(): Promise<Stack> {
  const stack = await startStack({ sandbox: { api: 'latest' } });
  for (const id of MOVING) stack.linode.putImage(token, { id, label: 'moving', regions: REGIONS });
  return stack;
}

async function subscribers(stack: Stack, count: number): Promise<Subscriber[]> {
  const open: Subscriber[] = [];
  for (let i = 0; i < count; i += 50) {
    const some = Array.from({ length: Math.min(50, count - i) }, (_, k) =>
      k % 2 === 0
        ? subscribe(stack.gateway.url, ALL, { token })
        : subscribe(stack.gateway.url, ONE, { token, variables: { id: MOVING[0] } }),
    );
    open.push(...(await Promise.all(some)));
  }
  await until(() => open.every(({ results }) => results.length > 0), 'the present state', 60_000);
  return open;
}

describe('the poller of a caller', () => {
  it('costs the same for a thousand subscribers as for two', async () => {
    const counts: number[][] = [];
    for (const count of [2, atDepth(200, 1000)]) {
      const stack = await movingStack();
      const open = await subscribers(stack, count);
      stack.linode.clearRequests();
      await seconds(stack, 30);
      const { linode } = stack;
      counts.push(
        [/^GET \/images\?/, /^GET \/images\/[^?]+$/, /^GET \/account\/events/].map((line) =>
          linode.count(line),
        ),
      );
      expect(await poller(stack)).toBe(1);
      for (const each of open) each.close();
    }
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[0]?.every((calls) => calls > 0)).toBe(true);
  }, 120_000);

  it.each([
    ['of whom nothing is known', undefined],
    ['whom Linode allows 800 calls a minute', 800],
  ])(
    'takes no more than its share of any budget of a caller %s, and no call of others',
    async (_, limit) => {
      const tokens = Array.from({ length: atDepth(12, 200) }, (_, i) => `token-${i}`);
      const stack = await startStack({ sandbox: { api: 'latest', rateLimits: limit !== undefined } });
      const { linode, gateway } = stack;
      tokens.forEach((each, i) => {
        linode.addAccount({
          tokens: [{ token: each, username: each, scopes: '*' }],
          images: Array.from({ length: 8 }, (_, k) => ({
            id: `private/${(i + 1) * 100 + k}`,
            label: 'moving',
            regions: REGIONS,
          })),
        });
      });
      const open: Subscriber[] = [];
      for (const each of tokens) {
        open.push(await subscribe(gateway.url, ALL, { token: each }));
      }
      await until(() => open.every(({ results }) => results.length >= 8), 'the present state', 60_000);
      await seconds(stack, 60);
      linode.clearRequests();
      await seconds(stack, 60);
      for (const each of tokens) {
        const calls = linode.requests.filter(({ token }) => token === each);
        const lists = calls.filter(({ path }) => path === '/images').length;
        expect(lists).toBeLessThanOrEqual(15 * LIVE_SHARE);
        expect(calls.length - lists).toBeLessThanOrEqual((limit ?? 400) * LIVE_SHARE);
        expect(calls.length).toBeGreaterThan(30);
      }
      for (const each of open) each.close();
    },
    300_000,
  );

  it('views what changes by itself every two seconds, and lists seldom when nothing does', async () => {
    const stack = await startStack({ sandbox: { api: 'latest', rateLimits: false } });
    const subscriber = await subscribe(stack.gateway.url, ALL, { token });
    await until(() => stack.linode.requests.length > 0, 'the first list');
    stack.linode.clearRequests();
    await seconds(stack, 60);
    expect(stack.linode.count(/^GET \/images\?/)).toBeLessThanOrEqual(3);
    expect(stack.linode.count(/^GET \/account\/events/)).toBeGreaterThanOrEqual(10);
    expect(stack.linode.count(/^GET \/account\/events/)).toBeLessThanOrEqual(12);
    stack.linode.putImage(token, { id: MOVING[0] ?? '', label: 'moving', regions: REGIONS });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => subscriber.results.length > 0, 'the moving image'),
    );
    stack.linode.clearRequests();
    await seconds(stack, 20);
    expect(stack.linode.count(/^GET \/images\/[^?]+$/)).toBeGreaterThanOrEqual(9);
    expect(stack.linode.count(/^GET \/images\/[^?]+$/)).toBeLessThanOrEqual(10);
  });

  it('ends with the last subscriber, and begins with the next', async () => {
    const stack = await movingStack();
    const [one, other] = await subscribers(stack, 2);
    one?.close();
    await until(async () => (await openSubscriptions(stack)) === 1, 'one subscription');
    expect(await poller(stack)).toBe(1);
    other?.close();
    await until(async () => (await poller(stack)) === 0, 'no poller');
    stack.linode.clearRequests();
    await seconds(stack, 10);
    expect(stack.linode.requests).toEqual([]);
    await subscribers(stack, 1);
    await seconds(stack, 5);
    expect(stack.linode.count(/^GET \/account\/events/)).toBeGreaterThan(1);
  });

  it('reads public images without a token at the interval of the anonymous catalog', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    stack.linode.putImage(token, { id: 'linode/new', is_public: true, status: 'creating' });
    await subscribe(stack.gateway.url, 'subscription { image(id: "linode/new") { status } }');
    stack.linode.clearRequests();
    await seconds(stack, 20);
    expect(stack.linode.requests.every(({ path }) => path === '/images/linode%2Fnew')).toBe(true);
    expect(stack.linode.requests.length).toBeGreaterThan(5);
  });
});

async function openSubscriptions(stack: Stack): Promise<number> {
  const metrics = (await stack.gateway.metrics()) as { name: string; values: { value: number }[] }[];
  return metrics.find(({ name }) => name === 'gateway_subscriptions')?.values[0]?.value ?? NaN;
}
