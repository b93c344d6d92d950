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

/** Which pages of other origins may use the gateway. */
export interface CorsOptions {
  /** Origins whose pages may send requests; `*` in place of a label is any one label, `*` alone is any origin. */
  corsOrigins: readonly string[];
  /** Request headers that pages may send beside the default ones. */
  corsAllowHeaders: readonly string[];
}

/** What subscriptions may take. */
export interface SubscriptionSettings {
  /** Whether WebSocket connections are served. */
  webSocket: boolean;
  /** Open subscriptions of this process. */
  maxSubscriptions: number;
  /** Of one caller; without a token, of one client address. */
  maxSubscriptionsPerCaller: number;
  /** What may wait to be read by one subscriber, in bytes. */
  maxBacklogBytes: number;
  /** How long one may last, in ms. */
  maxSubscriptionMs: number;
}

/** The limits of what is served, and to whom. */
export interface Protection extends ClientLimits, CorsOptions {
  /** Whether responses are compressed for clients that accept it. */
  compression: boolean;
  /** Proxies in front whose `X-Forwarded-For` is trusted. */
  trustProxyHops: number;
  /** Requests of one accepted token, or of one client address; 0 is unlimited. */
  rateLimitPerMinute: number;
  maxConcurrentOperations: number;
  maxBodyBytes: number;
  subscriptions: SubscriptionSettings;
  queryLimits: QueryLimits;
  /** If absent, any operation is allowed. */
  persistedOperations?: PersistedOperations | undefined;
}
