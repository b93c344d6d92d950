import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { bugPlugin, type ReportBug } from './bugs.js';
import type { GraphQLSchema } from 'graphql';
import type { GraphQLContext } from './context.js';
import { createDocumentCache } from './documentCache.js';
import { createExecutor } from './executor.js';
import { formatError } from './errors.js';
import { limitsPlugin, limitsRule, MAX_ERRORS, type QueryLimits } from './limits.js';
import type { PersistedOperations } from './persistedOperations.js';
import { replyPlugin } from './reply.js';
import { createSchema } from './schema.js';
import { specStatusPlugin } from './specStatus.js';

export interface GraphQLServerOptions {
  /** Where the SDL is. */
  schemaDirectory: string;
  introspection: boolean;
  limits: QueryLimits;
  /** Absent: any operation may be asked, and clients may register theirs by hash. */
  persistedOperations?: PersistedOperations | undefined;
  /** Linode's address, for explanations. */
  linodeUrl: string;
  reportBug: ReportBug;
  plugins?: ApolloServerPlugin<GraphQLContext>[];
}

/** The executable schema behind Apollo's HTTP manners. Start it before it serves. */
export const createGraphQLServer = (options: GraphQLServerOptions): ApolloServer<GraphQLContext> =>
  new ApolloServer<GraphQLContext>({
    gateway: behindApollo(createSchema(options.schemaDirectory)),
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: options.limits.maxTokens },
    validationRules: [limitsRule(options.limits)],
    validationOptions: { maxErrors: MAX_ERRORS },
    allowBatchedHttpRequests: false,
    documentStore: createDocumentCache(),
    csrfPrevention: true,
    ...(options.persistedOperations && { persistedQueries: options.persistedOperations }),
    formatError,
    stopOnTerminationSignals: false,
    plugins: [
      // Its wrapper around every field costs more than the answers it describes; the catalog knows better.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing calls Apollo, whatever its own variables say, and no page of theirs is served.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      limitsPlugin(options.limits),
      bugPlugin(options.reportBug),
      specStatusPlugin,
      replyPlugin(options.linodeUrl),
      ...(options.plugins ?? []),
    ],
  });

/** Apollo's own door for another executor: all of its hooks but those for each field stay. */
function behindApollo(schema: GraphQLSchema): ApolloServerOptionsWithGateway<GraphQLContext>['gateway'] {
  const execute = createExecutor(schema);
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      // The request's own name: Apollo's is null where the document has no operation of that name.
      executor: ({ document, request: { variables, operationName }, context }) =>
        execute({ document, variables, operationName, context }),
    }),
    stop: async () => undefined,
  };
}
