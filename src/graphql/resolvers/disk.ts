import type { Disk, DiskResolvers, DiskStatus } from '../../generated/graphql.js';
import type { LinodeDisk } from '../../linode/api/disks.js';
import type { GraphQLContext } from '../context.js';
import { globalId } from '../models/globalId.js';
import { toLinode } from '../models/linode.js';
import { toOptionalDateTime } from '../models/linodeTime.js';
import { wordOf } from '../models/enumWords.js';

/** What resolvers find for a disk. */
type DiskEdge = 'linode';

/** A disk in the schema's words, without its edges. */
export interface DiskModel extends Required<Omit<Disk, DiskEdge>> {
  linodeId: string;
}

const STATUSES: Record<string, DiskStatus> = {
  ready: 'READY',
  'not ready': 'NOT_READY',
  deleting: 'DELETING',
};

const toDisk = (disk: LinodeDisk, linodeId: string): DiskModel => ({
  __typename: 'Disk',
  id: globalId.disk(linodeId, String(disk.id)),
  diskId: String(disk.id),
  linodeId,
  label: disk.label,
  status: wordOf(STATUSES, disk.status),
  size: disk.size,
  filesystem: disk.filesystem,
  created: toOptionalDateTime(disk.created),
  updated: toOptionalDateTime(disk.updated),
});

/** All disks of a Linode, null when that is gone. */
export async function findDisks(linodeId: string, { loaders }: GraphQLContext): Promise<DiskModel[] | null> {
  const disks = await loaders.disks.ofLinode.load(linodeId);
  return disks && disks.map((disk) => toDisk(disk, linodeId));
}

/** One disk of a Linode; null when there is none. */
export async function findDisk(
  linodeId: string,
  diskId: string,
  context: GraphQLContext,
): Promise<DiskModel | null> {
  const disks = await findDisks(linodeId, context);
  return disks?.find((disk) => disk.diskId === diskId) ?? null;
}

export const diskEdges: Required<Pick<DiskResolvers, DiskEdge>> = {
  linode: async ({ linodeId }, _, { loaders }) => {
    const linode = await loaders.linodes.one.load(linodeId);
    return linode && toLinode(linode);
  },
};
