import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLContext } from './context.js';
import { createFormatError } from './errors.js';
import { replyPlugin } from './reply.js';
import { resolvers } from './resolvers.js';
import { specStatusPlugin } from './specStatus.js';

export interface GraphQLServerOptions {
  /** Where the SDL is. */
  schemaDirectory: string;
  introspection: boolean;
  /** Linode's address, for explanations. */
  linodeUrl: string;
  /** Told of each bug of ours, once. */
  reportBug: (error: unknown) => void;
  plugins?: ApolloServerPlugin<GraphQLContext>[];
}

export const loadTypeDefs = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(join(directory, name), 'utf8'));

/** The executable schema behind Apollo's HTTP manners. Start it before it serves. */
export const createGraphQLServer = (options: GraphQLServerOptions): ApolloServer<GraphQLContext> =>
  new ApolloServer<GraphQLContext>({
    typeDefs: loadTypeDefs(options.schemaDirectory),
    resolvers,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    formatError: createFormatError(options.reportBug),
    stopOnTerminationSignals: false,
    plugins: [
      // Its wrapper around every field costs more than the answers it describes; the catalog knows better.
      ApolloServerPluginCacheControlDisabled(),
      specStatusPlugin,
      replyPlugin(options.linodeUrl),
      ...(options.plugins ?? []),
    ],
  });
