import { notFound, ok, type ApiResponse } from '../response.js';
import { callerOf, xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { rowInVersion } from '../world/apiVersion.js';
import { paginate } from './page.js';
import type { SandboxDisk, SandboxLinode } from '../world/wire.js';
import type { Caller, LinodeRecord } from '../world/world.js';

const LINODE_KEYS: Filterable = { filterable: ['id', 'label', 'region', 'image', 'group', 'tags', 'ipv4'] };
const DISK_KEYS: Filterable = { filterable: ['label', 'size'] };

/** `GET /linode/instances` */
export function listLinodes(context: Context): ApiResponse {
  const linodes = visibleLinodes(callerOf(context)).map((record) => record.linode);
  const matching = parseFilter(xFilterOf(context), LINODE_KEYS).apply(linodes);
  const { version } = context.world;
  return ok(
    paginate(
      matching.map((each) => rowInVersion(version, 'linode', each)),
      context.query,
    ),
  );
}

/** `GET /linode/instances/{id}` */
export function viewLinode(context: Context): ApiResponse {
  return ok(rowInVersion(context.world.version, 'linode', linodeAt(context).linode));
}

/** `GET /linode/instances/{id}/disks` */
export function listDisks(context: Context): ApiResponse {
  const { disks } = linodeAt(context);
  const matching = parseFilter(xFilterOf(context), DISK_KEYS).apply(disks);
  const { version } = context.world;
  return ok(
    paginate(
      matching.map((each) => rowInVersion(version, 'disk', each)),
      context.query,
    ),
  );
}

/** `GET /linode/instances/{id}/disks/{diskId}` */
export function viewDisk(context: Context): ApiResponse {
  const disk = linodeAt(context).disks.find((each) => String(each.id) === context.params[1]);
  return disk ? ok(rowInVersion(context.world.version, 'disk', disk)) : notFound();
}

export function findDisk(
  caller: Caller,
  diskId: number | undefined,
): { disk: SandboxDisk; linode: SandboxLinode } | undefined {
  for (const { linode, disks } of visibleLinodes(caller)) {
    const disk = disks.find((each) => each.id === diskId);
    if (disk) return { disk, linode };
  }
  return undefined;
}

export function canViewLinode(caller: Caller, id: number): boolean {
  return caller.grants === null || caller.grants.linodes?.[id] !== undefined;
}

function visibleLinodes(caller: Caller): LinodeRecord[] {
  return [...caller.account.linodes.values()].filter(({ linode }) => canViewLinode(caller, linode.id));
}

function linodeAt(context: Context): LinodeRecord {
  const caller = callerOf(context);
  const record = caller.account.linodes.get(Number(context.params[0]));
  return record && canViewLinode(caller, record.linode.id) ? record : notFound();
}
