import DataLoader from 'dataloader';
import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';
import { LinodeRateLimited } from '../linode/errors.js';
import type { LinodeImage } from '../linode/api/images.js';
import { createBatchLoader, inOrder } from './batch.js';

/** Images of one operation. */
export interface ImageLoaders {
  /** One image by its ID, null when there is none: each distinct ID is asked for once. */
  one: DataLoader<string, LinodeImage | null>;
  /** The image that a Linode runs, by its ID, null when it is gone: several are found in the list of all. */
  deployed: DataLoader<string, LinodeImage | null>;
  /** All images that the caller sees, in no order: the same array however often it is asked for. */
  all(): Promise<readonly LinodeImage[]>;
  /** Forgets all of it, after a write. */
  forget(): void;
}

/**
 * An image takes longer than this to be captured or uploaded, and to be deployed then: a list that is no older
 * has every image that a Linode runs, and the others need no view each to be called gone.
 */
const YOUNGEST_DEPLOYED_MS = 60_000;

export function createImageLoaders(catalogs: SharedCatalogs, caller: Caller, reading: Reading): ImageLoaders {
  let all: Promise<readonly LinodeImage[]> | undefined;
  const image = new DataLoader<string, LinodeImage | null>((ids) => catalogs.of(caller).get(ids, reading));
  const allImages = (): Promise<readonly LinodeImage[]> => (all ??= catalogs.of(caller).list(reading));
  const deployedImage = createBatchLoader<LinodeImage | null>(async (ids) => {
    if (ids.length === 1) return image.loadMany(ids);
    const images = await allImages().catch(undefinedIfRateLimited);
    const { ageMs = Infinity } = catalogs.of(caller);
    if (!images || ageMs > YOUNGEST_DEPLOYED_MS) return image.loadMany(ids);
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

/** Views are counted apart from lists: there may be some left. */
function undefinedIfRateLimited(error: unknown): undefined {
  if (!(error instanceof LinodeRateLimited)) throw error;
}
