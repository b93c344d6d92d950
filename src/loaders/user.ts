import type DataLoader from 'dataloader';
import { getProfile, type LinodeProfile } from '../linode/api/profile.js';
import { getUser, getUsers, type LinodeUser } from '../linode/api/users.js';
import type { LinodeList } from '../linode/api/page.js';
import { oneOf } from '../linode/api/xFilter.js';
import type { Ask } from './ask.js';
import { createBatchLoader, listInOrder } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Users of one operation. */
export interface UserLoaders {
  /** A user of the account by name, null when there is none any more: several are asked for in one call. */
  one: DataLoader<string, LinodeUser | null>;
  /** The user that the token belongs to. */
  viewer(): Promise<LinodeProfile>;
}

export function createUserLoaders(ask: Ask): UserLoaders {
  let viewer: Promise<LinodeProfile> | undefined;
  return {
    one: createBatchLoader<LinodeUser | null>(async (names) => {
      const [only, ...others] = names;
      if (only !== undefined && others.length === 0) {
        return [await nullIfMissing(ask.list('users', (linode, terms) => getUser(linode, only, terms)))];
      }
      const list = (xFilter?: string): Promise<LinodeList<LinodeUser>> =>
        ask.list('users', (linode, terms) => getUsers(linode, xFilter, terms));
      const found = await ask.narrowed('users', oneOf('username', names), list, list);
      return listInOrder(names, found, ({ username }) => username, '/account/users');
    }),
    viewer: () => (viewer ??= ask.one(getProfile)),
  };
}
