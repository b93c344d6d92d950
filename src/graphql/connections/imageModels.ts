import type { LinodeImage } from '../../linode/api/images.js';
import { WORK, type CollectionWork } from '../work/collectionWork.js';
import { toImage, type ImageModel } from '../models/image.js';
import { positionOf, sortBy, type Order, type Ordered, type Position } from './order.js';

/** Orders of one collection that are remembered. */
const MAX_ORDERS = 16;

/** Images in the schema's words, translated and sorted once for as long as Linode's own live. */
export class ImageModels {
  readonly #models = new WeakMap<LinodeImage, ImageModel>();
  readonly #sorted = new WeakMap<readonly LinodeImage[], Map<string, Ordered<ImageModel>>>();
  /** The position of each image in the order that it was last sorted by: most images stay when one changes. */
  readonly #positions = new WeakMap<ImageModel, { signature: string; position: Position }>();

  of(image: LinodeImage): ImageModel {
    let model = this.#models.get(image);
    if (!model) this.#models.set(image, (model = toImage(image)));
    return model;
  }

  /**
   * @param images a collection that does not change: another one is another array
   * @throws {GraphQLError} BAD_USER_INPUT if the operation has sorted and filtered too much
   */
  async sorted(
    images: readonly LinodeImage[],
    order: Order<ImageModel>,
    work: CollectionWork,
  ): Promise<Ordered<ImageModel>> {
    const known = this.#sorted.get(images)?.get(order.signature);
    if (known) return known;
    const units = images.length * WORK.perSortedRow;
    work.reserve(units);
    await work.turnFor(units);
    return this.#sort(images, order);
  }

  #sort(images: readonly LinodeImage[], order: Order<ImageModel>): Ordered<ImageModel> {
    const models = images.map((image) => this.of(image));
    const ordered = sortBy(models, order, (model) => this.#positionOf(model, order));
    let byOrder = this.#sorted.get(images);
    if (!byOrder) this.#sorted.set(images, (byOrder = new Map()));
    if (byOrder.size >= MAX_ORDERS) byOrder.clear();
    byOrder.set(order.signature, ordered);
    return ordered;
  }

  #positionOf(model: ImageModel, order: Order<ImageModel>): Position {
    const { signature } = order;
    const known = this.#positions.get(model);
    if (known?.signature === signature) return known.position;
    const position = positionOf(order, model);
    this.#positions.set(model, { signature, position });
    return position;
  }
}
