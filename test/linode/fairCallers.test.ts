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
