import type { LinodeImage } from '../../linode/api/images.js';

/** What a private image takes with its translation and its places in the orders, beside its texts; and a shared one. */
const PRIVATE_IMAGE_BYTES = 1500;
const PUBLIC_IMAGE_BYTES = 150;
const CATALOG_BYTES = 2000;

/** What one caller's images take in memory, as estimated. */
export const bytesOfCatalog = (images: readonly LinodeImage[]): number =>
  images.reduce((sum, image) => sum + bytesOf(image), CATALOG_BYTES);

const bytesOf = (image: LinodeImage): number =>
  image.is_public
    ? PUBLIC_IMAGE_BYTES
    : PRIVATE_IMAGE_BYTES + image.label.length + (image.description?.length ?? 0);
