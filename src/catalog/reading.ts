import type { CallTerms, UpstreamCall } from '../linode/client/client.js';
import { LinodeRateLimited } from '../linode/errors.js';
import type { Moment } from './sequence.js';

export type CacheResult = 'hit' | 'miss' | 'stale';

/** An operation's concurrency slot, released while it only waits for a fetch of another operation. */
export interface Slot {
  leave(): void;
  enter(): void;
}

/** The reads of one operation: on what terms they are made, how fresh their results are and what they cost. */
export class Reading {
  /** The upstream calls that its results come from, shared ones included. */
  readonly calls: UpstreamCall[] = [];
  readonly results = new Set<CacheResult>();
  /** The age of the oldest result, in ms. */
  ageMs = 0;
  /** The age of the oldest stale result, in ms; undefined if none is stale. */
  staleAgeMs: number | undefined;
  /** For how many ms more all results are fresh. */
  freshForMs = Infinity;
  /** Whether all results are settled images, so that they stay fresh as long as the catalog's list with that version. */
  isOfVersion = true;

  #ownFetches = 0;
  #sharedFetches = 0;

  /** Upstream calls on these terms are recorded in `calls`. */
  readonly terms: CallTerms;

  constructor(
    readonly began: Moment,
    terms: CallTerms,
    /** The oldest result that the client accepts, in ms: 0 for `no-cache`, undefined for the gateway's settings. */
    readonly maxAgeMs: number | undefined,
    private readonly slot?: Slot | undefined,
  ) {
    this.terms = { ...terms, onCall: (call) => this.calls.push(call) };
  }

  /** Whether the client accepts what was fetched at that moment. */
  accepts(fetched: Moment, now: number): boolean {
    if (this.maxAgeMs === undefined) return true;
    if (this.maxAgeMs === 0) return fetched.seq > this.began.seq;
    return now - fetched.at <= this.maxAgeMs;
  }

  noteFresh(result: 'hit' | 'miss', ageMs: number, freshForMs: number, isOfVersion = false): void {
    this.isOfVersion &&= isOfVersion;
    this.results.add(result);
    this.ageMs = Math.max(this.ageMs, ageMs);
    this.freshForMs = Math.min(this.freshForMs, Math.max(0, freshForMs));
  }

  noteStale(ageMs: number): void {
    this.results.add('stale');
    this.ageMs = Math.max(this.ageMs, ageMs);
    this.staleAgeMs = Math.max(this.staleAgeMs ?? 0, ageMs);
    this.freshForMs = 0;
  }

  /** Waits for a fetch that this operation started, or one that it shares. */
  async waitFor<T>(fetch: Promise<T>, { isOwn }: { isOwn: boolean }): Promise<T> {
    this.#count(isOwn, 1);
    try {
      return await fetch;
    } finally {
      this.#count(isOwn, -1);
    }
  }

  #count(isOwn: boolean, by: 1 | -1): void {
    if (isOwn) this.#ownFetches += by;
    else this.#sharedFetches += by;
    if (this.#sharedFetches > 0 && this.#ownFetches === 0) this.slot?.leave();
    else this.slot?.enter();
  }

  noteCalls(calls: readonly UpstreamCall[]): void {
    for (const call of calls) if (!this.calls.includes(call)) this.calls.push(call);
  }
}

/**
 * Whether a read for subscriptions failed only because their share of the budget is used up. That is no outage: what
 * is known stays as it is, and other operations are not to wait for it.
 */
export const isLiveShareUsed = (error: unknown, { terms }: Reading): boolean =>
  terms.priority === 'live' && error instanceof LinodeRateLimited && !error.sent;
