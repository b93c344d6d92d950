import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { callerFrom } from './bearer.js';
import { sendError } from './errors.js';

const WINDOW_SECONDS = 60;

/** Requests that one caller may make to this process in a minute; beyond it 429. */
export function rateLimit(perMinute: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return (req, res, next) => {
    limiter.consume(keyOf(req)).then(
      () => {
        next();
      },
      (refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) {
          next(refusal);
          return;
        }
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        res.set('Retry-After', String(retryAfterSeconds));
        const message = `More than ${perMinute} requests in a minute; the next may come in ${retryAfterSeconds} s`;
        sendError(res, 429, 'RATE_LIMITED', message, { retryAfterSeconds });
      },
    );
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
