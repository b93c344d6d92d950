import type { KnownImages, LinodeImage } from '../../src/linode/api/images.js';

/** Knows these images, and those that are added. */
export function knownImages(images: readonly LinodeImage[] = []): KnownImages {
  const byId = new Map(images.map((image) => [image.id, image]));
  return { get: (id) => byId.get(id), add: (image) => void byId.set(image.id, image) };
}
