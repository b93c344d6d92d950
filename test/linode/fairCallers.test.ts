import { setMaxListeners } from 'node:events';
import { expect, it } from '@jest/globals';
import type { Fault } from '../../src/sandbox/server/faults.js';
import { LIST, startStack, VIEW, whileTimePasses, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const ALICE = { token: 'alice-full' };
const BOB = { token: 'bob-full' };
const IMAGE = 'private/23849498';

const view = ({ gateway, clock }: Stack, id: string) =>
  whileTimePasses(clock, 5, gateway.ask(`{ image(id: "${id}") { label } }`, ALICE));

/** Bob lists, views and writes; time stands still meanwhile, so that none of it waits. */
async function expectBobUnaffected({ gateway, linode }: Stack): Promise<void> {
  const { id } = linode.images('bob-full').find(({ is_public }) => !is_public) ?? { id: '' };
  const mutation = `mutation { updateImage(input: { id: "${id}", label: "renamed" }) { userErrors { message } } }`;
  const headers = { 'cache-control': 'no-cache' };
  for (const query of ['{ images { totalCount } }', `{ image(id: "${id}") { label } }`, mutation]) {
    const { errors, extensions } = await gateway.ask(query, { ...BOB, headers });
    expect([errors, extensions]).toEqual([[], undefined]);
  }
}

it.each<[string, Fault]>([
  ['answers 500', { status: 500 }],
  ['answers nginx’s 502', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['resets the connection', { reset: 'before' }],
])('a user who polls an image that %s stops neither others nor their own reads', async (_, fault) => {
  const stack = await startStack();
  const { linode, gateway, clock } = stack;
  linode.fault({ path: /23849498$/, token: 'alice-full', ...fault });
  for (let i = 0; i < 60; i++) {
    expect((await view(stack, IMAGE)).errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    clock.advance(50);
    if (i % 20 === 0) await expectBobUnaffected(stack);
  }
  const own = await gateway.ask('{ images { totalCount } linodes { totalCount } }', ALICE);
  expect(own.errors).toEqual([]);
  // A request that fails each time is repeated seldom.
  expect(linode.count(VIEW)).toBeLessThan(60);
  await expectBobUnaffected(stack);
});

it('thirty calls of one account that hang, and then time out, stop no other caller', async () => {
  const stack = await startStack();
  const { linode, gateway, clock } = stack;
  linode.fault({ token: 'alice-full', hang: true });
  const ids = linode.images('alice-full').slice(0, 30);
  const hanging = ids.map(({ id }) => gateway.ask(`{ image(id: "${id}") { label } }`, ALICE));
  const isViewed = () => linode.count(VIEW) + linode.count(LIST) > 0;
  await until(isViewed, 'the first call');
  await expectBobUnaffected(stack);
  clock.advance(10_000);
  for (const { errors } of await Promise.all(hanging)) {
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  }
  await expectBobUnaffected(stack);
});

it.each([6, 12])('%s callers whose calls hang leave room for the calls of another one', async (callers) => {
  const stack = await startStack({ sandbox: { rateLimits: false } });
  const { linode, gateway, clock } = stack;
  const client = new AbortController();
  setMaxListeners(0, client.signal);
  const tokens = Array.from({ length: callers }, (_, i) => `hanging-${i}`);
  linode.addAccount({ tokens: tokens.map((token) => ({ token, username: token, scopes: '*' })) });
  // Their tokens are accepted first.
  for (const token of tokens)
    expect((await gateway.ask('{ viewer { username } }', { token })).errors).toEqual([]);
  for (const token of tokens) linode.fault({ token, hang: true });
  const before = linode.requests.length;
  const ids = Array.from({ length: 40 }, (_, i) => `linodes/${i + 1}/disks/1`);
  const hanging = tokens.map((token) =>
    gateway
      .ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        token,
        variables: { ids },
        signal: client.signal,
      })
      .catch(() => undefined),
  );
  const inFlight = (): number => linode.requests.length - before;
  let last = -1;
  await until(async () => {
    const isStable = inFlight() === last && last >= callers;
    last = inFlight();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return isStable;
  }, 'calls that hang');
  expect(inFlight()).toBeLessThan(12 * 24 + 1);
  // The clock stands still: whatever waits for one of them to time out does not end.
  const page = `{ images(first: 50) { nodes { creator { username } latestEvent { id } linodes { totalCount } } }
    viewer { username } regions { id } }`;
  expect((await gateway.ask(page, BOB)).errors).toEqual([]);
  await expectBobUnaffected(stack);
  client.abort();
  await Promise.all(hanging);
  clock.advance(60_000);
});
