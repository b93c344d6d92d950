import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Express, type Router } from 'express';
import type { Catalogs } from '../catalog/catalogs.js';
import type { Clock } from '../clock.js';
import { createContext, type GraphQLContext } from '../graphql/context.js';
import { callerFrom } from './bearer.js';
import { maxAgeMsFrom } from './cacheControl.js';
import { createErrorHandler, notFound } from './errors.js';
import { health } from './health.js';
import type { Metrics } from './metrics.js';
import { operationTerms } from './operationTerms.js';
import type { Unreadiness } from './readiness.js';
import { requestId, requestIdOf } from './requestId.js';
import type { Traffic } from './traffic.js';

export interface AppOptions {
  server: ApolloServer<GraphQLContext>;
  catalogs: Catalogs;
  clock: Clock;
  requestTimeoutMs: number;
  /** Whether `X-Explain: 1` is answered. */
  explain: boolean;
  /** GraphiQL's routes, where it is served. */
  graphiql?: Router;
  /** Why no work should come, null when it should. */
  unreadiness: () => Unreadiness | null;
  metrics: Metrics;
  traffic: Traffic;
  reportBug: (error: unknown) => void;
}

const MAX_BODY = '512kb';

/** The HTTP side: one GraphQL endpoint, its playground, health. */
export function createApp(options: AppOptions): Express {
  const { server, catalogs, clock, requestTimeoutMs } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(requestId);
  app.use(health(options.unreadiness));
  app.use(options.metrics.router);
  if (options.graphiql) app.use(options.graphiql);
  app.use(
    '/graphql',
    express.json({ limit: MAX_BODY }),
    expressMiddleware(server, {
      context: async ({ req, res }) => {
        res.vary('Authorization');
        return createContext(catalogs, {
          caller: callerFrom(req.get('authorization')),
          requestId: requestIdOf(res),
          terms: operationTerms(res, clock, requestTimeoutMs),
          maxAgeMs: maxAgeMsFrom(req.get('cache-control')),
          explains: options.explain && req.get('x-explain') === '1',
          onObserved: () => {
            options.traffic.markOperation(res);
          },
        });
      },
    }),
  );
  app.use(notFound);
  app.use(createErrorHandler(options.reportBug));
  return app;
}
