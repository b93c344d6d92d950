import type { LinodeFilter } from '../../generated/schema.js';
import type { LinodeResolvers, QueryResolvers } from '../../generated/resolvers.js';
import { isImageId } from '../../linode/api/imageId.js';
import type { GraphQLContext } from '../context.js';
import { findDisks } from './disk.js';
import { toLinodeNumber } from '../models/globalId.js';
import { toImageId } from '../models/imageId.js';
import { linodeXFilterOf, matchesLinode, matchesNothing } from '../connections/linodeFilter.js';
import { toLinode, type FullLinode, type LinodeEdge, type LinodeModel } from '../models/linode.js';
import { LINODE_ORDER } from '../connections/linodeOrder.js';
import { sortBy } from '../connections/order.js';
import { paginate, windowOf } from '../connections/connection.js';
import { findRegion } from './region.js';

const NONE = { rows: [], unreadable: [] };

/** One Linode by its number or global ID; null without a call if it can be neither. */
export async function findLinode(id: string, { loaders }: GraphQLContext): Promise<FullLinode | null> {
  const number = toLinodeNumber(id);
  const linode = number === undefined ? null : await loaders.linodes.one.load(number);
  return linode && toLinode(linode);
}

export const linodeQueries: Pick<QueryResolvers, 'linode' | 'linodes'> = {
  linode: (_, { id }, context) => findLinode(id, context),
  linodes: async (_, args, { loaders, rowErrors }, info) => {
    const filter = withImageIds(args.filter ?? {});
    const window = windowOf(LINODE_ORDER, args);
    const found = matchesNothing(filter) ? NONE : await loaders.linodes.all(linodeXFilterOf(filter));
    rowErrors.report(found.unreadable, info);
    const linodes = found.rows.map(toLinode).filter(matchesLinode(filter));
    return paginate(sortBy<LinodeModel>(linodes, LINODE_ORDER), window);
  },
};

/** The filter with image IDs in full. @throws {GraphQLError} BAD_USER_INPUT */
const withImageIds = (filter: LinodeFilter): LinodeFilter =>
  filter.imageId
    ? { ...filter, imageId: filter.imageId.map((id) => toImageId(id, 'filter.imageId')) }
    : filter;

export const linodeEdges: Required<Pick<LinodeResolvers, LinodeEdge>> = {
  region: (linode, _, context) => findRegion(full(linode).regionSlug, context),
  image: async (linode, _, { loaders, imageModels }) => {
    const { imageId } = full(linode);
    if (imageId === null || !isImageId(imageId)) return null;
    const image = await loaders.images.deployed.load(imageId);
    return image && imageModels.of(image);
  },
  disks: ({ linodeId }, _, context, info) => findDisks(linodeId, context, info),
};

/** A mention is returned only if no other field is selected. */
function full(linode: LinodeModel): FullLinode {
  if ('status' in linode) return linode;
  throw new Error(`Linode ${linode.linodeId} was only mentioned`);
}
