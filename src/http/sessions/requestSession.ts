import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { LoginServerError } from '../../sessions/loginServerError.js';
import { callerKeyOf, isSessionId } from '../../sessions/sessionId.js';
import { SessionStoreUnavailable } from '../../sessions/sessionStore.js';
import { sendError, sendRefusal, type Refusal } from '../errors.js';
import { trackedOf } from '../server/trackedMessages.js';
import { Cookies } from './cookies.js';
import type { PublicUrl } from './publicUrl.js';
import type { SessionAccess } from './sessionAccess.js';

/**
 * The value of the session's cookie, if it is what identifies the caller: an `Authorization` header wins.
 * @returns undefined without a cookie, or with that header
 */
export function sessionCookie(req: IncomingMessage, publicUrl: PublicUrl): string | undefined {
  if (req.headers.authorization !== undefined || req.headers.cookie === undefined) return undefined;
  const base = publicUrl.of(req);
  return base && new Cookies(base).sessionOf(req);
}

/** What requests with a session count against, before it is looked up; null without one. */
export function sessionCallerKey(req: IncomingMessage, publicUrl: PublicUrl): string | null {
  const id = sessionCookie(req, publicUrl);
  return id !== undefined && isSessionId(id) ? callerKeyOf(id) : null;
}

/**
 * Finds the session of a GraphQL request by its cookie. What precedes it has refused every request that a browser sends
 * without a preflight. A request of a page that may not use sessions gets 403, one whose session has ended 401: it is
 * never served as if it had no cookie.
 */
export const requestSession =
  ({ sessions, policy, publicUrl }: SessionAccess): RequestHandler =>
  (req, res, next) => {
    res.vary('Cookie');
    const id = sessionCookie(req, publicUrl);
    if (id === undefined) {
      next();
      return;
    }
    if (!policy.allows(req)) {
      sendError(res, 403, 'FORBIDDEN', 'Pages of this origin may not use the session of a user');
      return;
    }
    sessions.use(id).then(
      (session) => {
        if (!session) {
          sendError(res, 401, 'UNAUTHENTICATED', 'The session has ended; sign in again');
          return;
        }
        trackedOf(res).session = { id, caller: session.caller };
        next();
      },
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal) sendRefusal(res, refusal);
        else next(error);
      },
    );
  };

/** Why a session cannot be used now; undefined for a bug. */
export function refusalOf(error: unknown): Refusal | undefined {
  const message =
    error instanceof SessionStoreUnavailable
      ? 'The session store cannot be reached; retry later'
      : error instanceof LoginServerError
        ? 'The login server cannot be reached; retry later'
        : undefined;
  return message === undefined
    ? undefined
    : { status: 503, code: 'UPSTREAM_UNAVAILABLE', message, retryAfterSeconds: 5 };
}
