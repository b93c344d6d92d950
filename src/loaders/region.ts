import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { LinodeList } from '../linode/api/page.js';
import type { LinodeRegion } from '../linode/api/regions.js';

import { listInOrder } from './batch.js';

/** Regions, which all operations share. */
export interface RegionLoaders {
  all(): Promise<LinodeList<LinodeRegion>>;
  /** The region of this slug, null when there is none. */
  one(slug: string): Promise<LinodeRegion | null>;
}

export function createRegionLoaders({ regions: shared }: SharedCatalogs, reading: Reading): RegionLoaders {
  let all: Promise<LinodeList<LinodeRegion>> | undefined;
  const regions = (): Promise<LinodeList<LinodeRegion>> => (all ??= shared.list(reading));
  return {
    all: regions,
    one: async (slug) => {
      const [region] = listInOrder([slug], await regions(), ({ id }) => id, '/regions');
      if (region instanceof Error) throw region;
      return region ?? null;
    },
  };
}
