import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import { clusterStack } from '../support/cluster.js';
import { LIST } from '../support/stack.js';
import { until } from '../support/until.js';

const stack = clusterStack();

const alice = callerOf('alice-full');
const worker = (i: number) => {
  const found = stack.cluster.workers[i];
  if (!found) throw new Error('no such worker');
  return found;
};
const readingOf = (i: number, maxAgeMs?: number, signal = new AbortController().signal) => {
  setMaxListeners(0, signal);
  return worker(i).catalogs.reading({ deadlineAt: stack.clock.now() + 10_000, signal }, maxAgeMs);
};
const list = (i: number, reading = readingOf(i), caller = alice) =>
  worker(i).catalogs.of(caller).list(reading);

describe('two workers on one primary', () => {
  it('list once for 2,000 reads at once, and for all others while that is fresh', async () => {
    const all = await Promise.all(Array.from({ length: 2000 }, (_, i) => list(i % 2)));
    expect(new Set(all).size).toBe(2);
    expect(all[0]).toEqual(all[1]);
    stack.clock.advance(5000);
    expect(await list(0)).toBe(all[0]);
    expect(stack.linode.count(LIST)).toBe(1);
    stack.clock.advance(1);
    await Promise.all([list(0), list(1)]);
    expect(stack.linode.count(LIST)).toBe(2);
  });

  it('show a write through one to readers of the other, before it is answered', async () => {
    const [image] = (await list(1)).filter(({ is_public }) => !is_public);
    const id = image?.id ?? '';
    const { terms } = readingOf(0);
    await worker(0).catalogs.of(alice).update(id, { label: 'anew' }, terms);
    expect((await list(1)).find((one) => one.id === id)?.label).toBe('anew');
    await worker(1).catalogs.of(alice).delete(id, terms);
    expect((await list(0)).some((one) => one.id === id)).toBe(false);
  });

  it('keep callers apart', async () => {
    const ids = async (i: number, token: string) =>
      (await list(i, readingOf(i), callerOf(token)))
        .filter(({ is_public }) => !is_public)
        .map(({ id }) => id);
    const [ofAlice, ofBob] = [await ids(0, 'alice-full'), await ids(1, 'bob-full')];
    expect(ofAlice.filter((id) => ofBob.includes(id))).toEqual([]);
    expect(await ids(0, 'bob-full')).toEqual(ofBob);
  });

  it('refresh for no-cache through either', async () => {
    await list(0);
    await list(1);
    await list(1, readingOf(1, 0));
    expect(stack.linode.count(LIST)).toBe(2);
  });

  it('tell that what they serve is stale while Linode falters', async () => {
    await list(0);
    await list(1);
    stack.clock.advance(6000);
    stack.linode.fault({ path: '/images', status: 429 });
    for (const i of [0, 1]) {
      const reading = readingOf(i);
      await list(i, reading);
      expect(reading.staleAgeMs).toBe(6000);
    }
  });

  it('forget everywhere what a refused token had read', async () => {
    await list(0);
    await list(1);
    stack.linode.fault({ path: '/images', status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
    await expect(list(0, readingOf(0, 0))).rejects.toMatchObject({ name: 'LinodeUnauthenticated' });
    await expect(list(1)).rejects.toMatchObject({ name: 'LinodeUnauthenticated' });
  });

  it('wait for nothing that a worker owes which is gone', async () => {
    const [image] = (await list(0)).filter(({ is_public }) => !is_public);
    worker(1).leave();
    const { terms } = readingOf(0);
    const { label } = await worker(0)
      .catalogs.of(alice)
      .update(image?.id ?? '', { label: 'anew' }, terms);
    expect(label).toBe('anew');
  });

  it('spend at most 15 lists a minute together', async () => {
    for (let i = 0; i < 40; i++) await list(i % 2, readingOf(i % 2, 0));
    expect(stack.linode.count(LIST)).toBe(15);
  });

  it('give a question up when the last who waits has left', async () => {
    let hasArrived = false;
    stack.linode.fault({
      path: '/images',
      before: () => ((hasArrived = true), new Promise<void>(() => undefined)),
    });
    const controller = new AbortController();
    const lost = list(0, readingOf(0, undefined, controller.signal)).catch((error: unknown) => error);
    await until(() => hasArrived, 'the request upstream');
    controller.abort(new Error('left'));
    expect(await lost).toMatchObject({ message: 'left' });
    expect(worker(0).asker.openCount).toBe(0);
  });
});
