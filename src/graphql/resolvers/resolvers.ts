import type { Resolvers } from '../../generated/resolvers.js';
import { DateTime } from '../scalars/dateTime.js';
import { diskEdges } from './disk.js';
import { eventEdges } from './event.js';
import { imageQueries } from './image.js';
import { imageEdges } from './imageEdges.js';
import { imageMutations } from './imageMutations.js';
import { linodeEdges, linodeQueries } from './linode.js';
import { nodeQueries } from './node.js';
import { regionQueries } from './region.js';
import { URLScalar } from '../scalars/url.js';
import { userQueries } from './user.js';

export const resolvers: Resolvers = {
  DateTime,
  URL: URLScalar,
  Query: { ...nodeQueries, ...imageQueries, ...regionQueries, ...linodeQueries, ...userQueries },
  Mutation: imageMutations,
  Image: imageEdges,
  Linode: linodeEdges,
  Disk: diskEdges,
  Event: eventEdges,
  Node: { __resolveType: (node) => node.__typename },
};
