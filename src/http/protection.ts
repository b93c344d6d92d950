import type { QueryLimits } from '../graphql/limits/limits.js';
import type { PersistedOperations } from '../graphql/documents/persistedOperations.js';

/** What one client may take of a connection. */
export interface ClientLimits {
  /** How long a client may take to send a request, and to read its response; its headers take a third at most. */
  clientTimeoutMs: number;
  /** How long an idle connection stays open. */
  keepAliveMs: number;
  maxHeaderBytes: number;
}

/** The limits of what is served, and to whom. */
export interface Protection extends ClientLimits {
  /** Origins whose pages may ask; `*` is any. */
  corsOrigins: readonly string[];
  /** Proxies in front whose `X-Forwarded-For` is believed. */
  trustProxyHops: number;
  /** Of one caller; 0 is any number. */
  rateLimitPerMinute: number;
  maxConcurrentOperations: number;
  maxBodyBytes: number;
  queryLimits: QueryLimits;
  /** Absent: any operation may be asked. */
  persistedOperations?: PersistedOperations | undefined;
}
