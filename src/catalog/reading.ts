import type { CallTerms, UpstreamCall } from '../linode/client/client.js';
import type { Moment } from './sequence.js';

export type CacheResult = 'hit' | 'miss' | 'stale';

/** An operation's place among those under way, given up while it only waits for what another one fetches. */
export interface Slot {
  leave(): void;
  enter(): void;
}

/** On what terms one operation reads, and what its reads came to. */
export class Reading {
  /** The upstream calls behind it, those it shared with others included. */
  readonly calls: UpstreamCall[] = [];
  readonly results = new Set<CacheResult>();
  /** The age of the oldest thing it read, in ms. */
  ageMs = 0;
  /** The age of the oldest thing that it read although it should have been refreshed, in ms. */
  staleAgeMs: number | undefined;
  /** For how many ms more all that it read stays fresh. */
  freshForMs = Infinity;
  /** Whether all it read are images that are there and do not move: those of a catalog's version, while that is fresh. */
  isOfVersion = true;

  #ownFetches = 0;
  #sharedFetches = 0;

  /** Calls made on these terms are noted. */
  readonly terms: CallTerms;

  constructor(
    /** When it began. */
    readonly began: Moment,
    terms: CallTerms,
    /** The oldest that the client takes, in ms: 0 for `no-cache`; undefined leaves it to the settings. */
    readonly maxAgeMs: number | undefined,
    private readonly slot?: Slot | undefined,
  ) {
    this.terms = { ...terms, onCall: (call) => this.calls.push(call) };
  }

  /** Whether knowledge of that moment is new enough for the client. */
  accepts(moment: Moment, now: number): boolean {
    if (this.maxAgeMs === undefined) return true;
    if (this.maxAgeMs === 0) return moment.seq > this.began.seq;
    return now - moment.at <= this.maxAgeMs;
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

  /** Waits for a fetch: one of this operation's own, or one that it shares. */
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
