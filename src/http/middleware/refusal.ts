import { notFound, sendRefusal, type Middleware } from '../errors.js';
import { trackedOf } from '../server/trackedMessages.js';

/**
 * Responds to requests that admission refused.
 * @param crossOrigin what lets pages of other origins read why their operation was refused
 */
export const refusal =
  (crossOrigin: readonly Middleware[]): Middleware =>
  (req, res, next) => {
    const { refusal, route } = trackedOf(res);
    if (!refusal) {
      next();
      return;
    }
    if (route === 'graphql') for (const middleware of crossOrigin) middleware(req, res, () => undefined);
    if (refusal instanceof Error) next(refusal);
    else sendRefusal(res, refusal);
  };

/** Serves what admission took for an operation, and nothing that Express alone takes for one: no limit has counted that. */
export const admittedOnly: Middleware = (req, res, next) => {
  if (trackedOf(res).route === 'graphql') next();
  else notFound(req, res, next);
};
