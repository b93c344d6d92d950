import type DataLoader from 'dataloader';
import {
  getGrants,
  getProfile,
  type LinodeGrant,
  type LinodeGrants,
  type LinodeProfile,
} from '../linode/api/profile.js';
import { getUser, getUsers, type LinodeUser } from '../linode/api/users.js';
import { rowError, type LinodeList } from '../linode/api/page.js';
import type { UnreadableRow } from '../linode/shapes.js';
import { oneOf } from '../linode/api/xFilter.js';
import type { Requests } from './requests.js';
import { createBatchLoader, listInOrder } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Users of one operation. */
export interface UserLoaders {
  /** A user of the account by name, null if there is none any more. One call fetches several. */
  one: DataLoader<string, LinodeUser | null>;
  /** The user that the token belongs to. */
  viewer(): Promise<LinodeProfile>;
  /** What that user may do; null for an unrestricted user. */
  grants(): Promise<Grants | null>;
}

/** The grants of a restricted user. */
export interface Grants extends Pick<LinodeGrants, 'global'> {
  /** By image ID; an error where the grant cannot be read. */
  imageGrant(imageId: string): LinodeGrant['permissions'] | undefined | Error;
}

/** Linode names images by the number in `private/123`. */
function byImageId(grants: LinodeGrants | null): Grants | null {
  if (!grants) return null;
  const { global, image, unreadable } = grants;
  const byId = new Map(image.map(({ id, permissions }) => [`private/${id}`, permissions]));
  const unreadableOf = (imageId: string): UnreadableRow | undefined =>
    unreadable.find(({ id }) => id === null || `private/${id}` === imageId);
  return {
    global,
    imageGrant(imageId) {
      const grant = byId.get(imageId);
      const row = grant === undefined && imageId.startsWith('private/') && unreadableOf(imageId);
      return row ? rowError(row, '/profile/grants') : grant;
    },
  };
}

export function createUserLoaders(requests: Requests): UserLoaders {
  let viewer: Promise<LinodeProfile> | undefined;
  let grants: Promise<Grants | null> | undefined;
  return {
    one: createBatchLoader<LinodeUser | null>(async (names) => {
      const [only, ...others] = names;
      if (only !== undefined && others.length === 0) {
        return [await nullIfMissing(requests.list('users', (linode, terms) => getUser(linode, only, terms)))];
      }
      const list = (xFilter?: string): Promise<LinodeList<LinodeUser>> =>
        requests.list('users', (linode, terms) => getUsers(linode, xFilter, terms));
      const found = await requests.narrowed('users', oneOf('username', names), list, list);
      return listInOrder(names, found, ({ username }) => username, '/account/users');
    }),
    viewer: () => (viewer ??= requests.one(getProfile)),
    grants: () => (grants ??= requests.one(getGrants).then(byImageId)),
  };
}
