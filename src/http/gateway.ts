import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Catalogs, type CatalogsSettings } from '../catalog/catalogs.js';
import type { Clock } from '../clock.js';
import { observePlugin, type OperationRecord } from '../graphql/observe.js';
import { createGraphQLServer } from '../graphql/server.js';
import type { ClientParts, UpstreamCall } from '../linode/client.js';
import { Guard } from '../linode/guard.js';
import { Ledgers } from '../linode/ledger.js';
import { RetryBudget } from '../linode/retry.js';
import { createTransport } from '../linode/transport.js';
import { createApp } from './app.js';
import { graphiql } from './graphiql.js';

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
  clock: Clock;
  /** In [0, 1): the jitter of retries. */
  random?: () => number;
  log: GatewayLog;
}

/** Told what happens, in facts that hold no secret. */
export interface GatewayLog {
  operation(record: OperationRecord): void;
  upstreamCall(call: UpstreamCall): void;
  /** A bug of ours. */
  bug(error: unknown): void;
}

export interface Gateway {
  /** `http://HOST:PORT/graphql` */
  url: string;
  catalogs: Catalogs;
  server: Server;
  /** Says no to orchestrators from now on, while work is still taken. */
  unready(): void;
  /** Takes no more connections, lets what is under way end, and lets go of everything. */
  close(): Promise<void>;
}

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3000;
const CONNECTIONS = 128;

/** Builds the house from the ground up and opens its door. Rejects when it can't listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, settings, log } = options;
  const transport = createTransport({
    baseUrl: options.linodeApiUrl,
    clock,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, settings.requestTimeoutMs),
    maxResponseBytes: MAX_RESPONSE_BYTES,
    connections: CONNECTIONS,
  });
  const parts: ClientParts = {
    transport,
    guard: new Guard(),
    ledgers: new Ledgers(clock),
    retryBudget: new RetryBudget(clock),
    clock,
    random: options.random ?? Math.random,
    userAgent: 'linode-images-graphql-gateway',
    onCall: log.upstreamCall,
  };
  const catalogs = new Catalogs(parts, settings);
  const apollo = createGraphQLServer({
    schemaDirectory: options.schemaDirectory,
    introspection: options.introspection,
    linodeUrl: options.linodeApiUrl.href.replace(/\/+$/, ''),
    reportBug: log.bug,
    plugins: [observePlugin(clock, log.operation)],
  });
  await apollo.start();

  let isReady = true;
  const server = createServer(
    createApp({
      server: apollo,
      catalogs,
      clock,
      requestTimeoutMs: settings.requestTimeoutMs,
      explain: options.explain,
      ...(options.graphiql && { graphiql: graphiql({ ...options.graphiql, explain: options.explain }) }),
      isReady: () => isReady,
      reportBug: log.bug,
    }),
  );
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/graphql`,
    catalogs,
    server,
    unready() {
      isReady = false;
    },
    async close() {
      isReady = false;
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeIdleConnections();
      await closed;
      await apollo.stop();
      catalogs.close();
      await transport.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
