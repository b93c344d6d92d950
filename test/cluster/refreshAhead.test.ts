import { expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import { LIST } from '../support/stack.js';
import { workerStack } from '../support/workerGateways.js';
import { until } from '../support/until.js';

const stack = workerStack();

const ALICE = { token: 'alice-full' };
const ALICE_KEY = callerOf(ALICE.token).key;
/** When a list of 5 s is asked anew, as the tests' `random` has it; workers hear of it a moment later. */
const DUE_MS = 4600;

async function read(i: 0 | 1, times: number): Promise<string[]> {
  const caches: string[] = [];
  for (let first = 1; first <= times; first++) {
    const { headers, errors } = await stack.gateways[i].ask(
      `{ images(first: ${first}) { totalCount } }`,
      ALICE,
    );
    expect(errors).toEqual([]);
    caches.push(/cache;desc="(.*)"/.exec(headers.get('server-timing') ?? '')?.[1] ?? '');
  }
  return caches;
}

it('has the primary ask anew, once for all workers, before the list that many read is too old', async () => {
  for (const i of [0, 1] as const) await read(i, 8);
  expect(stack.linode.count(LIST)).toBe(1);
  stack.clock.advance(DUE_MS);
  for (const i of [0, 1] as const) expect(await read(i, 2)).toEqual(['hit', 'hit']);
  await until(() => stack.linode.count(LIST) === 2, '2 list calls upstream');
  // The newer list reaches each worker, which then has no need to ask.
  const ages = () => stack.cluster.workers.map(({ catalogs }) => catalogs.cached(ALICE_KEY)?.ageMs);
  await until(
    () => ages().every((ageMs) => ageMs !== undefined && ageMs < 1000),
    'a fresh collection in every worker',
  );
  stack.clock.advance(1000);
  for (const i of [0, 1] as const) expect(await read(i, 2)).toEqual(['hit', 'hit']);
  expect(stack.linode.count(LIST)).toBe(2);
});

it('leaves a list alone that few read', async () => {
  for (const i of [0, 1] as const) await read(i, 3);
  stack.clock.advance(5000);
  for (const i of [0, 1] as const) await read(i, 1);
  expect(stack.linode.count(LIST)).toBe(1);
});

it('gives up at its deadline where the primary hangs', async () => {
  await read(0, 8);
  const [worker] = stack.cluster.workers;
  worker?.mute();
  stack.clock.advance(DUE_MS);
  expect(await read(0, 2)).toEqual(['hit', 'hit']);
  expect(worker?.asker.openCount).toBe(1);
  // Its deadline, and a moment for the primary to tell of it.
  for (const ms of [10_000, 1000]) stack.clock.advance(ms);
  expect(worker?.asker.openCount).toBe(0);
});
