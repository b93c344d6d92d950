import DataLoader from 'dataloader';
import type { Catalogs } from '../catalog/catalogs.js';
import type { Reading } from '../catalog/reading.js';
import type { Caller } from '../linode/caller.js';
import type { LinodeImage } from '../linode/images.js';

/** Images of one operation. */
export interface ImageLoaders {
  /** One image by its ID, null when there is none: each distinct ID is asked for once. */
  image: DataLoader<string, LinodeImage | null>;
  /** All images that the caller sees, in no order: the same array however often it is asked for. */
  allImages(): Promise<readonly LinodeImage[]>;
  /** Forgets all of it, after a write. */
  forgetImages(): void;
}

export function createImageLoaders(catalogs: Catalogs, caller: Caller, reading: Reading): ImageLoaders {
  let all: Promise<readonly LinodeImage[]> | undefined;
  const image = new DataLoader<string, LinodeImage | null>(async (ids) => {
    const images = await catalogs.of(caller).get(ids, reading);
    catalogs.weigh(caller);
    return images;
  });
  return {
    image,
    async allImages() {
      all ??= catalogs.of(caller).list(reading);
      const images = await all;
      catalogs.weigh(caller);
      return images;
    },
    forgetImages() {
      all = undefined;
      image.clearAll();
    },
  };
}
