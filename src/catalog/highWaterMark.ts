import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';

const MAX_MARKS = 10_000;
const TTL_MS = 24 * 60 * 60_000;

/**
 * The highest percentage that each caller has seen of each job. Linode's percentages fall at times (83, 87, 90, 0, 0,
 * 100), and a client that polls would see its progress bar go backwards.
 */
export class HighWaterMark {
  readonly #marks: LRUCache<string, number>;

  constructor(clock: Clock) {
    this.#marks = new LRUCache({ max: MAX_MARKS, ttl: TTL_MS, perf: clock, ttlResolution: 0 });
  }

  /** The percentage, or a higher one that was reached before; null as long as none is known. */
  async reach(caller: Caller, job: string, percent: number | null): Promise<number | null> {
    const key = `${caller.key} ${job}`;
    const mark = this.#marks.get(key);
    if (percent === null || (mark !== undefined && mark >= percent)) return mark ?? null;
    this.#marks.set(key, percent);
    return percent;
  }
}
