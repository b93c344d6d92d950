import type { Server } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { CatalogsSettings } from '../catalog/catalogs.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { Consume } from '../http/admission/rateLimit.js';
import type { Protection } from '../http/protection.js';
import type { ProxySettings } from '../linode/client/dispatcher.js';
import type { Codec } from '../redis/codec.js';
import type { Redis } from '../redis/redis.js';
import type { GatewayLog } from '../telemetry/log/gatewayLog.js';
import type { SessionSettings } from './sessionAccess.js';

export interface GatewayOptions {
  host: string;
  /** 0 picks one. */
  port: number;
  /** A path that a proxy puts in front of the gateway's own, such as `/images`; default none. */
  basePath?: string;
  /** Linode's address with its version path. */
  linodeApiUrl: URL;
  /** A port of its own for health checks and metrics, which the main port serves too; 0 picks one. Absent: none. */
  adminPort?: number;
  /** Absent: Linode is reached without a proxy. */
  proxy?: ProxySettings;
  /** The directory of the SDL files. */
  schemaDirectory: string;
  introspection: boolean;
  /** Whether the schema is served as an Apollo Federation 2 subgraph; default false. */
  federation?: boolean;
  explain: boolean;
  /** The directory of the built GraphiQL, and whether it offers the sandbox's tokens. Absent: it is not served. */
  graphiql?: { directory: string; sandbox: boolean };
  /** Lets users of browsers sign in. Absent: every caller sends a token, or is anonymous. */
  sessions?: SessionSettings;
  settings: CatalogsSettings;
  protection: Protection;
  /** Slugs of regions that do not store images although they offer Object Storage; default none. */
  imageRegionsExcept?: readonly string[];
  clock: Clock;
  /** Whether readiness waits for the first response of Linode, which the process that calls Linode probes for. */
  awaitsUpstream: boolean;
  /** Another process calls Linode, for this one and for others. Absent: this one does. */
  elsewhere?: Elsewhere;
  /** The Redis that this process shares with others. Absent: it is the only one. */
  redis?: SharedRedis | undefined;
  /** Event loop lag beyond which operations are refused. Absent: no limit. */
  maxLagMs?: number;
  /** Operation names that metrics distinguish, besides persisted ones; default none. */
  operationNames?: readonly string[];
  /** Whether to export metrics of the process too; default false, since a process may run several gateways. */
  processMetrics?: boolean;
  /** Whether repeated queries are served from the response cache; default true. Responses are the same either way. */
  responseCache?: boolean;
  /** Absent: tracing is off. */
  tracer?: Tracer;
  /** In [0, 1): the jitter of retries. */
  random?: () => number;
  log: GatewayLog;
}

export interface SharedRedis {
  redis: Redis;
  codec: Codec;
}

/** What another process does for one that does not call Linode. It rejects with status 503 if that process does not respond. */
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
  /** `http://HOST:PORT` of health checks and metrics; null without a port of their own. */
  adminUrl: string | null;
  catalogs: SharedCatalogs;
  server: Server;
  /** The metrics of this process, as prom-client's JSON. */
  metrics(): Promise<object[]>;
  /** Linode has responded to the process that calls it: this one is ready in that respect. */
  upstreamAnswered(): void;
  /** Readiness fails from now on, while requests are still accepted. */
  unready(): void;
  /** Why the gateway is not ready; null if it is. */
  unreadiness(): string | null;
  /** Accepts no more connections, completes requests in flight, and releases everything. */
  close(): Promise<void>;
}
