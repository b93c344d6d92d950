import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Express, type Router } from 'express';
import type { Clock } from '../clock.js';
import type { CreateContext, GraphQLContext } from '../graphql/context.js';
import type { StreamedOperations } from '../graphql/subscriptions/streamedOperations.js';
import type { OperationRecord } from '../graphql/operationRecord.js';
import type { Caller } from '../linode/caller.js';
import { requestCaller } from './admission/requestCaller.js';
import { maxAgeMsFrom } from './middleware/cacheControl.js';
import { limitConcurrency } from './admission/concurrency.js';
import { cors, corsWithCredentials } from './middleware/cors.js';
import { createErrorHandler, notFound, type Middleware } from './errors.js';
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
import { authRoutes } from './sessions/authRoutes.js';
import { requestSession } from './sessions/requestSession.js';
import type { SessionAccess } from './sessions/sessionAccess.js';

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
  /** Absent: users cannot sign in, and cookies are ignored. */
  access?: SessionAccess | undefined;
  /** Why no work should come, null when it should. */
  unreadiness: () => Unreadiness | null;
  /** What is wrong with the upstream, if that is why. */
  upstreamProblem: () => string | undefined;
  /** Resolves when what is in memory may be served; absent: it always may. */
  ready?: (() => Promise<void>) | undefined;
  /** Whether Redis is away; absent without Redis. */
  isAlone?: (() => boolean) | undefined;
  /** `GET /metrics` */
  metrics: Router;
  tracker: RequestTracker;
  reportInternalError: (error: unknown, requestId?: string) => void;
}

/** The HTTP side: one GraphQL endpoint, its playground, health. */
export function createApp(options: AppOptions): Express {
  const { server, clock, requestTimeoutMs, protection, createContext, access } = options;
  const operationOf: OperationOfRequest = (req, request) => ({
    caller: request.session?.caller ?? requestCaller(req.headers),
    requestId: request.requestId ?? '',
    maxAgeMs: maxAgeMsFrom(req.get('cache-control')),
    explains: options.explain && req.get('x-explain') === '1',
    slot: request,
    onObserved: (record) => {
      request.isOperation = true;
      if (request.session && access) noteRefusal(record, request.session, access);
      request.listener?.onRecord?.(record);
    },
  });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const crossOrigin = crossOriginOf(protection, access);
  app.use(headAsGet, requestIdHeader, securityHeaders, refusal(crossOrigin));
  app.use(health(options.unreadiness, options.upstreamProblem, options.isAlone));
  app.use(options.metrics);
  if (options.sdl) app.use(options.sdl);
  if (options.graphiql) app.use(options.graphiql);
  if (access) app.use(authRoutes(access, credentialsFor(access, protection)));
  app.use(
    '/graphql',
    admittedOnly,
    ...crossOrigin,
    protocol(protection.compression),
    ...(access ? [requestSession(access)] : []),
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
        if (options.ready) await options.ready();
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

/** CORS headers, with credentials for the origins whose pages may use sessions. */
function crossOriginOf(protection: Protection, access: SessionAccess | undefined): Middleware[] {
  const usual = protection.corsOrigins.length > 0 ? cors(protection) : undefined;
  const origins = access?.policy.origins ?? [];
  if (origins.length > 0) return [corsWithCredentials(origins, protection, usual)];
  return usual ? [usual] : [];
}

const credentialsFor = ({ policy: { origins } }: SessionAccess, protection: Protection): Middleware[] =>
  origins.length > 0 ? [corsWithCredentials(origins, protection, undefined)] : [];

/** The session's token is refreshed before its next use if Linode refused the token itself, not a scope. */
function noteRefusal(
  { errorCodes }: OperationRecord,
  { id, caller }: { id: string; caller: Caller },
  { sessions, onProblem }: SessionAccess,
): void {
  if (!errorCodes.includes('UNAUTHENTICATED')) return;
  sessions.noteRefused(id, caller).catch((error: unknown) => {
    onProblem(`A refused token could not be noted: ${(error as Error).message}`);
  });
}
