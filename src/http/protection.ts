import type { QueryLimits } from '../graphql/limits/limits.js';
import type { PersistedOperations } from '../graphql/documents/persistedOperations.js';
import type { CorsOptions } from './middleware/cors.js';

/** What one client may take of a connection. */
export interface ClientLimits {
  /** How long a client may take to send a request, and to read its response; its headers take a third at most. */
  clientTimeoutMs: number;
  /** How long an idle connection stays open. */
  keepAliveMs: number;
  maxHeaderBytes: number;
}

/** The limits of what is served, and to whom. */
export interface Protection extends ClientLimits, CorsOptions {
  /** Proxies in front whose `X-Forwarded-For` is trusted. */
  trustProxyHops: number;
  /** Requests of one accepted token, or of one client address; 0 is unlimited. */
  rateLimitPerMinute: number;
  maxConcurrentOperations: number;
  maxBodyBytes: number;
  queryLimits: QueryLimits;
  /** If absent, any operation is allowed. */
  persistedOperations?: PersistedOperations | undefined;
}
