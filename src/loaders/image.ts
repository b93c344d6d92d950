import DataLoader from 'dataloader';
import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';
import { LinodeRateLimited } from '../linode/errors.js';
import type { LinodeImage } from '../linode/api/images.js';
import { createBatchLoader, inOrder } from './batch.js';

/** Images of one operation. */
export interface ImageLoaders {
  /** One image by its ID, null if there is none. Each distinct ID is fetched once. */
  one: DataLoader<string, LinodeImage | null>;
  /** The image that a Linode was deployed from, by its ID, null if it is deleted. Several are looked up in the list. */
  deployed: DataLoader<string, LinodeImage | null>;
  /** All images that the caller sees, in no order; the same array for the whole operation. */
  all(): Promise<readonly LinodeImage[]>;
  /** Clears all of it, after a write. */
  forget(): void;
}

/**
 * Capturing or uploading an image and deploying it takes longer than this. A list that is younger has every image
 * that a Linode was deployed from, so an image that it lacks is deleted, without a view.
 */
const MIN_DEPLOYED_AGE_MS = 60_000;

export function createImageLoaders(catalogs: SharedCatalogs, caller: Caller, reading: Reading): ImageLoaders {
  let all: Promise<readonly LinodeImage[]> | undefined;
  const image = new DataLoader<string, LinodeImage | null>((ids) => catalogs.of(caller).get(ids, reading));
  const allImages = (): Promise<readonly LinodeImage[]> => (all ??= catalogs.of(caller).list(reading));
  const deployedImage = createBatchLoader<LinodeImage | null>(async (ids) => {
    if (ids.length === 1) return image.loadMany(ids);
    const images = await allImages().catch(undefinedIfRateLimited);
    const { ageMs = Infinity } = catalogs.of(caller);
    if (!images || ageMs > MIN_DEPLOYED_AGE_MS) return image.loadMany(ids);
    return inOrder(ids, images, ({ id }) => id);
  });
  return {
    one: image,
    deployed: deployedImage,
    all: allImages,
    forget() {
      all = undefined;
      image.clearAll();
      deployedImage.clearAll();
    },
  };
}

/** Lists have a limit of their own: views may still be allowed. */
function undefinedIfRateLimited(error: unknown): undefined {
  if (!(error instanceof LinodeRateLimited)) throw error;
}
