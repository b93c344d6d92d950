import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../errors.js';
import { requestCaller } from './requestCaller.js';
import { clientAddress } from './clientAddress.js';
import type { CountedRequest } from './requestLimiter.js';

/** Counts one request: 0 if it is within the limit, else after how many ms to retry. */
export type Consume = (request: CountedRequest) => number | Promise<number>;

/** Why a request is refused; undefined if it is not. */
export type RateLimit = (req: IncomingMessage) => Refusal | undefined | Promise<Refusal | undefined>;

export interface RateLimitOptions {
  /** Proxies in front whose `X-Forwarded-For` is trusted. */
  trustProxyHops: number;
  /** Of this process, or of the one that counts for all of them. */
  consume: Consume;
  /** The key of a request without a token that a cookie identifies; null for any other. */
  sessionKeyOf?: ((req: IncomingMessage) => string | null) | undefined;
}

/** Counts a request, and refuses it with 429 beyond the limit. Rejects if the request cannot be counted. */
export const createRateLimit =
  ({ trustProxyHops, consume, sessionKeyOf }: RateLimitOptions): RateLimit =>
  (req) => {
    const address = clientAddress(req, trustProxyHops);
    const afterMs = consume({ address, callerKey: callerKeyOf(req) ?? sessionKeyOf?.(req) ?? null });
    return typeof afterMs === 'number' ? refusalFor(afterMs) : afterMs.then(refusalFor);
  };

/** @param afterMs see `Consume` */
export function refusalFor(afterMs: number): Refusal | undefined {
  if (afterMs === 0) return undefined;
  const retryAfterSeconds = Math.max(1, Math.ceil(afterMs / 1000));
  const message = `Request rate limit exceeded; retry in ${retryAfterSeconds} s`;
  return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds };
}

/** Null without a token, and with a header that holds none. */
export function callerKeyOf({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  try {
    const { key, token } = requestCaller(headers);
    return token === null ? null : key;
  } catch {
    return null;
  }
}
