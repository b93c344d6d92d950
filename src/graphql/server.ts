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
import { DocumentCache } from './documentCache.js';
import { createExecutor } from './executor.js';
import { formatError } from './errors.js';
import { limitsPlugin, limitsRule, MAX_ERRORS, type QueryLimits } from './limits.js';
import { stringify } from './json.js';
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
export function createGraphQLServer(options: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  const schema = createSchema(options.schemaDirectory);
  const parseOptions = { maxTokens: options.limits.maxTokens };
  const documents = new DocumentCache(schema, parseOptions);
  return new ApolloServer<GraphQLContext>({
    gateway: behindApollo(schema),
    stringifyResult: stringify,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    parseOptions,
    validationRules: [limitsRule(options.limits)],
    validationOptions: { maxErrors: MAX_ERRORS },
    allowBatchedHttpRequests: false,
    documentStore: documents.store,
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
      documents.plugin,
      limitsPlugin(options.limits),
      bugPlugin(options.reportBug),
      specStatusPlugin,
      replyPlugin(options.linodeUrl),
      ...(options.plugins ?? []),
    ],
  });
}

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
