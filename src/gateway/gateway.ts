import type { Upstream } from '../catalog/upstream.js';
import type { OperationRecord } from '../graphql/operationRecord.js';
import { operationLogHooks } from '../graphql/plugins/operationLog.js';
import { createGraphQLServer } from '../graphql/server.js';
import { traceGraphQL } from '../telemetry/tracing/graphqlSpans.js';
import { createApp } from '../http/app.js';
import { FastLane } from '../http/responseCache/responseCache.js';
import { graphiql } from '../http/routes/graphiql.js';
import { createRegistry, metricsRoute } from '../telemetry/metrics/registry.js';
import { ServingMetrics } from '../telemetry/metrics/servingMetrics.js';
import { Overload } from '../http/admission/overload.js';
import { RequestLimiter } from '../http/admission/requestLimiter.js';
import { createHttpServer } from '../http/server/httpServer.js';
import { Readiness } from '../http/admission/readiness.js';
import { traceRequests } from '../telemetry/tracing/httpSpans.js';
import type { RequestRecord } from '../http/server/requestRecord.js';
import { RequestTracker } from '../http/server/requestTracker.js';
import { createObservedUpstream } from './observedUpstream.js';
import type { Gateway, GatewayOptions } from './options.js';

/** Builds upstream, Apollo, the application and the server, and listens. Rejects when it cannot. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, settings, protection, log, tracer, elsewhere } = options;
  const overload = new Overload(clock, options.maxLagMs ?? Infinity);
  const readiness = new Readiness(() => overload.isOverloaded, options);
  const limiter =
    protection.rateLimitPerMinute > 0 ? new RequestLimiter(protection.rateLimitPerMinute, clock) : undefined;
  const registry = createRegistry(options.processMetrics ?? false);
  const { upstream, catalogs } = elsewhere
    ? { upstream: null, catalogs: elsewhere.catalogs }
    : ownUpstream(
        createObservedUpstream(
          { ...options, onTokenVerdict: limiter?.noteVerdict },
          { registry, log, tracer },
        ),
      );
  const onRequest = (record: RequestRecord): void => {
    if (record.status === 503 && record.route === 'graphql') overload.noteShed();
    metrics.request(record);
    log.request(record);
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
  const reportInternalError = (error: unknown, requestId?: string): void => {
    metrics.internalError();
    log.bug(error, requestId);
  };
  const observed = (record: OperationRecord): void => {
    metrics.operation(record);
    log.operation(record);
  };
  const apollo = createGraphQLServer({
    schemaDirectory: options.schemaDirectory,
    introspection: options.introspection,
    limits: protection.queryLimits,
    persistedOperations: protection.persistedOperations,
    linodeUrl: options.linodeApiUrl.href.replace(/\/+$/, ''),
    reportInternalError,
    hooks: [operationLogHooks(clock, observed)],
    plugins: tracer ? [traceGraphQL(tracer)] : [],
  });
  await apollo.start();

  // Inbound limits count, and traces follow, every request on the long way.
  const usesFastLane =
    options.responseCache !== false && tracer === undefined && protection.rateLimitPerMinute === 0;
  const fastLane = new FastLane({
    catalogs,
    clock,
    isClosed: () => !usesFastLane || overload.isLate || tracker.isDraining,
    repeats: (record) => {
      const count = metrics.repeats(record);
      const tell = log.repeats(record);
      return (repetition) => {
        count(repetition);
        tell(repetition);
      };
    },
  });

  const app = createApp({
    server: apollo,
    catalogs,
    clock,
    requestTimeoutMs: settings.requestTimeoutMs,
    protection,
    ...(limiter && { consume: elsewhere?.consume ?? limiter.consume }),
    explain: options.explain,
    ...(options.graphiql && { graphiql: graphiql({ ...options.graphiql, explain: options.explain }) }),
    unreadiness: () => readiness.reason,
    metrics: metricsRoute(elsewhere?.metricsText ?? (() => registry.metrics())),
    tracker,
    overload,
    reportInternalError,
  });
  const application = tracer ? traceRequests(tracer, app) : app;
  const http = createHttpServer({
    app,
    handler: fastLane.before(application),
    limits: protection,
    tracker,
    onMalformed: onRequest,
  });
  const port = await http.listen(options.port, options.host);
  const upstreamAnswered = (): void => {
    readiness.upstreamAnswered();
  };
  const stopProbe = (options.awaitsUpstream ? upstream?.probe(upstreamAnswered) : undefined) ?? ignore;

  function unready(): void {
    readiness.drain();
    tracker.drain();
  }

  async function close(): Promise<void> {
    unready();
    await http.close();
    stopProbe();
    overload.close();
    await apollo.stop();
    catalogs.close();
    await upstream?.close();
  }
  let closing: Promise<void> | undefined;

  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/graphql`,
    catalogs,
    server: http.server,
    metrics: () => registry.getMetricsAsJSON(),
    upstreamAnswered,
    unready,
    unreadiness: () => readiness.reason,
    close: () => (closing ??= close()),
  };
}

const ownUpstream = (upstream: Upstream) => ({ upstream, catalogs: upstream.catalogs });

const ignore = (): void => undefined;
