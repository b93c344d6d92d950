import { LRUCache } from 'lru-cache';
import type { LinodeImage } from '../linode/images.js';

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

export function sameImage(a: LinodeImage, b: LinodeImage): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.label === b.label &&
      a.description === b.description &&
      a.created === b.created &&
      a.updated === b.updated &&
      a.created_by === b.created_by &&
      a.is_public === b.is_public &&
      a.deprecated === b.deprecated &&
      a.size === b.size &&
      a.type === b.type &&
      a.status === b.status &&
      a.vendor === b.vendor &&
      a.expiry === b.expiry &&
      a.eol === b.eol &&
      a.capabilities.length === b.capabilities.length &&
      a.capabilities.every((capability, i) => capability === b.capabilities[i]))
  );
}
