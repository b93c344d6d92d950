import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';

const MOST = 10_000;
const KEPT_FOR_MS = 24 * 60 * 60_000;

/**
 * The highest percent that a caller was told of each piece of work. Linode's percents run backwards at times
 * (83, 87, 90, 0, 0, 100), and who polls asks each time anew.
 */
export class HighWater {
  readonly #marks: LRUCache<string, number>;

  constructor(clock: Clock) {
    this.#marks = new LRUCache({ max: MOST, ttl: KEPT_FOR_MS, perf: clock, ttlResolution: 0 });
  }

  /** The percent, or the higher one that was told before; null as long as none is known. */
  async reach(caller: Caller, work: string, percent: number | null): Promise<number | null> {
    const key = `${caller.key} ${work}`;
    const mark = this.#marks.get(key);
    if (percent === null || (mark !== undefined && mark >= percent)) return mark ?? null;
    this.#marks.set(key, percent);
    return percent;
  }
}
