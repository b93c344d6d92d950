import type { QueryResolvers } from '../../generated/resolvers.js';
import { isImageId } from '../../linode/api/imageId.js';
import type { LinodeImage } from '../../linode/api/images.js';
import type { GraphQLContext } from '../context.js';
import { matchesImage } from '../connections/imageFilter.js';
import { toImage, type ImageModel } from '../models/image.js';
import { imageOrderOf } from '../connections/imageOrder.js';
import {
  filterOrdered,
  positionOf,
  sortBy,
  type Order,
  type Ordered,
  type Position,
} from '../connections/order.js';
import { paginate, windowOf } from '../connections/connection.js';

/** One image by its ID; null, without a call, for what can't be an image's ID. */
export async function findImage(id: string, { loaders }: GraphQLContext): Promise<ImageModel | null> {
  if (!isImageId(id)) return null;
  const image = await loaders.images.one.load(id);
  return image && toImage(image);
}

export const imageQueries: Pick<QueryResolvers, 'image' | 'images'> = {
  image: (_, { id }, context) => findImage(id, context),
  images: async (_, args, { loaders }) => {
    const order = imageOrderOf(args.orderBy);
    const window = windowOf(order, args);
    const all = sortedImages(await loaders.images.all(), order);
    const matching = args.filter == null ? all : filterOrdered(all, matchesImage(args.filter));
    return paginate(matching, window);
  },
};

/** A collection that stands is sorted once for each order. */
const sorted = new WeakMap<readonly LinodeImage[], Map<string, Ordered<ImageModel>>>();
const MOST_ORDERS = 16;

function sortedImages(images: readonly LinodeImage[], order: Order<ImageModel>): Ordered<ImageModel> {
  let byOrder = sorted.get(images);
  if (!byOrder) sorted.set(images, (byOrder = new Map()));
  let ordered = byOrder.get(order.signature);
  if (!ordered) {
    ordered = sortBy(images.map(toImage), order, (image) => placeOf(image, order));
    if (byOrder.size >= MOST_ORDERS) byOrder.clear();
    byOrder.set(order.signature, ordered);
  }
  return ordered;
}

/** The position of each image in the order that it was last sorted by: most images stay when one changes. */
const places = new WeakMap<ImageModel, { signature: string; position: Position }>();

function placeOf(image: ImageModel, order: Order<ImageModel>): Position {
  const { signature } = order;
  const known = places.get(image);
  if (known?.signature === signature) return known.position;
  const position = positionOf(order, image);
  places.set(image, { signature, position });
  return position;
}
