import type { Region, RegionSiteType, RegionStatus } from '../../generated/schema.js';
import type { LinodeRegion } from '../../linode/api/regions.js';
import { enumValueOf } from './enumValues.js';
import { globalId } from './globalId.js';

/** A region in the schema's words. */
export type RegionModel = Required<Region>;

const STATUSES: Record<string, RegionStatus> = { ok: 'OK', outage: 'OUTAGE' };

const SITE_TYPES: Record<string, RegionSiteType> = { core: 'CORE', distributed: 'DISTRIBUTED' };

/** @param imageRegionsExcept slugs of regions that do not store images although they offer Object Storage */
export const toRegion = (region: LinodeRegion, imageRegionsExcept: readonly string[]): RegionModel => ({
  __typename: 'Region',
  id: globalId.region(region.id),
  slug: region.id,
  label: region.label,
  country: region.country,
  status: enumValueOf(STATUSES, region.status),
  capabilities: region.capabilities,
  siteType: enumValueOf(SITE_TYPES, region.site_type ?? ''),
  // All sites of v4.176, which sends no type, are core.
  keepsImages:
    (region.site_type === null || region.site_type === 'core') &&
    region.capabilities.includes('Object Storage') &&
    !imageRegionsExcept.includes(region.id),
});
