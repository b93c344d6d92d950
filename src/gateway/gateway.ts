import type { Request, Response } from 'express';
import type { Upstream } from '../catalog/upstream.js';
import { operationLogHooks } from '../graphql/plugins/operationLog.js';
import { contextFactory } from '../graphql/context.js';
import { formatterOf } from '../graphql/errors/formatError.js';
import { createGraphQLServer } from '../graphql/server.js';
import { printSorted, readSchema } from '../graphql/sdl.js';
import { StreamedOperations } from '../graphql/subscriptions/streamedOperations.js';
import { createAdmission } from '../http/admission/admission.js';
import { Overload } from '../http/admission/overload.js';
import { createRateLimit } from '../http/admission/rateLimit.js';
import { Readiness } from '../http/admission/readiness.js';
import { RequestLimiter } from '../http/admission/requestLimiter.js';
import { createApp } from '../http/app.js';
import { ResponseCache } from '../http/responseCache/responseCache.js';
import { createAdminServer } from '../http/routes/adminServer.js';
import { graphiql } from '../http/routes/graphiql.js';
import { health } from '../http/routes/health.js';
import { sdl } from '../http/routes/sdl.js';
import { createHttpServer } from '../http/server/httpServer.js';
import { socketSessions } from '../http/sessions/socketSessions.js';
import { sessionCallerKey, sessionCookie } from '../http/sessions/requestSession.js';
import { WebSockets } from '../http/webSocket/webSockets.js';
import type { RequestRecord } from '../http/server/requestRecord.js';
import { RequestTracker } from '../http/server/requestTracker.js';
import type { Handler } from '../http/server/trackedRequest.js';
import { LiveImages } from '../live/liveImages.js';
import { OpenSubscriptions } from '../http/streams/openSubscriptions.js';
import { SubscriptionMetrics } from '../telemetry/metrics/subscriptionMetrics.js';
import { createRegistry, metricsRoute } from '../telemetry/metrics/registry.js';
import { ServingMetrics } from '../telemetry/metrics/servingMetrics.js';
import { traceGraphQL } from '../telemetry/tracing/graphqlSpans.js';
import { bindTrace, traceRequests } from '../telemetry/tracing/httpSpans.js';
import { createObservedUpstream } from './observedUpstream.js';
import { Observers } from './observers.js';
import type { Gateway, GatewayOptions } from './options.js';
import { createSessionAccess } from './sessionAccess.js';
import { createShared, type Shared } from './sharedCatalogs.js';

/** Builds upstream, Apollo, the application and the server, and listens. Rejects when it cannot. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, settings, protection, log, tracer, elsewhere } = options;
  const overload = new Overload(clock, options.maxLagMs ?? Infinity);
  const readiness = new Readiness(() => overload.isOverloaded, options);
  const limiter =
    protection.rateLimitPerMinute > 0 ? new RequestLimiter(protection.rateLimitPerMinute, clock) : undefined;
  const registry = createRegistry(options.processMetrics ?? false);
  const shared: Shared | undefined =
    options.redis &&
    createShared(
      options.redis,
      clock,
      { registry, log },
      async () => upstream?.restoreBudgets(),
      limiter?.noteVerdict,
    );
  const { upstream, catalogs } = elsewhere
    ? { upstream: null, catalogs: elsewhere.catalogs }
    : ownUpstream(
        createObservedUpstream(
          { ...options, ...shared, onTokenVerdict: limiter?.noteVerdict },
          { registry, log, tracer },
        ),
      );
  const onRequest = (record: RequestRecord): void => {
    if (record.status === 503 && record.route === 'graphql') overload.noteShed();
    observers.request(record);
  };
  const tracker = new RequestTracker({ clock, clientTimeoutMs: protection.clientTimeoutMs, onRequest });
  const operationNames = new Set([
    ...(options.operationNames ?? []),
    ...(protection.persistedOperations?.names ?? []),
  ]);
  const metrics = new ServingMetrics(registry, operationNames, () => ({
    inFlight: tracker.inFlight,
    isReady: readiness.reason === null,
  }));
  const observers = new Observers(metrics, log, tracer);
  const apollo = createGraphQLServer({
    schemaDirectory: options.schemaDirectory,
    introspection: options.introspection,
    federation: options.federation ?? false,
    limits: protection.queryLimits,
    persistedOperations: protection.persistedOperations,
    metadata: {
      linodeUrl: options.linodeApiUrl.href.replace(/\/+$/, ''),
      staleIfErrorMs: settings.staleIfErrorMs,
    },
    reportInternalError: observers.internalError,
    hooks: [operationLogHooks(clock, observers.operation)],
    plugins: tracer ? [traceGraphQL(tracer)] : [],
  });
  await apollo.start();
  await shared?.sharing.start();

  const access =
    options.sessions &&
    createSessionAccess(options.sessions, {
      catalogs,
      clock,
      requestTimeoutMs: settings.requestTimeoutMs,
      proxy: options.proxy,
      redis: options.redis?.redis,
      trustProxyHops: protection.trustProxyHops,
      onProblem: log.sessionProblem,
    });
  const live = new LiveImages({ catalogs, clock, settings, reportInternalError: observers.internalError });
  const subscriptions: OpenSubscriptions = new OpenSubscriptions(
    protection.subscriptions,
    new SubscriptionMetrics(registry, () => ({ open: subscriptions.count, callers: live.callers })),
  );
  const createContext = contextFactory({
    catalogs,
    clock,
    imageRegionsExcept: options.imageRegionsExcept ?? [],
    live,
  });
  const ready = shared && (() => shared.sharing.ready());
  const streamedOperations = new StreamedOperations({
    server: apollo,
    ready,
    createContext,
    clock,
    requestTimeoutMs: settings.requestTimeoutMs,
    maxResponseBytes: protection.queryLimits.maxResponseBytes,
    formatError: formatterOf(options.introspection),
    reportInternalError: observers.internalError,
    onOperation: observers.operation,
  });
  const metricsHandler = metricsRoute(elsewhere?.metricsText ?? (() => registry.metrics()));
  const unreadiness = () => readiness.reason;
  const upstreamProblem = () => readiness.upstreamProblem;
  const isAlone = shared && (() => shared.sharing.peers.aloneSince !== undefined);
  const app = createApp({
    server: apollo,
    createContext,
    streamedOperations,
    subscriptions,
    clock,
    requestTimeoutMs: settings.requestTimeoutMs,
    protection,
    explain: options.explain,
    ...(options.introspection && { sdl: sdl(() => printSorted(readSchema(options.schemaDirectory))) }),
    ...(options.graphiql && {
      graphiql: graphiql({ ...options.graphiql, explain: options.explain, sessions: access !== undefined }),
    }),
    access,
    unreadiness,
    upstreamProblem,
    isAlone,
    ready,
    metrics: metricsHandler,
    tracker,
    reportInternalError: observers.internalError,
  });
  const application: Handler = ({ req, res }) => {
    app(req as Request, res as Response);
  };
  const consume = limiter && (elsewhere?.consume ?? limiter.consume);
  const admission = createAdmission(
    {
      overload,
      rateLimit:
        consume &&
        createRateLimit({
          trustProxyHops: protection.trustProxyHops,
          consume,
          sessionKeyOf: access && ((req) => sessionCallerKey(req, access.publicUrl)),
        }),
      trace: tracer && traceRequests(tracer),
    },
    options.responseCache === false ? application : cached(application),
    application,
  );
  const http = createHttpServer({
    app,
    handler: admission,
    limits: protection,
    compression: protection.compression,
    basePath: options.basePath ?? '',
    tracker,
    onMalformed: onRequest,
  });
  const webSockets = protection.subscriptions.webSocket
    ? new WebSockets({
        server: http.server,
        operations: streamedOperations,
        subscriptions,
        tracker,
        protection,
        clock,
        isLate: () => overload.isLate,
        consume,
        sessions: access && socketSessions(access),
        onRequest,
        reportInternalError: observers.internalError,
      })
    : undefined;
  const port = await http.listen(options.port, options.host);
  const admin = createAdminServer(health(unreadiness, upstreamProblem, isAlone), metricsHandler);
  const adminPort =
    options.adminPort === undefined ? null : await admin.listen(options.adminPort, options.host);
  const upstreamAnswered = (): void => {
    readiness.upstreamAnswered();
  };
  const upstreamFailed = (problem: string): void => {
    readiness.upstreamFailed(problem);
    log.upstreamProblem(problem);
  };
  const stopProbe =
    (options.awaitsUpstream ? upstream?.probe(upstreamAnswered, upstreamFailed) : undefined) ?? ignore;

  function cached(next: Handler): Handler {
    const cache = new ResponseCache({
      catalogs,
      clock,
      maxBodyBytes: protection.maxBodyBytes,
      compression: protection.compression,
      prepareReplay: observers.prepareReplay,
      isUncacheable: access && ((req) => sessionCookie(req, access.publicUrl) !== undefined),
      bindTrace: tracer && bindTrace,
    });
    return (request) => {
      cache.lookUp(request, next);
    };
  }

  function unready(): void {
    readiness.drain();
    tracker.drain();
  }

  async function close(): Promise<void> {
    unready();
    const closed = http.close();
    // They reconnect to another process: this one accepts no connection any more.
    webSockets?.drain();
    subscriptions.drain();
    await closed;
    await access?.sessions.close();
    if (adminPort !== null) await admin.close();
    stopProbe();
    overload.close();
    await apollo.stop();
    live.close();
    catalogs.close();
    await upstream?.close();
    await shared?.sharing.close();
  }
  let closing: Promise<void> | undefined;

  return {
    url: `${originOf(options.host, port)}/graphql`,
    adminUrl: adminPort === null ? null : originOf(options.host, adminPort),
    catalogs,
    server: http.server,
    metrics: () => registry.getMetricsAsJSON(),
    upstreamAnswered,
    unready,
    unreadiness,
    close: () => (closing ??= close()),
  };
}

const originOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

const ownUpstream = (upstream: Upstream) => ({ upstream, catalogs: upstream.catalogs });

const ignore = (): void => undefined;
