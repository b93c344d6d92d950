import type DataLoader from 'dataloader';
import { getDisks, type LinodeDisk } from '../linode/api/disks.js';
import type { LinodeList } from '../linode/api/page.js';
import type { Requests } from './requests.js';
import { createBatchLoader, listInOrder } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Disks of one operation. */
export interface DiskLoaders {
  /** All disks of a Linode, by its number; null if there is no such Linode. One call for each Linode. */
  ofLinode: DataLoader<string, LinodeList<LinodeDisk> | null>;
  /** One disk by the Linode's number and its own, null if there is none. */
  one(linodeId: string, diskId: string): Promise<LinodeDisk | null>;
}

export function createDiskLoaders(requests: Requests): DiskLoaders {
  const ofLinode = createBatchLoader<LinodeList<LinodeDisk> | null>((linodeIds) =>
    Promise.all(
      linodeIds.map((id) =>
        nullIfMissing(requests.one((linode, terms) => getDisks(linode, Number(id), terms))).catch(asItIs),
      ),
    ),
  );
  return {
    ofLinode,
    async one(linodeId, diskId) {
      const disks = await ofLinode.load(linodeId);
      if (!disks) return null;
      const path = `/linode/instances/${linodeId}/disks`;
      const [disk] = listInOrder([diskId], disks, ({ id }) => String(id), path);
      if (disk instanceof Error) throw disk;
      return disk ?? null;
    },
  };
}

const asItIs = (error: Error): Error => error;
