import type { RequestHandler } from 'express';
import { sendOverloaded } from '../errors.js';
import type { Overload } from './overload.js';

/** Refuses operations that have waited for too long already, before they cost more than the refusal. */
export const shedding =
  (overload: Overload): RequestHandler =>
  (_, res, next) => {
    if (!overload.isLate) {
      next();
      return;
    }
    sendOverloaded(res, 'The gateway has more to do than it can');
  };
