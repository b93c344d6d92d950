import { totalSizeOf } from './images.js';
import type { Account, WorkFault, World } from './world.js';
import type { SandboxImage, SandboxImageRegion } from './wire.js';

/** How long a new replica is `pending replication`, and then `replicating`. */
const PENDING_MS = 20_000;
const REPLICATING_MS = 40_000;
const DELETION_MS = 10_000;

/**
 * Replicates the image to the wanted regions and deletes it from all others. Replicas become available in time:
 * `pending replication`, `replicating`, `available`. With a fault new replicas end as `timedout`, or stay pending.
 */
export function setRegions(
  world: World,
  account: Account,
  image: SandboxImage,
  wanted: readonly string[],
  fault?: WorkFault,
): void {
  const current = image.regions ?? [];
  const added = wanted.filter((region) => !current.some((each) => each.region === region));
  image.regions = [
    ...current.map((each) => {
      if (!wanted.includes(each.region)) return deleteReplica(world, account, image.id, each);
      return isUnderWay(world, each) ? each : startReplica(world, account, image.id, each.region, fault);
    }),
    ...added.map((region) => startReplica(world, account, image.id, region, fault)),
  ];
  image.total_size = totalSizeOf(image);
  world.invalidateLists(account);
}

/** Whether a wanted replica needs nothing more. Requesting one that is stuck starts it again. */
function isUnderWay(world: World, replica: SandboxImageRegion): boolean {
  if (world.stuckReplicas.has(replica)) return false;
  return !['pending deletion', 'timedout'].includes(replica.status);
}

function startReplica(
  world: World,
  account: Account,
  id: string,
  region: string,
  fault: WorkFault | undefined,
): SandboxImageRegion {
  const replica = { region, status: 'pending replication' };
  if (fault?.outcome === 'stuck') {
    world.stuckReplicas.add(replica);
    return replica;
  }
  const become = (status: string) => () => changeReplica(world, account, id, replica, status);
  world.afterWork(PENDING_MS, become('replicating'));
  world.afterWork(PENDING_MS + REPLICATING_MS, become(fault ? 'timedout' : 'available'));
  return replica;
}

function deleteReplica(
  world: World,
  account: Account,
  id: string,
  current: SandboxImageRegion,
): SandboxImageRegion {
  if (current.status === 'pending deletion') return current;
  const replica = { region: current.region, status: 'pending deletion' };
  world.afterWork(DELETION_MS, () => changeReplica(world, account, id, replica, null));
  return replica;
}

/** Does nothing if the replica was replaced by a later request, or its image is gone. */
function changeReplica(
  world: World,
  account: Account,
  id: string,
  replica: SandboxImageRegion,
  status: string | null,
): void {
  const image = account.images.get(id);
  if (!image?.regions?.includes(replica)) return;
  if (status === null) image.regions = image.regions.filter((each) => each !== replica);
  else replica.status = status;
  image.total_size = totalSizeOf(image);
  world.invalidateLists(account);
}
