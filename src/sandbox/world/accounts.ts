import { buildImage, completeSizes, numberOf } from './images.js';
import { buildLinode } from './linodeBuilder.js';
import { Account, type World } from './world.js';
import type { SandboxGrants, SandboxImage, SandboxLinode, SandboxUser } from './wire.js';

export interface NewToken {
  token: string;
  username: string;
  /** `*`, or separated by spaces: `images:read_write linodes:read_only`. */
  scopes: string;
  /** A restricted user has only the permissions in `grants`. */
  restricted?: boolean;
  grants?: SandboxGrants;
  /** Of the profile; default GMT. */
  timezone?: string;
}

export interface NewAccount {
  name?: string;
  tokens: NewToken[];
  /** A number of generated private images, or images with defaults for missing fields. */
  images?: number | Partial<SandboxImage>[];
  /** A number of generated Linodes with two disks each, or Linodes with defaults for missing fields. */
  linodes?: number | Partial<SandboxLinode>[];
  /** Users in addition to those of the tokens. */
  users?: Partial<SandboxUser>[];
}

const FIRST_LINODE = 58_000_001;

/** Adds a deep copy of the account: later changes don't affect the argument. */
export function addAccount(world: World, newAccount: NewAccount): Account {
  const given = structuredClone(newAccount);
  const account = new Account(given.name ?? `account-${world.accounts.length + 1}`);
  world.accounts.push(account);
  for (const { token, username, scopes, restricted = false, grants = {}, timezone = 'GMT' } of given.tokens) {
    world.callers.set(token, {
      token,
      username,
      scopes,
      account,
      grants: restricted ? grants : null,
      timezone,
    });
    account.users.set(username, buildUser({ username, restricted }));
  }
  for (const user of given.users ?? []) {
    const built = buildUser({ ...account.users.get(user.username ?? ''), ...user });
    account.users.set(built.username, built);
  }
  const creator = given.tokens[0]?.username ?? null;
  for (const image of listOf(given.images)) putImage(world, account, { created_by: creator, ...image });
  for (const linode of listOf(given.linodes)) {
    const id = linode.id ?? nextLinodeNumber(world);
    account.linodes.set(id, buildLinode(id, world.now(), linode));
  }
  return account;
}

/** Adds an image, or overwrites the given fields. Cancels its capture and upload. */
export function putImage(world: World, account: Account, given: Partial<SandboxImage>): SandboxImage {
  const id = given.id ?? `private/${world.nextImageNumber}`;
  const isPublic = id.startsWith('linode/');
  const home = isPublic ? world.publicImages : account.images;
  if (!isPublic) world.nextImageNumber = Math.max(world.nextImageNumber, numberOf(id) + 1);
  const known = home.get(id);
  const image = known ? completeSizes({ ...known, ...given }, given) : buildImage(id, world.now(), given);
  account.captures.delete(id);
  world.uploads.delete(numberOf(id));
  home.set(id, image);
  world.invalidateLists(isPublic ? null : account);
  return image;
}

export function removeImage(world: World, id: string): void {
  const owner = world.ownerOf(id);
  if (owner === undefined) return;
  (owner?.images ?? world.publicImages).delete(id);
  owner?.captures.delete(id);
  world.uploads.delete(numberOf(id));
  world.invalidateLists(owner);
}

export function buildUser(given: Partial<SandboxUser>): SandboxUser {
  const username = given.username ?? 'user';
  return {
    username,
    email: `${username}@example.com`,
    restricted: false,
    ssh_keys: [],
    tfa_enabled: false,
    verified_phone_number: null,
    password_created: '2023-02-11T09:41:20',
    last_login: null,
    user_type: 'default',
    ...given,
  };
}

function nextLinodeNumber(world: World): number {
  const taken = world.accounts.flatMap((account) => [...account.linodes.keys()]);
  return Math.max(FIRST_LINODE - 1, ...taken) + 1;
}

function listOf<T extends object>(given: number | Partial<T>[] = []): Partial<T>[] {
  return typeof given === 'number' ? Array.from({ length: given }, () => ({})) : given;
}
