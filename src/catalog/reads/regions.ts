import type { LinodeClient } from '../../linode/client/client.js';
import { getRegions, type LinodeRegion } from '../../linode/api/regions.js';
import type { LinodeList } from '../../linode/api/page.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import type { Fetched, SharedFetches } from '../sharing/sharedFetches.js';
import { SingleFlight } from '../singleFlight.js';
import { CachedRead } from './cachedRead.js';

/** Regions hardly ever change: an hour-old list is better than none. */
const RULE = { freshForMs: 5 * 60_000, staleIfErrorMs: 60 * 60_000, honoursClient: false };

/** Linode's regions, which are the same for all callers: one call without a token in five minutes. */
export class Regions {
  readonly #regions: CachedRead<LinodeList<LinodeRegion>>;

  /** @param linode the anonymous caller's */
  constructor(
    private readonly linode: LinodeClient,
    timeoutMs: number,
    sequence: Sequence,
    fetches?: SharedFetches | undefined,
  ) {
    const flights = new SingleFlight<Fetched<LinodeList<LinodeRegion>>>(sequence, {
      timeoutMs,
      isShared: fetches !== undefined,
    });
    const scope = { callerKey: linode.caller.key, changesWithImages: false, name: 'regions' };
    this.#regions = new CachedRead(RULE, sequence, flights, 'regions', fetches && { fetches, scope });
  }

  /**
   * All regions; the same object while it is fresh.
   * @throws {LinodeError} when they cannot be listed and the cached ones are too old to serve
   */
  list(reading: Reading): Promise<LinodeList<LinodeRegion>> {
    return this.#regions.read(reading, (terms) => getRegions(this.linode, terms));
  }
}
