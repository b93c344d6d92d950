import type { Reading } from '../catalog/reading.js';
import type { Clock } from '../clock.js';
import type { CallTerms } from '../linode/client/client.js';
import type { Came, WireTerms } from './messages.js';

/** A worker's readings, as far as the primary must know of them. */
export class WireReadings {
  /** When a reading began, in the primary's order. */
  readonly #since = new WeakMap<Reading, number>();

  constructor(private readonly clock: Clock) {}

  /** @param terms of the question itself, which may outlive the one who asked first */
  termsOf(reading: Reading, terms: CallTerms): WireTerms {
    return {
      deadlineInMs: terms.deadlineAt - this.clock.now(),
      maxAgeMs: reading.maxAgeMs,
      since: this.#since.get(reading),
      ...(reading.terms.priority && { priority: reading.terms.priority }),
    };
  }

  /** Whoever wants things anew shares no question: another one may have been put before it began. */
  keyOf({ maxAgeMs, began, terms }: Reading): string {
    const { priority = '' } = terms;
    return maxAgeMs === 0 ? `anew ${began.seq}` : `${maxAgeMs} ${priority}`;
  }

  /** Notes what the primary's reads came to. */
  note(reading: Reading, { since, results, ageMs, staleAgeMs, freshForMs }: Came): void {
    if (!this.#since.has(reading)) this.#since.set(reading, since);
    for (const result of results) {
      if (result === 'stale') reading.noteStale(staleAgeMs ?? ageMs);
      else reading.noteFresh(result, ageMs, freshForMs);
    }
  }
}
