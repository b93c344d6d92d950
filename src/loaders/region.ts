import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { LinodeRegion } from '../linode/api/regions.js';

/** Regions, which all operations share. */
export interface RegionLoaders {
  all(): Promise<readonly LinodeRegion[]>;
  /** The region of this slug, null when there is none. */
  one(slug: string): Promise<LinodeRegion | null>;
}

export function createRegionLoaders({ regions: shared }: SharedCatalogs, reading: Reading): RegionLoaders {
  let all: Promise<readonly LinodeRegion[]> | undefined;
  const regions = (): Promise<readonly LinodeRegion[]> => (all ??= shared.list(reading));
  return {
    all: regions,
    one: async (slug) => (await regions()).find(({ id }) => id === slug) ?? null,
  };
}
