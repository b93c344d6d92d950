import type { CallTerms } from '../../linode/client/client.js';
import { isOutage, LinodeForbidden, LinodeRefused } from '../../linode/errors.js';
import { isLiveShareUsed, type Reading } from '../reading.js';
import { positionAt, type Moment, type Sequence } from '../sequence.js';
import type { Fetched, FetchScope, SharedFetches } from '../sharing/sharedFetches.js';
import type { SingleFlight } from '../singleFlight.js';

export interface CachingRule {
  /** For how long a response is fresh, in ms. */
  freshForMs: number;
  /** How old a response may be that is served stale when it cannot be refreshed, in ms. */
  staleIfErrorMs: number;
  /** Whether a client's `no-cache` and `max-age` apply; not where all callers share one budget. */
  honoursClient: boolean;
}

/** Positions in the sequence that decide which cached responses may be used. */
export interface Validity {
  /** A response that was fetched before must not be used at all. */
  clearedAt: number;
  /** A response that another process fetched before must not be used at all. */
  refusedAt: number;
  /** A response that was fetched before is not fresh, and can only be served stale. */
  invalidSince: number;
}

const ALWAYS_VALID: Validity = { clearedAt: 0, refusedAt: 0, invalidSince: 0 };

/** For how long a failed refresh is not tried again while something older can be served, in ms. */
const BACK_OFF_MS = 5000;

type Outcome<T> = { value: T } | { refusal: Error };

/** The cached response to one request, fetched once for all operations that need it. A refusal is cached too. */
export class CachedRead<T> {
  #cached: { outcome: Outcome<T>; began: Moment } | undefined;
  #retryAt = 0;

  /** @param key of its fetches in `flights` */
  constructor(
    private readonly rule: CachingRule,
    private readonly sequence: Sequence,
    private readonly flights: SingleFlight<Fetched<T>>,
    private readonly key: string,
    /** Absent: no other process fetches this. */
    private readonly shared?: { fetches: SharedFetches; scope: FetchScope } | undefined,
  ) {}

  /**
   * The cached response, if it is fresh, no refusal, and older than the reading: what one operation costs must not
   * depend on which of its own reads ends first.
   */
  peek(reading: Reading, { clearedAt, invalidSince }: Validity): T | undefined {
    if (!this.#cached || !('value' in this.#cached.outcome)) return undefined;
    const { began, outcome } = this.#cached;
    const now = this.sequence.now();
    const ageMs = now - began.at;
    if (began.seq <= Math.max(clearedAt, invalidSince) || began.seq >= reading.began.seq) return undefined;
    if (ageMs > this.rule.freshForMs || !this.#accepts(began, reading, now)) return undefined;
    reading.noteFresh('hit', ageMs, this.rule.freshForMs - ageMs);
    return outcome.value;
  }

  /** @throws {LinodeError} when Linode refuses, or fails and the cached response is too old to serve */
  async read(
    reading: Reading,
    fetch: (terms: CallTerms) => Promise<T>,
    { clearedAt, refusedAt, invalidSince }: Validity = ALWAYS_VALID,
  ): Promise<T> {
    const now = this.sequence.now();
    const cached = this.#cached && this.#cached.began.seq > clearedAt ? this.#cached : undefined;
    const ageMs = cached ? now - cached.began.at : Infinity;
    const isFresh = cached && cached.began.seq > invalidSince && ageMs <= this.rule.freshForMs;
    if (isFresh && this.#accepts(cached.began, reading, now)) {
      reading.noteFresh('hit', ageMs, this.rule.freshForMs - ageMs);
      return settle(cached.outcome);
    }
    const stale =
      cached && 'value' in cached.outcome && ageMs <= this.rule.staleIfErrorMs ? cached.outcome : undefined;
    if (stale && now < this.#retryAt) {
      reading.noteStale(ageMs);
      return stale.value;
    }
    try {
      const { value, began } = await this.#refresh(
        reading,
        fetch,
        Math.max(this.shared ? refusedAt : clearedAt, invalidSince),
      );
      // What another process fetched may have begun before this reading.
      const begunBeforeMs = Math.max(0, now - began.at);
      const takenMs = this.sequence.now() - now;
      reading.noteFresh('miss', takenMs + begunBeforeMs, this.rule.freshForMs - begunBeforeMs);
      return value;
    } catch (error) {
      if (!stale || !isOutage(error)) throw error;
      if (!isLiveShareUsed(error, reading)) reading.noteStale(ageMs);
      return stale.value;
    }
  }

  #accepts(began: Moment, reading: Reading, now: number): boolean {
    return !this.rule.honoursClient || reading.accepts(began, now);
  }

  #refresh(
    reading: Reading,
    fetch: (terms: CallTerms) => Promise<T>,
    validSince: number,
  ): Promise<Fetched<T>> {
    const since = Math.max(validSince, this.#acceptedSince(reading));
    return this.flights.join(this.key, reading, since, async (terms, began) => {
      try {
        const fetched = await this.#share(() => fetch(terms), since, terms, began);
        this.#cached = { outcome: { value: fetched.value }, began: fetched.began };
        return fetched;
      } catch (error) {
        if (error instanceof LinodeForbidden || error instanceof LinodeRefused) {
          this.#cached = { outcome: { refusal: error }, began };
        } else if (isOutage(error) && !isLiveShareUsed(error, reading)) {
          this.#retryAt = this.sequence.now() + BACK_OFF_MS;
        }
        throw error;
      }
    });
  }

  /** The position after which a fetch must have begun to be what the client accepts. */
  #acceptedSince({ maxAgeMs, began }: Reading): number {
    if (!this.rule.honoursClient || maxAgeMs === undefined) return 0;
    if (maxAgeMs === 0) return began.seq;
    return this.shared ? positionAt(this.sequence.now() - maxAgeMs) : 0;
  }

  async #share(fetch: () => Promise<T>, since: number, terms: CallTerms, began: Moment): Promise<Fetched<T>> {
    if (!this.shared) return { value: await fetch(), began };
    const { fetches, scope } = this.shared;
    const freshSince = positionAt(began.at - this.rule.freshForMs);
    return fetches.share(scope, Math.max(since, freshSince), terms, began, fetch);
  }
}

function settle<T>(outcome: Outcome<T>): T {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.value;
}
