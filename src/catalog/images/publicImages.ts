import { LRUCache } from 'lru-cache';
import type { KnownImages, LinodeImage } from '../../linode/api/images.js';

/** Far more than Linode publishes. */
const MAX_PUBLIC_IMAGES = 2000;

/** Stores each public image once, for all callers: it is the same for every caller. */
export class PublicImages implements KnownImages {
  readonly #images = new LRUCache<string, LinodeImage>({ max: MAX_PUBLIC_IMAGES });

  get(id: string): LinodeImage | undefined {
    return this.#images.get(id);
  }

  /** Stores a public image; a private one is left to its caller's collection. */
  add(image: LinodeImage): void {
    if (image.is_public) this.#images.set(image.id, image);
  }
}
