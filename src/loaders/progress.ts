import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';

/** What the caller was told of progress before. */
export interface ProgressLoaders {
  /** The percent, or the higher one that was told of the same work before; null as long as none is known. */
  highestPercent(work: string, percent: number | null): Promise<number | null>;
}

export const createProgressLoaders = (
  { highWaterMark }: SharedCatalogs,
  caller: Caller,
): ProgressLoaders => ({
  highestPercent: (work, percent) => highWaterMark.reach(caller, work, percent),
});
