import type { RequestHandler } from 'express';
import { sendError } from './errors.js';
import type { Overload } from './overload.js';

const RETRY_AFTER_SECONDS = 1;

/** Refuses operations that have waited for too long already, before they cost more than the refusal. */
export const shedding =
  (overload: Overload): RequestHandler =>
  (_, res, next) => {
    if (!overload.isLate) {
      next();
      return;
    }
    res.set('Retry-After', String(RETRY_AFTER_SECONDS));
    sendError(res, 503, 'OVERLOADED', 'The gateway has more to do than it can', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  };
