import type { LinodeClient } from '../../linode/client/client.js';
import { getRegions, type LinodeRegion } from '../../linode/api/regions.js';
import { completeRows } from '../../linode/api/page.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import { CachedRead } from './cachedRead.js';

const FRESH_FOR_MS = 5 * 60_000;
/** Regions hardly ever change: an hour-old list is better than none. */
const SERVES_FOR_MS = 60 * 60_000;

/** Linode's regions, the same for everybody: one call without a token in five minutes. */
export class Regions {
  readonly #regions: CachedRead<readonly LinodeRegion[]>;

  /** @param linode the anonymous caller's */
  constructor(
    private readonly linode: LinodeClient,
    requestTimeoutMs: number,
    sequence: Sequence,
  ) {
    const rule = {
      freshForMs: FRESH_FOR_MS,
      servesForMs: SERVES_FOR_MS,
      requestTimeoutMs,
      heedsClient: false,
    };
    this.#regions = new CachedRead(rule, sequence);
  }

  /**
   * All regions; the same array while it is fresh.
   * @throws {LinodeError} when they can't be listed and what is known is too old to serve
   */
  list(reading: Reading): Promise<readonly LinodeRegion[]> {
    return this.#regions.read(reading, async (terms) =>
      completeRows(await getRegions(this.linode, terms), '/regions'),
    );
  }
}
