import type { GraphQLResolveInfo } from 'graphql';
import type { DiskResolvers } from '../../generated/resolvers.js';
import type { GraphQLContext } from '../context.js';
import { toDisk, type DiskEdge, type DiskModel } from '../models/disk.js';
import { toLinode } from '../models/linode.js';

/** All disks of a Linode; null if it no longer exists. */
export async function findDisks(
  linodeId: string,
  { loaders, rowErrors }: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<DiskModel[] | null> {
  const disks = await loaders.disks.ofLinode.load(linodeId);
  if (!disks) return null;
  rowErrors.report(disks.unreadable, info);
  return disks.rows.map((disk) => toDisk(disk, linodeId));
}

/** One disk of a Linode; null if it does not exist. */
export async function findDisk(
  linodeId: string,
  diskId: string,
  { loaders }: GraphQLContext,
): Promise<DiskModel | null> {
  const disk = await loaders.disks.one(linodeId, diskId);
  return disk && toDisk(disk, linodeId);
}

export const diskEdges: Required<Pick<DiskResolvers, DiskEdge>> = {
  linode: async ({ linodeId }, _, { loaders }) => {
    const linode = await loaders.linodes.one.load(linodeId);
    return linode && toLinode(linode);
  },
};
