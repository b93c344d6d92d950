import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { Caller } from '../../linode/caller.js';

const MAX_KINDS = 10_000;
/** What Linode refuses today it may accept again: a filter on `image` was broken for weeks once. */
const TTL_MS = 60 * 60_000;

/** Which kinds of `X-Filter` Linode has refused to which callers, so that they are not sent again and again. */
export class RefusedFilters {
  readonly #kinds: LRUCache<string, true>;

  constructor(clock: Clock) {
    this.#kinds = new LRUCache({ max: MAX_KINDS, ttl: TTL_MS, perf: clock, ttlResolution: 0 });
  }

  has(caller: Caller, kind: string): boolean {
    return this.#kinds.has(`${caller.key} ${kind}`);
  }

  add(caller: Caller, kind: string): void {
    this.#kinds.set(`${caller.key} ${kind}`, true);
  }
}
