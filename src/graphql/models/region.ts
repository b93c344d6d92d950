import type { Region, RegionStatus } from '../../generated/schema.js';
import type { LinodeRegion } from '../../linode/api/regions.js';
import { enumValueOf } from './enumValues.js';
import { globalId } from './globalId.js';

/** A region in the schema's words. */
export type RegionModel = Required<Region>;

const STATUSES: Record<string, RegionStatus> = { ok: 'OK', outage: 'OUTAGE' };

export const toRegion = (region: LinodeRegion): RegionModel => ({
  __typename: 'Region',
  id: globalId.region(region.id),
  slug: region.id,
  label: region.label,
  country: region.country,
  status: enumValueOf(STATUSES, region.status),
  capabilities: region.capabilities,
});
