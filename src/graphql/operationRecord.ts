import type { CacheResult } from '../catalog/reading.js';

/** One operation for logs and metrics: no variables, no token, no text by the client except the operation name. */
export interface OperationRecord {
  requestId: string;
  /** Null for an anonymous operation, and for one that could not be parsed. */
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
  /** The first digits of the caller's digest, or `anonymous`. */
  caller: string;
  durationMs: number;
  upstreamCalls: number;
  cache: CacheResult[];
  /** The age of the oldest cached data it read, in whole ms; null when it read none. */
  ageMs: number | null;
  /** The codes of its errors, without those of `userErrors`. */
  errorCodes: string[];
}

/** What differs each time the response to an operation is served again. */
export type ReplayRecord = Pick<OperationRecord, 'requestId' | 'durationMs' | 'ageMs'>;

const NAME = /^[_A-Za-z]\w{0,79}$/;

/** The operation name if it is short enough to log, otherwise null. */
export const plainName = (name: string | null | undefined): string | null =>
  name && NAME.test(name) ? name : null;
