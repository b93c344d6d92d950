import type { Catalogs } from '../catalog/catalogs.js';
import type { Reading } from '../catalog/reading.js';
import type { Caller } from '../linode/caller.js';
import { createImageLoaders, type ImageLoaders } from './image.js';

/** All loaders of one operation; a resource adds its own here. */
export type Loaders = ImageLoaders;

export const createLoaders = (catalogs: Catalogs, caller: Caller, reading: Reading): Loaders => ({
  ...createImageLoaders(catalogs, caller, reading),
});
