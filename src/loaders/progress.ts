import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';

/** The progress that the caller has seen. */
export interface ProgressLoaders {
  /** The percentage, or a higher one that the caller has seen of the same work; null as long as none is known. */
  highestPercent(work: string, percent: number | null): Promise<number | null>;
}

export const createProgressLoaders = (
  { highWaterMark }: SharedCatalogs,
  caller: Caller,
): ProgressLoaders => ({
  highestPercent: (work, percent) => highWaterMark.reach(caller, work, percent),
});
