import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { entityResolvers } from './federation/entities.js';
import { toSubgraph } from './federation/subgraph.js';
import { resolvers } from './resolvers/resolvers.js';
import { loadTypeDefs, readSchema } from './sdl.js';

/** @param federation whether it is a subgraph too */
export function createSchema(directory: string, federation = false): GraphQLSchema {
  if (!federation) return makeExecutableSchema({ typeDefs: loadTypeDefs(directory), resolvers });
  const { typeDefs, sdl, entityTypes } = toSubgraph(readSchema(directory));
  return makeExecutableSchema({
    typeDefs,
    resolvers: [resolvers, entityResolvers(sdl, entityTypes)],
  });
}
