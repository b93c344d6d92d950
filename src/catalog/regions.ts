import type { CallTerms, LinodeClient, UpstreamCall } from '../linode/client.js';
import { LinodeError } from '../linode/errors.js';
import { getRegions, type LinodeRegion } from '../linode/regions.js';
import { Flight } from './flight.js';
import type { Reading } from './reading.js';
import type { Sequence } from './sequence.js';

const FRESH_FOR_MS = 5 * 60_000;
/** Regions hardly ever change: an hour-old list is better than none. */
const SERVES_FOR_MS = 60 * 60_000;
const RETRY_AFTER_MS = 5000;

/** Linode's regions, the same for everybody: one call without a token in five minutes. */
export class Regions {
  #known: { regions: readonly LinodeRegion[]; at: number } | undefined;
  #flight: Flight<readonly LinodeRegion[]> | undefined;
  /** The calls of that flight, for all who wait for it. */
  #calls: UpstreamCall[] = [];
  #retryAt = 0;

  /** @param linode the anonymous caller's */
  constructor(
    private readonly linode: LinodeClient,
    private readonly requestTimeoutMs: number,
    private readonly sequence: Sequence,
  ) {}

  /**
   * All regions; the same array while it is fresh.
   * @throws {LinodeError} when they can't be listed and what is known is too old to serve
   */
  async list(reading: Reading): Promise<readonly LinodeRegion[]> {
    const known = this.#known;
    const ageMs = known ? this.#now - known.at : Infinity;
    if (known && ageMs <= FRESH_FOR_MS) return known.regions;
    const mayServe = known && ageMs <= SERVES_FOR_MS;
    if (mayServe && this.#now < this.#retryAt) {
      reading.noteStale(ageMs);
      return known.regions;
    }
    try {
      return await this.#refresh(reading);
    } catch (error) {
      if (!mayServe || !(error instanceof LinodeError)) throw error;
      reading.noteStale(ageMs);
      return known.regions;
    }
  }

  get #now(): number {
    return this.linode.clock.now();
  }

  async #refresh(reading: Reading): Promise<readonly LinodeRegion[]> {
    const flight = this.#flight && !this.#flight.isOver ? this.#flight : this.#takeOff();
    const calls = this.#calls;
    try {
      return await flight.join(reading.terms.signal);
    } finally {
      reading.noteCalls(calls);
    }
  }

  #takeOff(): Flight<readonly LinodeRegion[]> {
    const calls: UpstreamCall[] = [];
    const deadlineAt = this.#now + this.requestTimeoutMs;
    this.#calls = calls;
    this.#flight = new Flight(this.sequence.next(), (signal) =>
      this.#fetch({ deadlineAt, signal, onCall: (call) => calls.push(call) }),
    );
    return this.#flight;
  }

  async #fetch(terms: CallTerms): Promise<readonly LinodeRegion[]> {
    const at = this.#now;
    try {
      const regions = await getRegions(this.linode, terms);
      this.#known = { regions, at };
      return regions;
    } catch (error) {
      this.#retryAt = this.#now + RETRY_AFTER_MS;
      throw error;
    }
  }
}
