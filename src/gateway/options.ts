import type { Server } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { CatalogsSettings } from '../catalog/catalogs.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { Consume } from '../http/admission/rateLimit.js';
import type { Protection } from '../http/protection.js';
import type { ProxySettings } from '../linode/client/dispatcher.js';
import type { GatewayLog } from '../telemetry/log/gatewayLog.js';

export interface GatewayOptions {
  host: string;
  /** 0 picks one. */
  port: number;
  /** Linode's address with its version path. */
  linodeApiUrl: URL;
  /** Absent: Linode is reached without a proxy. */
  proxy?: ProxySettings;
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
  responseCache?: boolean;
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
