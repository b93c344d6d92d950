import type { Reading } from '../catalog/reading.js';
import type { Sequence } from '../catalog/sequence.js';
import { SingleFlight } from '../catalog/singleFlight.js';
import type { CallTerms } from '../linode/client/client.js';

/** Questions under way: who asks the same meanwhile waits for the same answer. */
export class SharedAsks {
  readonly #flights: SingleFlight<unknown>;

  constructor(sequence: Sequence, timeoutMs: number) {
    this.#flights = new SingleFlight(sequence, { timeoutMs, settlesAfterTimeout: true });
  }

  /** @param key names the question and all that its answer depends on */
  ride<T>(key: string, reading: Reading, ask: (terms: CallTerms) => Promise<T>): Promise<T> {
    return this.#flights.join(key, reading, 0, ask) as Promise<T>;
  }
}
