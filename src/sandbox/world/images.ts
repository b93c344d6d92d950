import { nearestStorage } from './regions.js';
import type { Account, Caller, World } from './world.js';
import type { SandboxImage } from './wire.js';
import { toWireDate } from './dates.js';

const DEFAULT_REGION = 'us-east';

/** An image with defaults for missing fields. */
export function buildImage(id: string, nowMs: number, given: Partial<SandboxImage> = {}): SandboxImage {
  const isPublic = id.startsWith('linode/');
  const isShared = id.startsWith('shared/');
  const created = toWireDate(nowMs);
  const image: SandboxImage = {
    id,
    label: id.replace('/', '-'),
    description: '',
    created,
    updated: given.created ?? created,
    size: 1500,
    created_by: isPublic ? 'linode' : null,
    type: isShared ? 'shared' : 'manual',
    is_public: isPublic,
    deprecated: false,
    vendor: null,
    expiry: null,
    eol: null,
    status: 'available',
    capabilities: [],
    tags: [],
    regions: isPublic ? null : [],
    is_shared: isShared ? null : false,
    image_sharing: isPublic ? null : { shared_with: isShared ? null : sharedWith(id, 0), shared_by: null },
    ...given,
  };
  return completeSizes(image, given);
}

/** Adds the region and the total size that an image has unless they are given. */
export function completeSizes(image: SandboxImage, given: Partial<SandboxImage>): SandboxImage {
  if (image.is_public) return image;
  if (given.regions === undefined && image.status === 'available' && image.regions?.length === 0) {
    image.regions = [{ region: DEFAULT_REGION, status: 'available' }];
  }
  if (given.total_size === undefined) image.total_size = totalSizeOf(image);
  return image;
}

/** MB in all available regions; the size of the disk while an image is being created. */
export function totalSizeOf({ status, size, regions }: SandboxImage): number {
  if (status !== 'available') return size;
  return size * (regions ?? []).filter((each) => each.status === 'available').length;
}

/** Ends a capture or an upload. The image is stored in `region`, or near it, and encrypted (not in 4.176). */
export function makeAvailable(
  world: World,
  account: Account,
  image: SandboxImage,
  atMs: number,
  sizeMb: number,
  region: string,
): void {
  image.status = 'available';
  image.size = Math.max(1, sizeMb);
  image.updated = toWireDate(atMs);
  image.regions = [{ region: nearestStorage(world.regions, region), status: 'available' }];
  image.total_size = totalSizeOf(image);
  if (world.version === 'latest') image.capabilities = [...image.capabilities, 'distributed-sites'];
  world.invalidateLists(account);
}

/** How an account's own image is shared: in how many of its share groups. */
export function sharedWith(id: string, groups: number) {
  return { sharegroup_count: groups, sharegroup_list_url: `/images/${id}/sharegroups` };
}

/** The images a caller (null: anonymous) can view, in the API's default order. */
export function visibleImages(world: World, caller: Caller | null): SandboxImage[] {
  const own = caller ? [...caller.account.images.values()].filter((image) => canView(caller, image.id)) : [];
  return [...own, ...world.publicImages.values()].sort(byDefaultOrder);
}

/** The image, if the caller can view it, with the account that owns it (null: public). */
export function findImage(
  world: World,
  caller: Caller | null,
  id: string,
): { image: SandboxImage; owner: Account | null } | undefined {
  const common = world.publicImages.get(id);
  if (common) return { image: common, owner: null };
  const image = caller?.account.images.get(id);
  return image && caller && canView(caller, id) ? { image, owner: caller.account } : undefined;
}

export function canView(caller: Caller, id: string): boolean {
  return caller.grants === null || caller.grants.images?.[numberOf(id)] !== undefined;
}

export function canModify(caller: Caller, id: string): boolean {
  return caller.grants === null || caller.grants.images?.[numberOf(id)] === 'read_write';
}

/** The number of a private or shared image; NaN for a public one. */
export function numberOf(id: string): number {
  return Number(id.slice(id.indexOf('/') + 1));
}

/** Private by number, shared by number, public by label ignoring case, deprecated last. */
export function byDefaultOrder(a: SandboxImage, b: SandboxImage): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  if (left < 2) return numberOf(a.id) - numberOf(b.id);
  const [first, second] = [a.label.toLowerCase(), b.label.toLowerCase()];
  return first < second ? -1 : first > second ? 1 : 0;
}

function rank(image: SandboxImage): number {
  if (image.id.startsWith('private/')) return 0;
  if (image.id.startsWith('shared/')) return 1;
  return image.deprecated ? 3 : 2;
}
