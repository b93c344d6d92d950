import type { Middleware } from '../errors.js';
import { trackedOf } from '../server/trackedMessages.js';

/** Handles a HEAD as the GET whose headers it asks for. Node drops the body: it has seen the method before. */
export const headAsGet: Middleware = (req, res, next) => {
  if (req.method === 'HEAD') {
    req.method = 'GET';
    trackedOf(res).isHead = true;
  }
  next();
};
