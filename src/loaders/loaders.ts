import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';
import { createAsk } from './ask.js';
import { createDiskLoaders, type DiskLoaders } from './disk.js';
import { createEventLoaders, type EventLoaders } from './event.js';
import { createImageLoaders, type ImageLoaders } from './image.js';
import { createLinodeLoaders, type LinodeLoaders } from './linode.js';
import { createProgressLoaders, type ProgressLoaders } from './progress.js';
import { createRegionLoaders, type RegionLoaders } from './region.js';
import { createUserLoaders, type UserLoaders } from './user.js';

/** All loaders of one operation; a resource adds its own here. */
export type Loaders = ImageLoaders &
  RegionLoaders &
  LinodeLoaders &
  DiskLoaders &
  UserLoaders &
  EventLoaders &
  ProgressLoaders;

export function createLoaders(catalogs: SharedCatalogs, caller: Caller, reading: Reading): Loaders {
  const ask = createAsk(catalogs, caller, reading);
  return {
    ...createImageLoaders(catalogs, caller, reading),
    ...createRegionLoaders(catalogs, reading),
    ...createLinodeLoaders(ask),
    ...createDiskLoaders(ask),
    ...createUserLoaders(ask),
    ...createEventLoaders(ask),
    ...createProgressLoaders(catalogs, caller),
  };
}
