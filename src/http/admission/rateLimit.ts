import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { callerFrom } from './bearerToken.js';
import { sendError } from '../errors.js';

const WINDOW_SECONDS = 60;

/** Counts one request under this key: in how many ms it may come again, 0 when it may pass. */
export type Consume = (key: string) => Promise<number>;

/** Counts in this process. */
export function countRequests(perMinute: number): Consume {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return (key) =>
    limiter.consume(key).then(
      () => 0,
      (refusal: unknown) => {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      },
    );
}

/**
 * Requests that one caller may make in a minute; beyond it 429.
 * @param consume counts them; default: those to this process. A worker asks the primary, which counts for all.
 */
export function rateLimit(perMinute: number, consume: Consume = countRequests(perMinute)): RequestHandler {
  return (req, res, next) => {
    consume(keyOf(req)).then((afterMs) => {
      if (afterMs === 0) {
        next();
        return;
      }
      const retryAfterSeconds = Math.max(1, Math.ceil(afterMs / 1000));
      res.set('Retry-After', String(retryAfterSeconds));
      const message = `More than ${perMinute} requests in a minute; the next may come in ${retryAfterSeconds} s`;
      sendError(res, 429, 'RATE_LIMITED', message, { retryAfterSeconds });
    }, next);
  };
}

/** By the token's digest; by address where there is no token, or nothing that could be one. */
function keyOf(req: Request): string {
  const address = req.ip ?? '';
  try {
    const { key, token } = callerFrom(req.get('authorization'));
    return token === null ? address : key;
  } catch {
    return address;
  }
}
