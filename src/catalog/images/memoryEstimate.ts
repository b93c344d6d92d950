import type { LinodeImage } from '../../linode/api/images.js';

/** What a private image takes with its model and its places in the orders, without its texts. */
const PRIVATE_IMAGE_BYTES = 1500;
/** What a public image takes, which all callers share. */
const PUBLIC_IMAGE_BYTES = 150;

/** What a catalog without images takes in memory, as estimated. */
export const EMPTY_CATALOG_BYTES = 2000;

/** What an image in a caller's catalog takes in memory, as estimated. */
export const bytesOf = (image: LinodeImage): number =>
  image.is_public
    ? PUBLIC_IMAGE_BYTES
    : PRIVATE_IMAGE_BYTES + image.label.length + (image.description?.length ?? 0);

/** What a catalog with these images takes in memory, as estimated. */
export const bytesOfCatalog = (images: readonly LinodeImage[]): number =>
  images.reduce((sum, image) => sum + bytesOf(image), EMPTY_CATALOG_BYTES);
