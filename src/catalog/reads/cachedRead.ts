import type { CallTerms } from '../../linode/client/client.js';
import { isOutage, LinodeForbidden, LinodeRefused } from '../../linode/errors.js';
import { Flight } from '../flight.js';
import type { Reading } from '../reading.js';
import type { Moment, Sequence } from '../sequence.js';

export interface SharingRule {
  /** For how long an answer is fresh, in ms. */
  freshForMs: number;
  /** How old an answer may be that serves while the API falters, in ms. */
  servesForMs: number;
  /** How long the fetch may take, in ms. */
  requestTimeoutMs: number;
  /** Whether a client's `no-cache` and `max-age` are heeded; not where all share one budget. */
  heedsClient: boolean;
}

/** For how long a failed refresh is not tried again while something older serves. */
const BACK_OFF_MS = 5000;

type Outcome<T> = { value: T } | { refusal: Error };

/** The answer to one question, fetched once for all who ask within its freshness. A refusal is an answer too. */
export class CachedRead<T> {
  #known: { outcome: Outcome<T>; began: Moment } | undefined;
  #flight: Flight<T> | undefined;
  #retryAt = 0;

  constructor(
    private readonly rule: SharingRule,
    private readonly sequence: Sequence,
  ) {}

  /** @throws {LinodeError} when Linode says no, or falters and what is known is too old to serve */
  async read(reading: Reading, fetch: (terms: CallTerms) => Promise<T>): Promise<T> {
    const { at: now } = this.sequence.moment();
    const known = this.#known;
    const ageMs = known ? now - known.began.at : Infinity;
    if (known && ageMs <= this.rule.freshForMs && this.#accepts(known.began, reading)) {
      reading.noteFresh('hit', ageMs, this.rule.freshForMs - ageMs);
      return settle(known.outcome);
    }
    const serves =
      known && 'value' in known.outcome && ageMs <= this.rule.servesForMs ? known.outcome : undefined;
    if (serves && now < this.#retryAt) {
      reading.noteStale(ageMs);
      return serves.value;
    }
    try {
      const value = await this.#fetch(reading, fetch);
      reading.noteFresh('miss', this.sequence.moment().at - now, this.rule.freshForMs);
      return value;
    } catch (error) {
      if (!serves || !isOutage(error)) throw error;
      reading.noteStale(ageMs);
      return serves.value;
    }
  }

  /** Joins a fetch that is new enough for the reading, or waits for it to end and starts one. */
  async #fetch(reading: Reading, fetch: (terms: CallTerms) => Promise<T>): Promise<T> {
    for (;;) {
      const flight = this.#flight;
      if (!flight || flight.isOver) return this.#takeOff(fetch).ride(reading, true);
      const isNewEnough =
        !this.rule.heedsClient || reading.maxAgeMs !== 0 || flight.began.seq > reading.began.seq;
      if (isNewEnough) return flight.ride(reading, false);
      await reading.waitFor(flight.end(reading.terms.signal), { isOwn: false });
    }
  }

  #accepts(began: Moment, reading: Reading): boolean {
    return !this.rule.heedsClient || reading.accepts(began, this.sequence.moment().at);
  }

  #takeOff(fetch: (terms: CallTerms) => Promise<T>): Flight<T> {
    const began = this.sequence.moment();
    this.#flight = new Flight(began, this.rule.requestTimeoutMs, async (terms) => {
      try {
        const value = await fetch(terms);
        this.#known = { outcome: { value }, began };
        return value;
      } catch (error) {
        if (error instanceof LinodeForbidden || error instanceof LinodeRefused) {
          this.#known = { outcome: { refusal: error }, began };
        } else if (isOutage(error)) {
          this.#retryAt = this.sequence.moment().at + BACK_OFF_MS;
        }
        throw error;
      }
    });
    return this.#flight;
  }
}

function settle<T>(outcome: Outcome<T>): T {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.value;
}
