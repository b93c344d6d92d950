import type { RequestHandler } from 'express';
import { overloaded, sendRefusal } from '../errors.js';
import type { RequestTracker } from '../server/requestTracker.js';
import { trackedOf } from '../server/trackedMessages.js';

/** Once half of the limit is used, a caller may have active at most this share of what is free. */
const SHARE_OF_FREE = 1 / 2;
/** A caller may have active as many in any case. */
const MIN_SHARE = 4;

/** The active operations of one caller, and all that were admitted and are not closed. */
interface Share {
  active: number;
  open: number;
}

/**
 * Admits operations up to a limit, and refuses more with 503. One that only waits for a fetch that another one started
 * does not count meanwhile, so that many requests for the same images are not refused. Beyond half of the limit a
 * caller's own maximum shrinks as the rest does, so that operations that hang leave room for those of other callers.
 */
export function limitConcurrency(tracker: RequestTracker, maxOperations: number): RequestHandler {
  /** By `Authorization` header, of callers with open operations. */
  const shares = new Map<string, Share>();

  return (req, res, next) => {
    const request = trackedOf(res);
    // The client left while its body was read or counted.
    if (request.isClosed) return;
    const free = maxOperations - tracker.activeOperations;
    if (free <= 0) {
      sendRefusal(res, overloaded('Too many concurrent operations; retry later'));
      return;
    }
    const callerHeader = req.headers.authorization ?? '';
    const share = shares.get(callerHeader) ?? { active: 0, open: 0 };
    if (free <= maxOperations / 2 && share.active >= Math.max(MIN_SHARE, free * SHARE_OF_FREE)) {
      sendRefusal(res, overloaded('Too many concurrent operations of one caller; retry later'));
      return;
    }
    if (share.open++ === 0) shares.set(callerHeader, share);
    request.whenClosed(() => {
      if (--share.open === 0) shares.delete(callerHeader);
    });
    request.share = share;
    request.enter();
    next();
  };
}
