import type { Profile, User } from '../../generated/schema.js';
import type { LinodeUser } from '../../linode/api/users.js';
import { globalId } from './globalId.js';

/** A user in the schema's words. */
export type UserModel = Required<User>;

/** The profile of the token's user, without its edge `can`. */
export type ProfileModel = Required<Omit<Profile, 'can'>>;

export const toUser = (user: LinodeUser): UserModel => ({
  __typename: 'User',
  id: globalId.user(user.username),
  username: user.username,
  email: user.email,
  restricted: user.restricted,
});
