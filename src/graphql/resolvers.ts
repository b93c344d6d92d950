import type { Resolvers } from '../generated/graphql.js';
import { DateTime } from './dateTime.js';
import { imageQueries } from './image.js';
import { imageMutations } from './imageMutations.js';
import { nodeQueries } from './node.js';
import { URLScalar } from './url.js';

export const resolvers: Resolvers = {
  DateTime,
  URL: URLScalar,
  Query: { ...nodeQueries, ...imageQueries },
  Mutation: imageMutations,
  Node: { __resolveType: (node) => node.__typename },
};
