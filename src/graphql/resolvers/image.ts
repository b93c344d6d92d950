import type { QueryResolvers } from '../../generated/resolvers.js';
import { isImageId } from '../../linode/api/imageId.js';
import type { GraphQLContext } from '../context.js';
import { compileImageFilter } from '../connections/imageFilter.js';
import type { ImageModel } from '../models/image.js';
import { toImageId } from '../models/imageId.js';
import { countTags } from '../models/imageTags.js';
import { imageOrderOf } from '../connections/imageOrder.js';
import { filterOrdered } from '../connections/filterOrdered.js';
import { WORK } from '../work/collectionWork.js';
import { countLeaves } from '../limits/cost.js';
import { paginate, windowOf } from '../connections/connection.js';

/** One image by its ID; null without a call if it can't be the ID of an image. */
export async function findImage(
  id: string,
  { loaders, imageModels }: GraphQLContext,
): Promise<ImageModel | null> {
  if (!isImageId(id)) return null;
  const image = await loaders.images.one.load(id);
  return image && imageModels.of(image);
}

export const imageQueries: Pick<QueryResolvers, 'image' | 'images' | 'imageTags'> = {
  image: async (_, { id }, context) => findImage(toImageId(id, 'id'), context),
  images: async (_, args, { loaders, imageModels, work, rowErrors, catalog }, info) => {
    const order = imageOrderOf(args.orderBy);
    const window = windowOf(order, args);
    const images = await loaders.images.all();
    rowErrors.report(catalog().unreadable, info);
    const all = await imageModels.sorted(images, order, work);
    if (args.filter == null) return paginate(all, window);
    await work.turnFor(countLeaves(args.filter) * WORK.perCondition);
    return paginate(await filterOrdered(all, compileImageFilter(args.filter), work), window);
  },
  imageTags: async (_, __, { loaders, work, rowErrors, catalog }, info) => {
    const images = await loaders.images.all();
    rowErrors.report(catalog().unreadable, info);
    await work.turnFor(images.reduce((sum, { tags }) => sum + tags.length, 0));
    return countTags(images);
  },
};
