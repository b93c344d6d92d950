import type { ApolloServer, ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { bugHooks, bugPlugin, type ReportBug } from './plugins/bugs.js';
import type { GraphQLContext } from './context.js';
import { DocumentCache } from './documents/documentCache.js';
import { formatError, formatErrorNamingNothing } from './errors/formatError.js';
import { pluginOf, type Hooks } from './plugins/hooks.js';
import { limitsHooks, limitsRule, MAX_ERRORS, type QueryLimits } from './limits/limits.js';
import { NamingApolloServer } from './plugins/requestIdServer.js';
import { noSubscriptionsHooks } from './plugins/noSubscriptions.js';
import type { PersistedOperations } from './documents/persistedOperations.js';
import { replyHooks } from './plugins/responseMetadata.js';
import { createRowProjection } from './rowProjection/rowProjection.js';
import { createSchema } from './schema.js';
import { specStatusHooks } from './plugins/httpStatus.js';

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
  /** Run after those of the server itself. */
  hooks?: Hooks[];
  plugins?: ApolloServerPlugin<GraphQLContext>[];
}

/** The executable schema behind Apollo's HTTP manners. Start it before it serves. */
export function createGraphQLServer(options: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  const schema = createSchema(options.schemaDirectory);
  const rowProjection = createRowProjection(schema);
  const parseOptions = { maxTokens: options.limits.maxTokens };
  const documents = new DocumentCache(schema, parseOptions);
  return new NamingApolloServer<GraphQLContext>({
    schema,
    // Apollo hands on as it is what it takes for a text, and Express sends bytes as well as texts.
    stringifyResult: (result) => rowProjection.stringify(result) as string,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    parseOptions,
    validationRules: [limitsRule(options.limits)],
    validationOptions: { maxErrors: MAX_ERRORS },
    executionOptions: { maxCoercionErrors: MAX_ERRORS },
    allowBatchedHttpRequests: false,
    documentStore: documents.store,
    csrfPrevention: true,
    ...(options.persistedOperations && { persistedQueries: options.persistedOperations }),
    formatError: options.introspection ? formatError : formatErrorNamingNothing,
    stopOnTerminationSignals: false,
    plugins: [
      // Its wrapper around every field costs more than the answers it describes; the catalog knows better.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing calls Apollo, whatever its own variables say, and no page of theirs is served.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      bugPlugin(options.reportBug),
      pluginOf([
        documents.hooks,
        noSubscriptionsHooks,
        limitsHooks(options.limits),
        bugHooks(options.reportBug),
        specStatusHooks,
        replyHooks(options.linodeUrl),
        rowProjection.hooks,
        ...(options.hooks ?? []),
      ]),
      ...(options.plugins ?? []),
    ],
  });
}
