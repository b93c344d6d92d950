import { Flight } from '../catalog/flight.js';
import type { Reading } from '../catalog/reading.js';
import type { Sequence } from '../catalog/sequence.js';
import type { CallTerms } from '../linode/client/client.js';

/** Questions under way: who asks the same meanwhile waits for the same answer. */
export class SharedAsks {
  readonly #flights = new Map<string, Flight<unknown>>();

  constructor(
    private readonly sequence: Sequence,
    private readonly timeoutMs: number,
  ) {}

  /** @param key names the question and all that its answer depends on */
  ride<T>(key: string, reading: Reading, ask: (terms: CallTerms) => Promise<T>): Promise<T> {
    const underWay = this.#flights.get(key) as Flight<T> | undefined;
    if (underWay && !underWay.isOver) return underWay.ride(reading, false);
    const flight = new Flight<T>(this.sequence.moment(), this.timeoutMs, ask, true);
    this.#flights.set(key, flight);
    flight.onEnd(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    return flight.ride(reading, true);
  }
}
