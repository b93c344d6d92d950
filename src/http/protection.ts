import type { QueryLimits } from '../graphql/limits/limits.js';
import type { PersistedOperations } from '../graphql/documents/persistedOperations.js';
import type { ClientLimits } from './server/slowClients.js';

/** Against whom and what the door is guarded. */
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
