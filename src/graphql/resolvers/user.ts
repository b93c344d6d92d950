import type { QueryResolvers, User } from '../../generated/graphql.js';
import { isUsername, type LinodeUser } from '../../linode/api/users.js';
import type { GraphQLContext } from '../context.js';
import { globalId } from '../models/globalId.js';

/** A user in the schema's words. */
export type UserModel = Required<User>;

const toUser = (user: LinodeUser): UserModel => ({
  __typename: 'User',
  id: globalId.user(user.username),
  username: user.username,
  email: user.email,
  restricted: user.restricted,
});

/** One user by name; null, without a call, for what can't be a name. */
export async function findUser(username: string, { loaders }: GraphQLContext): Promise<UserModel | null> {
  if (!isUsername(username)) return null;
  const user = await loaders.users.one.load(username);
  return user && toUser(user);
}

export const userQueries: Pick<QueryResolvers, 'viewer'> = {
  viewer: async (_, __, { loaders }) => toUser(await loaders.users.viewer()),
};
