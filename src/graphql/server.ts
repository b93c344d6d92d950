import type { ApolloServer, ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  internalErrorHooks,
  internalErrorPlugin,
  type ReportInternalError,
} from './plugins/internalErrors.js';
import type { GraphQLContext } from './context.js';
import { DocumentCache } from './documents/documentCache.js';
import { noServiceRule } from './federation/noService.js';
import { formatterOf } from './errors/formatError.js';
import { pluginOf, type Hooks } from './plugins/hooks.js';
import { responseSizeHooks } from './limits/responseSize.js';
import { limitsHooks, limitsRule, MAX_ERRORS, type QueryLimits } from './limits/limits.js';
import { RequestIdApolloServer } from './plugins/requestIdServer.js';
import { respondToSubscription, subscriptionHooks } from './plugins/subscriptions.js';
import type { PersistedOperations } from './documents/persistedOperations.js';
import { rowErrorHooks } from './plugins/rowErrors.js';
import { responseMetadataHooks, type ResponseMetadataOptions } from './plugins/responseMetadata.js';
import { createRowProjection } from './rowProjection/rowProjection.js';
import { createSchema } from './schema.js';
import { httpStatusHooks } from './plugins/httpStatus.js';

export interface GraphQLServerOptions {
  /** The directory of the SDL files. */
  schemaDirectory: string;
  introspection: boolean;
  /** Whether the schema is served as an Apollo Federation 2 subgraph. */
  federation: boolean;
  limits: QueryLimits;
  /** If absent, all operations are allowed, and clients can register theirs by hash. */
  persistedOperations?: PersistedOperations | undefined;
  metadata: ResponseMetadataOptions;
  reportInternalError: ReportInternalError;
  /** Run after those of the server itself. */
  hooks?: Hooks[];
  plugins?: ApolloServerPlugin<GraphQLContext>[];
}

/** Creates Apollo Server over the executable schema. Start it before it serves. */
export function createGraphQLServer(options: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  const schema = createSchema(options.schemaDirectory, options.federation);
  const rowProjection = createRowProjection(schema);
  const parseOptions = { maxTokens: options.limits.maxTokens };
  const documents = new DocumentCache(schema, parseOptions);
  return new RequestIdApolloServer<GraphQLContext>({
    schema,
    // Apollo passes the value through, and Express sends bytes as well as strings.
    stringifyResult: (result) => rowProjection.stringify(result) as string,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    parseOptions,
    validationRules: [limitsRule(options.limits), ...(options.introspection ? [] : [noServiceRule])],
    validationOptions: { maxErrors: MAX_ERRORS },
    executionOptions: { maxCoercionErrors: MAX_ERRORS },
    allowBatchedHttpRequests: false,
    documentStore: documents.store,
    csrfPrevention: true,
    ...(options.persistedOperations && { persistedQueries: options.persistedOperations }),
    formatError: formatterOf(options.introspection),
    stopOnTerminationSignals: false,
    plugins: [
      // Its wrapper around every field is slow, and the catalog knows freshness better.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing is sent to Apollo, whatever its environment variables say, and no page of theirs is served.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      internalErrorPlugin(options.reportInternalError),
      pluginOf(
        [
          documents.hooks,
          limitsHooks(options.limits),
          subscriptionHooks,
          internalErrorHooks(options.reportInternalError),
          httpStatusHooks,
          rowErrorHooks,
          responseSizeHooks(options.limits.maxResponseBytes, rowProjection.sizeOf),
          responseMetadataHooks(options.metadata),
          rowProjection.hooks,
          ...(options.hooks ?? []),
        ],
        respondToSubscription,
      ),
      ...(options.plugins ?? []),
    ],
  });
}
