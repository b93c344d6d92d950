import { expect, it } from '@jest/globals';
import { LIST } from '../support/stack.js';
import { workerStack } from '../support/workerGateways.js';
import { until } from '../support/until.js';

const IMAGES = '{ images { totalCount } }';
const ALICE = { token: 'alice-full' };
const stack = workerStack();

it('a deadline that passed in one worker has the others served stale at once', async () => {
  const { linode, clock, gateways, cluster } = stack;
  const { data } = await gateways[0].ask(IMAGES, ALICE);
  clock.advance(6000);
  const repair = linode.fault({ hang: true });
  const late = gateways[0].ask(IMAGES, ALICE);
  // The operation begins, and ends, a moment before what the primary does for it.
  await until(() => cluster.workers[0]?.asker.openCount === 1, 'a call from the worker to the primary');
  clock.advance(1);
  await until(() => linode.count(LIST) === 2, '2 list calls upstream');
  clock.advance(9999);
  await late;
  repair();
  for (const gateway of gateways) {
    const stale = await gateway.ask(IMAGES, ALICE);
    expect([stale.data, stale.extensions]).toEqual([data, { stale: { ageSeconds: 16 } }]);
  }
  expect(linode.count(LIST)).toBe(2);
});

it('a client that left a worker has nobody served stale', async () => {
  const { linode, clock, gateways } = stack;
  await gateways[0].ask(IMAGES, ALICE);
  clock.advance(6000);
  linode.fault({ hang: true, times: 1 });
  const leaver = new AbortController();
  const left = gateways[0].ask(IMAGES, { ...ALICE, signal: leaver.signal });
  left.catch(() => undefined);
  await until(() => linode.count(LIST) === 2, '2 list calls upstream');
  leaver.abort();
  await until(() => gateways[0].requests.length === 2, 'the end of two requests');
  for (const gateway of gateways) {
    expect((await gateway.ask(IMAGES, ALICE)).extensions).toBeUndefined();
  }
  expect(linode.count(LIST)).toBe(3);
});
