import type { Account, Caller, World } from './world.js';
import type { SandboxImage } from './wire.js';
import { toWireDate } from './dates.js';

/** An image with defaults for missing fields. */
export function buildImage(id: string, nowMs: number, given: Partial<SandboxImage> = {}): SandboxImage {
  const isPublic = id.startsWith('linode/');
  const created = toWireDate(nowMs);
  return {
    id,
    label: id.replace('/', '-'),
    description: '',
    created,
    updated: given.created ?? created,
    size: 1500,
    created_by: isPublic ? 'linode' : null,
    type: 'manual',
    is_public: isPublic,
    deprecated: false,
    vendor: null,
    expiry: null,
    eol: null,
    status: 'available',
    capabilities: [],
    ...given,
  };
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
