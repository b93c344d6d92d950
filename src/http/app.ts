import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Express, type Router } from 'express';
import type { Clock } from '../clock.js';
import type { CreateContext, GraphQLContext } from '../graphql/context.js';
import type { StreamedOperations } from '../graphql/subscriptions/streamedOperations.js';
import { requestCaller } from './admission/requestCaller.js';
import { maxAgeMsFrom } from './middleware/cacheControl.js';
import { limitConcurrency } from './admission/concurrency.js';
import { cors } from './middleware/cors.js';
import { createErrorHandler, notFound } from './errors.js';
import { health } from './routes/health.js';
import { headAsGet } from './middleware/headAsGet.js';
import { documentId } from './middleware/documentId.js';
import { operationTerms } from './middleware/operationDeadline.js';
import { jsonBody } from './middleware/jsonBody.js';
import { persistedOnly } from './middleware/persistedOnly.js';
import type { Protection } from './protection.js';
import { requestParameters } from './middleware/requestParameters.js';
import { protocol } from './middleware/protocol.js';
import type { Unreadiness } from './admission/readiness.js';
import { admittedOnly, refusal } from './middleware/refusal.js';
import { requestIdHeader } from './middleware/requestIdHeader.js';
import { httpStreams, type OperationOfRequest } from './streams/httpStreams.js';
import type { OpenSubscriptions } from './streams/openSubscriptions.js';
import { securityHeaders } from './middleware/securityHeaders.js';
import type { RequestTracker } from './server/requestTracker.js';
import { trackedOf } from './server/trackedMessages.js';

export interface AppOptions {
  server: ApolloServer<GraphQLContext>;
  createContext: CreateContext;
  /** Operations of clients that accept a stream. */
  streamedOperations: StreamedOperations;
  subscriptions: OpenSubscriptions;
  clock: Clock;
  requestTimeoutMs: number;
  protection: Protection;
  /** Whether `X-Explain: 1` is answered. */
  explain: boolean;
  /** The route of the SDL, where it is served. */
  sdl?: Router;
  /** GraphiQL's routes, where it is served. */
  graphiql?: Router;
  /** Why no work should come, null when it should. */
  unreadiness: () => Unreadiness | null;
  /** What is wrong with the upstream, if that is why. */
  upstreamProblem: () => string | undefined;
  /** `GET /metrics` */
  metrics: Router;
  tracker: RequestTracker;
  reportInternalError: (error: unknown, requestId?: string) => void;
}

/** The HTTP side: one GraphQL endpoint, its playground, health. */
export function createApp(options: AppOptions): Express {
  const { server, clock, requestTimeoutMs, protection, createContext } = options;
  const operationOf: OperationOfRequest = (req, request) => ({
    caller: requestCaller(req.headers),
    requestId: request.requestId ?? '',
    maxAgeMs: maxAgeMsFrom(req.get('cache-control')),
    explains: options.explain && req.get('x-explain') === '1',
    slot: request,
    onObserved: (record) => {
      request.isOperation = true;
      request.listener?.onRecord?.(record);
    },
  });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const crossOrigin = protection.corsOrigins.length > 0 ? [cors(protection)] : [];
  app.use(headAsGet, requestIdHeader, securityHeaders, refusal(crossOrigin));
  app.use(health(options.unreadiness, options.upstreamProblem));
  app.use(options.metrics);
  if (options.sdl) app.use(options.sdl);
  if (options.graphiql) app.use(options.graphiql);
  app.use(
    '/graphql',
    admittedOnly,
    ...crossOrigin,
    protocol(protection.compression),
    jsonBody(protection.maxBodyBytes),
    requestParameters,
    documentId,
    ...(protection.persistedOperations ? [persistedOnly(protection.persistedOperations)] : []),
    limitConcurrency(options.tracker, protection.maxConcurrentOperations),
    httpStreams({
      operations: options.streamedOperations,
      subscriptions: options.subscriptions,
      clock,
      protection,
      operationOf,
    }),
    expressMiddleware(server, {
      context: async ({ req, res }) => {
        const request = trackedOf(res);
        const terms = operationTerms(request, clock, requestTimeoutMs);
        const context = createContext({ ...operationOf(req, request), terms });
        request.listener?.onOperation?.(context);
        return context;
      },
    }),
  );
  app.use(notFound);
  app.use(createErrorHandler(options.reportInternalError));
  return app;
}
