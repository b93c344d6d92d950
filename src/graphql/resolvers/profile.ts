import type { ProfileResolvers, QueryResolvers } from '../../generated/resolvers.js';
import { accountPermissions } from '../models/permissions.js';
import { toUser } from '../models/user.js';

/** The time zone of a user who has chosen none. */
const DEFAULT_TIMEZONE = 'GMT';

export const profileQueries: Pick<QueryResolvers, 'profile' | 'viewer'> = {
  viewer: async (_, __, { loaders }) => toUser(await loaders.users.viewer()),
  profile: async (_, __, { loaders }) => {
    const profile = await loaders.users.viewer();
    return {
      __typename: 'Profile',
      user: toUser(profile),
      timezone: profile.timezone ?? DEFAULT_TIMEZONE,
      userType: profile.user_type,
    };
  },
};

export const profileEdges: Required<Pick<ProfileResolvers, 'can'>> = {
  can: async (_, __, { loaders }) => accountPermissions(await loaders.users.grants()),
};
