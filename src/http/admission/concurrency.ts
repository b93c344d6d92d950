import type { RequestHandler } from 'express';
import { overloaded, sendRefusal } from '../errors.js';
import type { RequestTracker } from '../server/requestTracker.js';
import { trackedOf } from '../server/trackedMessages.js';

/**
 * Admits operations up to a limit, and refuses more with 503. One that only waits for a fetch that another one started
 * does not count meanwhile, so that many requests for the same images are not refused.
 */
export const limitConcurrency =
  (tracker: RequestTracker, maxOperations: number): RequestHandler =>
  (_, res, next) => {
    const request = trackedOf(res);
    // The client left while its body was read or counted.
    if (request.isClosed) return;
    if (tracker.activeOperations >= maxOperations) {
      sendRefusal(res, overloaded('Too many concurrent operations; retry later'));
      return;
    }
    request.enter();
    next();
  };
