import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Express, type Router } from 'express';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import { createContext, type GraphQLContext } from '../graphql/context.js';
import { callerFrom } from './bearer.js';
import { maxAgeMsFrom } from './cacheControl.js';
import { Concurrency } from './concurrency.js';
import { cors } from './cors.js';
import { createErrorHandler, notFound } from './errors.js';
import type { FastLane } from './fastLane.js';
import { health } from './health.js';
import { hostHeader } from './hostHeader.js';
import type { Metrics } from './metrics.js';
import { operationTerms } from './operationTerms.js';
import { persistedOnly } from './persistedOnly.js';
import type { Protection } from './protection.js';
import { protocol } from './protocol.js';
import { rateLimit, type Consume } from './rateLimit.js';
import type { Overload } from './overload.js';
import type { Unreadiness } from './readiness.js';
import { requestId, requestIdOf } from './requestId.js';
import { shedding } from './shedding.js';
import { securityHeaders } from './securityHeaders.js';
import type { Traffic } from './traffic.js';

export interface AppOptions {
  server: ApolloServer<GraphQLContext>;
  catalogs: SharedCatalogs;
  clock: Clock;
  requestTimeoutMs: number;
  protection: Protection;
  /** Counts requests for the rate limit; absent, those to this process are. */
  consume?: Consume | undefined;
  /** Whether `X-Explain: 1` is answered. */
  explain: boolean;
  /** GraphiQL's routes, where it is served. */
  graphiql?: Router;
  /** Why no work should come, null when it should. */
  unreadiness: () => Unreadiness | null;
  metrics: Metrics;
  traffic: Traffic;
  overload: Overload;
  fastLane: FastLane;
  reportBug: (error: unknown, requestId?: string) => void;
}

/** The HTTP side: one GraphQL endpoint, its playground, health. */
export function createApp(options: AppOptions): Express {
  const { server, catalogs, clock, requestTimeoutMs, protection } = options;
  const concurrency = new Concurrency(protection.maxConcurrentOperations);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', protection.trustProxyHops);
  app.use(requestId, securityHeaders, hostHeader);
  app.use(health(options.unreadiness));
  app.use(options.metrics.router);
  if (options.graphiql) app.use(options.graphiql);
  app.use(
    '/graphql',
    cors(protection.corsOrigins),
    shedding(options.overload),
    protocol,
    ...(protection.rateLimitPerMinute > 0 ? [rateLimit(protection.rateLimitPerMinute, options.consume)] : []),
    express.json({ limit: protection.maxBodyBytes }),
    ...(protection.persistedOperations ? [persistedOnly(protection.persistedOperations)] : []),
    concurrency.admit,
    expressMiddleware(server, {
      context: async ({ req, res }) => {
        const context = createContext(catalogs, {
          caller: callerFrom(req.get('authorization')),
          requestId: requestIdOf(res),
          terms: operationTerms(res, clock, requestTimeoutMs),
          maxAgeMs: maxAgeMsFrom(req.get('cache-control')),
          explains: options.explain && req.get('x-explain') === '1',
          slot: concurrency.slotOf(res),
          onObserved: (record) => {
            options.traffic.markOperation(res);
            options.fastLane.observed(res, record);
          },
        });
        options.fastLane.begin(res, context);
        return context;
      },
    }),
  );
  app.use(notFound);
  app.use(createErrorHandler(options.reportBug));
  return app;
}
