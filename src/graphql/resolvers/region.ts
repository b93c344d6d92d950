import type { QueryResolvers, Region, RegionStatus } from '../../generated/graphql.js';
import type { LinodeRegion } from '../../linode/api/regions.js';
import type { GraphQLContext } from '../context.js';
import { globalId, toRegionSlug } from '../models/globalId.js';
import { wordOf } from '../models/enumWords.js';

/** A region in the schema's words. */
export type RegionModel = Required<Region>;

const STATUSES: Record<string, RegionStatus> = { ok: 'OK', outage: 'OUTAGE' };

export const toRegion = (region: LinodeRegion): RegionModel => ({
  __typename: 'Region',
  id: globalId.region(region.id),
  slug: region.id,
  label: region.label,
  country: region.country,
  status: wordOf(STATUSES, region.status),
  capabilities: region.capabilities,
});

/** One region by its slug or global ID; null, without a call, for what can't be one's. */
export async function findRegion(id: string, { loaders }: GraphQLContext): Promise<RegionModel | null> {
  const slug = toRegionSlug(id);
  const region = slug === undefined ? null : await loaders.regions.one(slug);
  return region && toRegion(region);
}

export const regionQueries: Pick<QueryResolvers, 'region' | 'regions'> = {
  region: (_, { id }, context) => findRegion(id, context),
  regions: async (_, __, { loaders }) => (await loaders.regions.all()).map(toRegion),
};
