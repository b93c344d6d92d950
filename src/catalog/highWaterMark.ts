import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import type { Sharing } from './sharing/sharing.js';
import type { Caller } from '../linode/caller.js';

const MAX_MARKS = 10_000;
const TTL_MS = 24 * 60 * 60_000;

/**
 * The highest percentage that each caller has seen of each job. Linode's percentages fall at times (83, 87, 90, 0, 0,
 * 100), and a client that polls would see its progress bar go backwards.
 */
export class HighWaterMark {
  readonly #marks: LRUCache<string, number>;

  /** @param sharing the other processes, whose callers have seen percentages too; absent: there are none */
  constructor(
    clock: Clock,
    private readonly sharing?: Pick<Sharing, 'reach'> | undefined,
  ) {
    this.#marks = new LRUCache({ max: MAX_MARKS, ttl: TTL_MS, perf: clock, ttlResolution: 0 });
  }

  /** The percentage, or a higher one that was reached before; null as long as none is known. */
  async reach(caller: Caller, job: string, percent: number | null): Promise<number | null> {
    const key = `${caller.key} ${job}`;
    const shared = this.sharing && (await this.sharing.reach(caller.key, job, percent));
    const own = this.#marks.get(key);
    const mark = shared && shared > (own ?? -1) ? shared : own;
    if (percent === null || (mark !== undefined && mark >= percent)) return mark ?? null;
    this.#marks.set(key, percent);
    return percent;
  }
}
