import type { Resolvers } from '../../generated/resolvers.js';
import { DateTime } from '../scalars/dateTime.js';
import { diskEdges } from './disk.js';
import { eventEdges } from './event.js';
import { imageQueries } from './image.js';
import { imageEdges, imageRegionEdges } from './imageEdges.js';
import { imageMutations } from './imageMutations.js';
import { imageRegionMutations } from './imageRegionMutations.js';
import { linodeEdges, linodeQueries } from './linode.js';
import { nodeQueries } from './node.js';
import { regionQueries } from './region.js';
import { URLScalar } from '../scalars/url.js';
import { imageSubscriptions } from './imageSubscriptions.js';
import { profileEdges, profileQueries } from './profile.js';

export const resolvers: Resolvers = {
  DateTime,
  URL: URLScalar,
  Query: { ...nodeQueries, ...imageQueries, ...regionQueries, ...linodeQueries, ...profileQueries },
  Subscription: imageSubscriptions,
  Mutation: { ...imageMutations, ...imageRegionMutations },
  Image: imageEdges,
  ImageRegion: imageRegionEdges,
  Profile: profileEdges,
  Linode: linodeEdges,
  Disk: diskEdges,
  Event: eventEdges,
  Node: { __resolveType: (node) => node.__typename },
};
