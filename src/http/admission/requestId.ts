import { randomFillSync } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { trackedOf } from '../server/trackedMessages.js';

const ID_BYTES = 16;
/** Random bytes for many names: asked for one by one they cost more than the rest of a short answer. */
const POOL = Buffer.alloc(256 * ID_BYTES);
let used = POOL.length;

const ACCEPTABLE = /^[\w.:/+=-]{1,128}$/;

/**
 * Names each request: by the client's own `X-Request-Id` where it is a plain word, else by a new one. From then on
 * the request's own header says it too, for those who see nothing else of it.
 */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const id = requestIdFrom(req.headers['x-request-id']);
  req.headers['x-request-id'] = id;
  trackedOf(res).requestId = id;
  res.set('X-Request-Id', id);
  next();
}

/** The client's name for it where that is acceptable, else a new one. */
export const requestIdFrom = (given: string | string[] | undefined): string =>
  typeof given === 'string' && ACCEPTABLE.test(given) ? given : newId();

function newId(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  return POOL.toString('hex', used, (used += ID_BYTES));
}
