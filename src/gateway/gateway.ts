import { createServer, type Server } from 'node:http';
import { Server as Listener, type AddressInfo } from 'node:net';
import type { Tracer } from '@opentelemetry/api';
import type { CatalogsSettings } from '../catalog/catalogs.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import { createUpstream, type Upstream } from '../catalog/upstream.js';
import type { Clock } from '../clock.js';
import type { OperationRecord, Repetition } from '../graphql/operationRecord.js';
import { observeHooks } from '../graphql/plugins/operationLog.js';
import { createGraphQLServer } from '../graphql/server.js';
import { traceGraphQL } from '../telemetry/tracing/graphqlSpans.js';
import type { UpstreamCall } from '../linode/client/client.js';
import { createApp } from '../http/app.js';
import { FastLane } from '../http/responseCache/responseCache.js';
import { graphiql } from '../http/routes/graphiql.js';
import { refuseHeaderLines } from '../http/server/headerLines.js';
import { messagesFor } from '../http/server/expressMessages.js';
import { Metrics } from '../telemetry/metrics/metrics.js';
import { Overload } from '../http/admission/overload.js';
import type { Protection } from '../http/protection.js';
import type { Consume } from '../http/admission/rateLimit.js';
import { closeQueuedAnswers } from '../http/server/pipelinedResponses.js';
import { Readiness } from '../http/admission/readiness.js';
import { cutSlowClients, serverOptions } from '../http/server/slowClients.js';
import { traceRequests } from '../telemetry/tracing/httpSpans.js';
import { Traffic, unreadable, type RequestRecord } from '../http/server/requestTracker.js';

export interface GatewayOptions {
  host: string;
  /** 0 picks one. */
  port: number;
  /** Linode's address with its version path. */
  linodeApiUrl: URL;
  /** Where the SDL is. */
  schemaDirectory: string;
  introspection: boolean;
  explain: boolean;
  /** Where the built GraphiQL is, and whether it may offer the sandbox's tokens; absent, it is not served. */
  graphiql?: { directory: string; sandbox: boolean };
  settings: CatalogsSettings;
  protection: Protection;
  clock: Clock;
  /** Whether readiness waits until Linode has answered once; it is asked for its regions till then, by whoever calls Linode. */
  awaitsUpstream: boolean;
  /** Another process calls Linode, for this one and for others; absent, this one does. */
  elsewhere?: Elsewhere;
  /** For how long one turn of the event loop may take before operations are refused; absent, for however long. */
  maxLagMs?: number;
  /** Names of operations that metrics tell apart, beside the persisted ones; default none. */
  operationNames?: readonly string[];
  /** Whether metrics tell of the process too; default false, for a process may hold several gateways. */
  processMetrics?: boolean;
  /** Whether repeated queries are answered with kept bytes; default true. The answers are the same either way. */
  fastLane?: boolean;
  /** Absent: nothing is traced. */
  tracer?: Tracer;
  /** In [0, 1): the jitter of retries. */
  random?: () => number;
  log: GatewayLog;
}

/** What another process does for this one, which makes no calls to Linode. An error with the status 503 says that it does not answer. */
export interface Elsewhere {
  catalogs: SharedCatalogs;
  /** Counts a request of a caller. */
  consume: Consume;
  /** All metrics of all processes. */
  metricsText: () => Promise<string>;
}

/** Told what happens, in facts that hold no secret. */
export interface GatewayLog {
  operation(record: OperationRecord): void;
  /** Prepares to be told of an operation again and again; what it is told then stands for the same of the record. */
  repeats(record: OperationRecord): (repetition: Repetition) => void;
  upstreamCall(call: UpstreamCall): void;
  /** Of every HTTP request, when its answer has left. */
  request(record: RequestRecord): void;
  /** A bug of ours, once for a request. */
  bug(error: unknown, requestId?: string): void;
}

export interface Gateway {
  /** `http://HOST:PORT/graphql` */
  url: string;
  catalogs: SharedCatalogs;
  server: Server;
  /** What this process counts, as prom-client tells it in JSON. */
  metrics(): Promise<object[]>;
  /** Linode has answered the process that calls it: this one is ready as far as that goes. */
  upstreamAnswered(): void;
  /** Says no to orchestrators from now on, while work is still taken. */
  unready(): void;
  /** Why no work should come, null when it should. */
  unreadiness(): string | null;
  /** Takes no more connections, lets what is under way end, and lets go of everything. */
  close(): Promise<void>;
}

/** Builds the house from the ground up and opens its door. Rejects when it can't listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, settings, protection, log, tracer, elsewhere } = options;
  const overload = new Overload(clock, options.maxLagMs ?? Infinity);
  const readiness = new Readiness(() => overload.isOverloaded, options);
  const callLinode = (): Upstream =>
    createUpstream({
      linodeApiUrl: options.linodeApiUrl,
      settings,
      clock,
      tracer,
      random: options.random,
      onCall: (call) => {
        metrics.upstreamCall(call);
        log.upstreamCall(call);
      },
    });
  const { upstream, catalogs } = elsewhere
    ? { upstream: null, catalogs: elsewhere.catalogs }
    : ownUpstream(callLinode());
  const onRequest = (record: RequestRecord): void => {
    if (record.status === 503 && record.route === 'graphql') overload.noteShed();
    metrics.request(record);
    log.request(record);
  };
  const traffic = new Traffic(clock, onRequest);
  const metrics = new Metrics({
    operationNames: new Set([
      ...(options.operationNames ?? []),
      ...(protection.persistedOperations?.names ?? []),
    ]),
    limits: { callers: settings.maxCallers, bytes: settings.maxBytes },
    ofProcess: options.processMetrics ?? false,
    ...(elsewhere && { part: 'worker' as const, textOfAll: elsewhere.metricsText }),
    state: () => ({
      inFlight: traffic.inFlight,
      isReady: readiness.reason === null,
      ...upstream?.state,
    }),
  });
  const reportBug = (error: unknown, requestId?: string): void => {
    metrics.bug();
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
    reportBug,
    hooks: [observeHooks(clock, observed)],
    plugins: tracer ? [traceGraphQL(tracer)] : [],
  });
  await apollo.start();

  // Inbound limits count, and traces follow, every request on the long way.
  const usesFastLane =
    options.fastLane !== false && tracer === undefined && protection.rateLimitPerMinute === 0;
  const fastLane = new FastLane({
    catalogs,
    clock,
    isClosed: () => !usesFastLane || overload.isLate || traffic.isEnding,
    repeats: (record) => {
      const count = metrics.repeats(record);
      const tell = log.repeats(record);
      return (repetition) => {
        count(repetition);
        tell(repetition);
      };
    },
    onAnswered: (res) => {
      traffic.markOperation(res);
    },
  });

  const app = createApp({
    server: apollo,
    catalogs,
    clock,
    requestTimeoutMs: settings.requestTimeoutMs,
    protection,
    consume: elsewhere?.consume,
    explain: options.explain,
    ...(options.graphiql && { graphiql: graphiql({ ...options.graphiql, explain: options.explain }) }),
    unreadiness: () => readiness.reason,
    metrics,
    traffic,
    overload,
    fastLane,
    reportBug,
  });
  const longWay = tracer ? traceRequests(tracer, app) : app;
  const server = createServer(
    { ...serverOptions(protection), ...messagesFor(app) },
    refuseHeaderLines(fastLane.before(longWay)),
  );
  // Node drops lines beyond a count of its own from what it passes on, yet frames the body by them.
  server.maxHeadersCount = 0;
  // Node would refuse these itself, without a word.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  cutSlowClients(server, protection, (status) => {
    onRequest(unreadable(status));
  });
  traffic.watch(server);
  closeQueuedAnswers(server);
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  const upstreamAnswered = (): void => {
    readiness.upstreamAnswered();
  };
  const stopProbe = (options.awaitsUpstream ? upstream?.probe(upstreamAnswered) : undefined) ?? ignore;

  function unready(): void {
    readiness.drain();
    traffic.endConnections();
  }

  async function close(): Promise<void> {
    unready();
    const closed = new Promise<void>((resolve) => {
      // Not by the server's own method yet: to that a connection is idle, and cut off, once its answers are
      // handed over, however much of them the client has still to read.
      Listener.prototype.close.call(server, () => {
        resolve();
      });
    });
    await traffic.settled();
    server.close();
    // A connection that never asked anything would otherwise be waited for.
    server.closeAllConnections();
    await closed;
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
    server,
    metrics: () => metrics.json(),
    upstreamAnswered,
    unready,
    unreadiness: () => readiness.reason,
    close: () => (closing ??= close()),
  };
}

const ownUpstream = (upstream: Upstream) => ({ upstream, catalogs: upstream.catalogs });

const ignore = (): void => undefined;

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
