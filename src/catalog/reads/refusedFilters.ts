import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { Caller } from '../../linode/caller.js';

const MOST = 10_000;
/** What Linode refuses today it may take again: a filter on `image` was broken for weeks once. */
const REFUSED_FOR_MS = 60 * 60_000;

/** Which kinds of `X-Filter` Linode refused to which callers, so that none is tried again and again. */
export class RefusedFilters {
  readonly #kinds: LRUCache<string, true>;

  constructor(clock: Clock) {
    this.#kinds = new LRUCache({ max: MOST, ttl: REFUSED_FOR_MS, perf: clock, ttlResolution: 0 });
  }

  has(caller: Caller, kind: string): boolean {
    return this.#kinds.has(`${caller.key} ${kind}`);
  }

  add(caller: Caller, kind: string): void {
    this.#kinds.set(`${caller.key} ${kind}`, true);
  }
}
