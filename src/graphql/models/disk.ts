import type { Disk, DiskStatus } from '../../generated/schema.js';
import type { LinodeDisk } from '../../linode/api/disks.js';
import { enumValueOf } from './enumValues.js';
import { globalId } from './globalId.js';
import { toOptionalDateTime } from './linodeTime.js';

/** The fields of a disk that have resolvers; see resolvers/disk.ts. */
export type DiskEdge = 'linode';

/** A disk in the schema's words, without its edges. */
export interface DiskModel extends Required<Omit<Disk, DiskEdge>> {
  linodeId: string;
}

const STATUSES: Record<string, DiskStatus> = {
  ready: 'READY',
  'not ready': 'NOT_READY',
  deleting: 'DELETING',
};

export const toDisk = (disk: LinodeDisk, linodeId: string): DiskModel => ({
  __typename: 'Disk',
  id: globalId.disk(linodeId, String(disk.id)),
  diskId: String(disk.id),
  linodeId,
  label: disk.label,
  status: enumValueOf(STATUSES, disk.status),
  size: disk.size,
  filesystem: disk.filesystem,
  created: toOptionalDateTime(disk.created),
  updated: toOptionalDateTime(disk.updated),
});
