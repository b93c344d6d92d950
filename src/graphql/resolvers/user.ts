import { isUsername } from '../../linode/api/users.js';
import type { GraphQLContext } from '../context.js';
import { toUser, type UserModel } from '../models/user.js';

/** One user by name; null without a call if it can't be a username. */
export async function findUser(username: string, { loaders }: GraphQLContext): Promise<UserModel | null> {
  if (!isUsername(username)) return null;
  const user = await loaders.users.one.load(username);
  return user && toUser(user);
}
