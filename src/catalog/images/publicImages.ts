import { LRUCache } from 'lru-cache';
import type { LinodeImage } from '../../linode/api/images.js';
import { sameImage } from '../../linode/api/sameImage.js';

/** Far more than Linode publishes. */
const MOST_PUBLIC_IMAGES = 2000;

/** Holds each public image once, for all callers: it is the same for everybody. */
export class PublicImages {
  readonly #images = new LRUCache<string, LinodeImage>({ max: MOST_PUBLIC_IMAGES });

  /** The one copy of an equal public image; a private image comes back as it is. */
  readonly intern = (image: LinodeImage): LinodeImage => {
    if (!image.is_public) return image;
    const held = this.#images.get(image.id);
    if (held && sameImage(held, image)) return held;
    this.#images.set(image.id, image);
    return image;
  };
}
