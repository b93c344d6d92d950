import type { IncomingMessage } from 'node:http';
import { sendError, type Middleware } from '../errors.js';
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

/** Refuses requests beyond the limit with 429 and `Retry-After`, but preflights. A request that cannot be counted is an error. */
export const rateLimit =
  ({ trustProxyHops, consume }: RateLimitOptions): Middleware =>
  (req, res, next) => {
    // A page whose preflight is refused would learn nothing of the limit.
    if (req.method === 'OPTIONS') {
      next();
      return;
    }
    const address = clientAddress(req, trustProxyHops);
    consume({ address, callerKey: callerKeyOf(req) }).then((afterMs) => {
      if (afterMs === 0) {
        next();
        return;
      }
      const retryAfterSeconds = Math.max(1, Math.ceil(afterMs / 1000));
      res.setHeader('Retry-After', String(retryAfterSeconds));
      const message = `Request rate limit exceeded; retry in ${retryAfterSeconds} s`;
      sendError(res, 429, 'RATE_LIMITED', message, { retryAfterSeconds });
    }, next);
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
