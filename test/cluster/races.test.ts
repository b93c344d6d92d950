import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callerOf } from '../../src/linode/caller.js';
import type { LinodeImage } from '../../src/linode/api/images.js';
import { atDepth } from '../support/depth.js';
import { startTestCluster } from '../support/cluster.js';
import { manualClock } from '../support/manualClock.js';
import { ModelUpstream } from '../support/modelUpstream.js';

type Action = 'list' | 'refresh list' | 'view' | 'refresh view' | 'create' | 'update' | 'delete' | 'wait';
const ACTIONS: Action[] = [
  'list',
  'refresh list',
  'view',
  'refresh view',
  'create',
  'update',
  'delete',
  'wait',
];

const actions = fc.array(
  fc.record({
    action: fc.constantFrom(...ACTIONS),
    image: fc.integer({ min: 1, max: 3 }),
    at: fc.constantFrom(0, 1),
  }),
  { minLength: 2, maxLength: 12 },
);

const versionOf = (image: LinodeImage): number => Number(image.label.slice(1));

describe('reads and writes at two workers in any interleaving', () => {
  it('show each read at least every write that was answered before it began, at either', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        actions,
        fc.integer({ min: 0, max: 3 }),
        async (scheduler, plan, initial) => {
          const clock = manualClock();
          const upstream = new ModelUpstream(scheduler, initial);
          const cluster = startTestCluster('http://unused', clock, 2, {
            transport: upstream,
            hubClock: { now: clock.now, after: () => () => undefined },
            deliver: (deliver) => void scheduler.schedule(Promise.resolve(), 'message').then(deliver),
          });
          const catalogsAt = (at: number) => {
            const worker = cluster.workers[at];
            if (!worker) throw new Error('no such worker');
            return worker.catalogs;
          };
          const caller = callerOf('alice');
          const { signal } = new AbortController();
          setMaxListeners(0, signal);
          const terms = { deadlineAt: Infinity, signal };
          const reached = new Map<string, number>();
          const deleted = new Set<string>();
          /** Whose deletion has begun. */
          const going = new Set<string>();
          const wrote = (image: LinodeImage): void => {
            reached.set(image.id, Math.max(reached.get(image.id) ?? 0, versionOf(image)));
          };

          const act = async ({ action, image, at }: { action: Action; image: number; at: number }) => {
            const id = `private/${image}`;
            const catalog = catalogsAt(at).of(caller);
            if (action === 'wait') return clock.advance(1000 * image);
            if (action === 'create') return wrote(await catalog.create({ disk_id: 1 }, terms));
            if (action === 'update')
              return catalog.update(id, { label: 'x' }, terms).then(wrote, noSuchImage);
            if (action === 'delete') {
              going.add(id);
              return catalog.delete(id, terms).then(() => void deleted.add(id), noSuchImage);
            }
            const owed = { reached: new Map(reached), deleted: new Set(deleted) };
            const reading = catalogsAt(at).reading(terms, action.startsWith('refresh') ? 0 : undefined);
            const isList = action.endsWith('list');
            const images = isList ? await catalog.list(reading) : await catalog.get([id], reading);
            const seen = new Map<string, number>();
            for (const one of images) {
              if (one instanceof Error) throw one;
              if (one) seen.set(one.id, versionOf(one));
            }
            for (const gone of owed.deleted) expect(seen.has(gone)).toBe(false);
            for (const [one, version] of owed.reached) {
              if (!isList && one !== id) continue;
              const shown = seen.get(one);
              if (shown === undefined) expect(going.has(one)).toBe(true);
              else expect(shown).toBeGreaterThanOrEqual(version);
            }
          };

          const acts = plan.map((step, i) =>
            scheduler
              .schedule(Promise.resolve(), `action ${i}: ${step.action} at ${step.at}`)
              .then(() => act(step)),
          );
          await scheduler.waitFor(Promise.all(acts));

          clock.advance(120_000);
          for (const at of [0, 1]) {
            const catalogs = catalogsAt(at);
            const last = await scheduler.waitFor(
              catalogs.of(caller).list(catalogs.reading(terms, undefined)),
            );
            expect(new Map(last.map((image) => [image.id, versionOf(image)]))).toEqual(upstream.images);
          }
          await cluster.close();
        },
      ),
      { numRuns: atDepth(60, 500) },
    );
  }, 120_000);
});

/** Linode's 404 is one of the outcomes. */
function noSuchImage(error: unknown): void {
  if ((error as { status?: number }).status !== 404) throw error;
}
