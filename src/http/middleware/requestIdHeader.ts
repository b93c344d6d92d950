import type { Middleware } from '../errors.js';
import { trackedOf } from '../server/trackedMessages.js';

/** Sends the request's ID with its response, and hands it to Apollo in the request's own header. */
export const requestIdHeader: Middleware = (req, res, next) => {
  const id = trackedOf(res).requestId ?? '';
  req.headers['x-request-id'] = id;
  res.setHeader('X-Request-Id', id);
  next();
};
