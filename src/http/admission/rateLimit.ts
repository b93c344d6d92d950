import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../errors.js';
import { callerFrom } from './bearerToken.js';
import { clientAddress } from './clientAddress.js';
import type { CountedRequest } from './requestLimiter.js';

/** Counts one request: 0 if it is within the limit, else after how many ms to retry. */
export type Consume = (request: CountedRequest) => Promise<number>;

export interface RateLimitOptions {
  /** Proxies in front whose `X-Forwarded-For` is trusted. */
  trustProxyHops: number;
  /** Of this process, or of the one that counts for all of them. */
  consume: Consume;
}

/** Counts a request, and refuses it with 429 beyond the limit. Rejects if the request cannot be counted. */
export const createRateLimit =
  ({ trustProxyHops, consume }: RateLimitOptions) =>
  async (req: IncomingMessage): Promise<Refusal | undefined> => {
    const address = clientAddress(req, trustProxyHops);
    const afterMs = await consume({ address, callerKey: callerKeyOf(req) });
    if (afterMs === 0) return undefined;
    const retryAfterSeconds = Math.max(1, Math.ceil(afterMs / 1000));
    const message = `Request rate limit exceeded; retry in ${retryAfterSeconds} s`;
    return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds };
  };

/** Null without a token, and with a header that holds none. */
function callerKeyOf({ headers }: IncomingMessage): string | null {
  try {
    const { key, token } = callerFrom(headers.authorization);
    return token === null ? null : key;
  } catch {
    return null;
  }
}
