import type { Reading } from '../catalog/reading.js';
import type { Sequence } from '../catalog/sequence.js';
import type { LinodeList } from '../linode/api/page.js';
import type { LinodeRegion } from '../linode/api/regions.js';
import type { Asker } from './asker.js';
import { SharedAsks } from './sharedAsks.js';
import type { WireReadings } from './wireReading.js';

/** What a worker holds of Linode's regions, while they are fresh. */
export class ReplicaRegions {
  #known: { regions: LinodeList<LinodeRegion>; askedAt: number; freshUntil: number } | undefined;
  readonly #asks: SharedAsks;

  constructor(
    private readonly asker: Asker,
    private readonly readings: WireReadings,
    private readonly sequence: Sequence,
    requestTimeoutMs: number,
  ) {
    this.#asks = new SharedAsks(sequence, requestTimeoutMs);
  }

  async list(reading: Reading): Promise<LinodeList<LinodeRegion>> {
    const { at: now } = this.sequence.moment();
    const known = this.#known;
    if (known && now <= known.freshUntil) {
      reading.noteFresh('hit', now - known.askedAt, known.freshUntil - now);
      return known.regions;
    }
    const { regions, came } = await this.#asks.ride('regions', reading, async (terms) => {
      const question = { token: null, terms: this.readings.termsOf(reading, terms) };
      const answer = await this.asker.ask('regions', question, terms);
      const { ageMs, freshForMs } = answer.came;
      const { at } = this.sequence.moment();
      this.#known = { regions: answer.regions, askedAt: at - ageMs, freshUntil: at + freshForMs };
      return answer;
    });
    this.readings.note(reading, came);
    return regions;
  }
}
