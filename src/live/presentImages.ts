import type { SharedCatalog } from '../catalog/sharedCatalogs.js';
import type { LinodeImage } from '../linode/api/images.js';
import type { LiveState } from './liveState.js';
import type { Subscribers } from './subscribers.js';

/** What views have found, which a copy of another process's catalog does not have before its next list. */
export class ViewedImages {
  #of: readonly LinodeImage[] = [];
  #images = new Map<string, LinodeImage | null>();

  /** @param of the catalog's images at that time: with other ones, the catalog knows better */
  set(id: string, image: LinodeImage | null, of: readonly LinodeImage[]): void {
    if (this.#of !== of) this.#images = new Map();
    this.#of = of;
    this.#images.set(id, image);
  }

  /** Null: there is no such image. */
  since(of: readonly LinodeImage[]): ReadonlyMap<string, LinodeImage | null> {
    return this.#of === of ? this.#images : NONE;
  }
}

const NONE: ReadonlyMap<string, LinodeImage | null> = new Map();

/** The images that are followed as they are known now, and the followed IDs of which it is known that they do not exist. */
export function presentImages(
  { images, ageMs }: SharedCatalog,
  viewedImages: ViewedImages,
  subscribers: Subscribers,
  last: LiveState,
): { images: Iterable<LinodeImage>; missing: ReadonlySet<string> } {
  const { followAll, ids } = subscribers;
  const present = new Map<string, LinodeImage>();
  const viewed = viewedImages.since(images);
  if (!followAll) {
    for (const image of images) if (ids.has(image.id)) present.set(image.id, image);
  } else if (ageMs !== undefined) {
    for (const image of images) present.set(image.id, image);
  } else {
    // Nothing is known at the moment, which does not mean that there is nothing.
    for (const { image } of last.images.values()) present.set(image.id, image);
  }
  for (const [id, image] of viewed) {
    if (image === null) present.delete(id);
    else if (followAll || ids.has(id)) present.set(id, image);
  }
  const missing = new Set<string>();
  for (const id of ids) {
    if (!present.has(id) && (viewed.get(id) === null || last.missing.has(id))) missing.add(id);
  }
  return { images: present.values(), missing };
}
