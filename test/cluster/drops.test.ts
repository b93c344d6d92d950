import { expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import { clusterStack } from '../support/cluster.js';
import { until } from '../support/until.js';

const stack = clusterStack();

/** A write through one worker that the other was told of, and does not say that it forgot. */
async function owedWrite() {
  const [writer, mute] = stack.cluster.workers;
  if (!writer || !mute) throw new Error('no such worker');
  const caller = callerOf('alice-full');
  const terms = { deadlineAt: stack.clock.now() + 10_000, signal: new AbortController().signal };
  const images = await mute.catalogs.of(caller).list(mute.catalogs.reading(terms, undefined));
  const { epoch } = mute.catalogs.of(caller);
  mute.mute();
  const id = images.find(({ is_public }) => !is_public)?.id ?? '';
  const write = writer.catalogs.of(caller).update(id, { label: 'anew' }, terms);
  await until(
    () => mute.catalogs.of(caller).epoch !== epoch,
    "the invalidation of the silent worker's catalog",
  );
  // The writer was told too, and says so within two turns.
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(writer.asker.openCount).toBe(1);
  return { mute, write };
}

it('ends a worker that does not say within two seconds that it forgot, and then answers the write', async () => {
  const { mute, write } = await owedWrite();
  stack.clock.advance(1999);
  expect(mute.kills).toBe(0);
  stack.clock.advance(1);
  expect(mute.kills).toBe(1);
  expect((await write).label).toBe('anew');
});

it('answers a write at once when the worker dies that owes it', async () => {
  const { mute, write } = await owedWrite();
  mute.leave();
  expect((await write).label).toBe('anew');
  expect(mute.kills).toBe(0);
});
