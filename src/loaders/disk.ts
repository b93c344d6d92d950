import type DataLoader from 'dataloader';
import { getDisks, type LinodeDisk } from '../linode/api/disks.js';
import { completeRows } from '../linode/api/page.js';
import type { Requests } from './requests.js';
import { createBatchLoader } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Disks of one operation. */
export interface DiskLoaders {
  /** All disks of a Linode, by its number; null if there is no such Linode. One call for each Linode. */
  ofLinode: DataLoader<string, readonly LinodeDisk[] | null>;
}

export const createDiskLoaders = (requests: Requests): DiskLoaders => ({
  ofLinode: createBatchLoader((linodeIds) =>
    Promise.all(
      linodeIds.map((id) =>
        nullIfMissing(requests.one((linode, terms) => getDisks(linode, Number(id), terms)))
          .then((disks) => disks && completeRows(disks, `/linode/instances/${id}/disks`))
          .catch(asItIs),
      ),
    ),
  ),
});

const asItIs = (error: Error): Error => error;
