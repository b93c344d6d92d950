import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Catalogs } from '../../../src/catalog/catalogs.js';
import { callerOf } from '../../../src/linode/caller.js';
import { CircuitBreaker } from '../../../src/linode/client/circuitBreaker.js';
import type { LinodeImage } from '../../../src/linode/api/images.js';
import { RateBudgets } from '../../../src/linode/client/rateBudgets.js';
import { LinodeError } from '../../../src/linode/errors.js';
import { RetryBudget } from '../../../src/linode/client/retry.js';
import { atDepth } from '../../support/depth.js';
import { manualClock } from '../../support/manualClock.js';
import { ModelUpstream } from '../../support/modelUpstream.js';

type Action = 'list' | 'refresh list' | 'view' | 'refresh view' | 'create' | 'update' | 'delete' | 'wait';

/** What the caller may rely on: versions that its finished writes reached, and what they deleted. */
class Promises {
  readonly reached = new Map<string, number>();
  readonly deleted = new Set<string>();

  snapshot(): Promises {
    const copy = new Promises();
    for (const [id, version] of this.reached) copy.reached.set(id, version);
    for (const id of this.deleted) copy.deleted.add(id);
    return copy;
  }

  wrote(image: LinodeImage): void {
    this.reach(image.id, versionOf(image));
  }

  reach(id: string, version: number): void {
    this.reached.set(id, Math.max(this.reached.get(id) ?? 0, version));
  }
}

const versionOf = (image: LinodeImage): number => Number(image.label.slice(1));

const actions = fc.array(
  fc.record({
    action: fc.constantFrom<Action>(
      'list',
      'refresh list',
      'view',
      'refresh view',
      'create',
      'update',
      'delete',
      'wait',
    ),
    image: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 2, maxLength: 14 },
);

describe('reads and writes in any interleaving', () => {
  it('never show a caller a state older than its own last finished write, and end up equal to Linode', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        actions,
        fc.integer({ min: 0, max: 3 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
        async (scheduler, plan, initial, lost) => {
          const clock = manualClock();
          const upstream = new ModelUpstream(scheduler, initial, lost);
          const catalogs = new Catalogs(
            {
              transport: upstream,
              circuitBreaker: new CircuitBreaker(clock),
              rateBudgets: new RateBudgets(clock),
              retryBudget: new RetryBudget(clock),
              clock,
              random: () => 0.5,
              userAgent: 'test',
            },
            {
              maxAgeMs: 5000,
              anonymousMaxAgeMs: 60_000,
              staleIfErrorMs: 600_000,
              requestTimeoutMs: 10_000,
              maxCallers: 10,
              maxBytes: 1e9,
            },
          );
          const caller = callerOf('alice');
          const catalog = () => catalogs.of(caller);
          const { signal } = new AbortController();
          setMaxListeners(0, signal);
          const terms = { deadlineAt: Infinity, signal };
          const promises = new Promises();
          const gone = new Set<string>();

          const check = (images: readonly LinodeImage[], owed: Promises, all: boolean): void => {
            const seen = new Map(images.map((image) => [image.id, versionOf(image)]));
            for (const id of owed.deleted) expect(seen.has(id)).toBe(false);
            for (const [id, version] of owed.reached) {
              if (seen.has(id)) expect(seen.get(id)).toBeGreaterThanOrEqual(version);
              else if (all) expect(gone.has(id)).toBe(true);
            }
          };

          const act = async ({ action, image }: { action: Action; image: number }): Promise<void> => {
            const id = `private/${image}`;
            if (action === 'wait') return clock.advance(1000 * image);
            if (action === 'create') {
              const made = catalog().create({ disk_id: 1 }, terms);
              return made.then(
                (one) => promises.wrote(one),
                (error: unknown) => promises.wrote(lostBody(error)),
              );
            }
            if (action === 'update') {
              const put = catalog().update(id, { label: 'x' }, terms);
              return put.then(
                (one) => promises.wrote(one),
                // Whatever has become of it, later reads see it.
                (error: unknown) => {
                  if (isMissing(error as Error) || isMissing(lostBody(error))) return;
                  const version = upstream.images.get(id);
                  if (version !== undefined) promises.reach(id, version);
                },
              );
            }
            if (action === 'delete') {
              gone.add(id);
              const dropped = catalog().delete(id, terms);
              return dropped.then(
                () => void promises.deleted.add(id),
                (error: unknown) => {
                  if (isMissing(error as Error) || isMissing(lostBody(error))) return;
                  promises.deleted.add(id);
                },
              );
            }
            const owed = promises.snapshot();
            const reading = catalogs.reading(terms, action.startsWith('refresh') ? 0 : undefined);
            if (action.endsWith('list')) return check(await catalog().list(reading), owed, true);
            const [one] = await catalog().get([id], reading);
            if (one instanceof Error) throw one;
            if (owed.deleted.has(id)) expect(one).toBeNull();
            const version = owed.reached.get(id);
            if (version !== undefined && one) expect(versionOf(one)).toBeGreaterThanOrEqual(version);
            if (version !== undefined && !one) expect(gone.has(id)).toBe(true);
          };

          // Actions begin in their order, each whenever the scheduler lets it; none waits for the one before.
          const acts = plan.map((step, i) =>
            scheduler.schedule(Promise.resolve(), `action ${i}`).then(() => act(step)),
          );
          await scheduler.waitFor(Promise.all(acts));

          clock.advance(120_000);
          const last = await scheduler.waitFor(catalog().list(catalogs.reading(terms, undefined)));
          expect(new Map(last.map((image) => [image.id, versionOf(image)]))).toEqual(upstream.images);
          catalogs.close();
        },
      ),
      { numRuns: atDepth(300, 3000) },
    );
  }, 120_000);
});

/** Linode's 404 is one of the outcomes. */
const isMissing = (response: LinodeError | LinodeImage | object): boolean =>
  'errors' in response || (response instanceof LinodeError && response.status === 404);

/** The body of the response that was lost: what the write did, although the caller cannot know. */
function lostBody(error: unknown): LinodeImage {
  if (!(error instanceof LinodeError) || !error.outcomeUnknown) throw error;
  return error.cause as LinodeImage;
}
