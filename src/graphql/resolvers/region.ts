import type { QueryResolvers } from '../../generated/resolvers.js';
import type { GraphQLContext } from '../context.js';
import { toRegionSlug } from '../models/globalId.js';
import { toRegion, type RegionModel } from '../models/region.js';

/** One region by its slug or global ID; null without a call if it can be neither. */
export async function findRegion(
  id: string,
  { loaders, imageRegionsExcept }: GraphQLContext,
): Promise<RegionModel | null> {
  const slug = toRegionSlug(id);
  const region = slug === undefined ? null : await loaders.regions.one(slug);
  return region && toRegion(region, imageRegionsExcept);
}

export const regionQueries: Pick<QueryResolvers, 'region' | 'regions'> = {
  region: (_, { id }, context) => findRegion(id, context),
  regions: async (_, __, { loaders, rowErrors, imageRegionsExcept }, info) => {
    const { rows, unreadable } = await loaders.regions.all();
    rowErrors.report(unreadable, info);
    return rows.map((region) => toRegion(region, imageRegionsExcept));
  },
};
