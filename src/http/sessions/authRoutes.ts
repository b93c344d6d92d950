import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { clientAddress } from '../admission/clientAddress.js';
import { WindowCounter } from '../admission/windowCounter.js';
import { sendError, sendRefusal, type Middleware } from '../errors.js';
import { callback } from './callback.js';
import { Cookies } from './cookies.js';
import { sendFailurePage } from './pages.js';
import { below } from './publicUrl.js';
import { refusalOf } from './requestSession.js';
import { returnUrl } from './returnTo.js';
import type { SessionAccess } from './sessionAccess.js';

/** Each sends a request to the login server, which limits the gateway as a whole. */
const MAX_CALLBACKS_PER_MINUTE = 60;
const MAX_ADDRESSES = 10_000;

/**
 * `GET /auth/login`, `GET /auth/callback`, `POST /auth/logout` and `GET /auth/session`.
 * @param crossOrigin lets pages of other origins read whether a user is signed in, and sign out
 */
export function authRoutes(access: SessionAccess, crossOrigin: readonly Middleware[]): Router {
  const router = express.Router({ caseSensitive: true });
  router.use('/auth', (_, res, next) => {
    res.set('Cache-Control', 'no-store').vary('Cookie');
    next();
  });
  router.use(['/auth/session', '/auth/logout'], ...crossOrigin, preflight);
  router.get('/auth/login', handled(access, login));
  router.get('/auth/callback', limitCallbacks(access), handled(access, callback));
  router.get('/auth/session', handled(access, session));
  router.post('/auth/logout', handled(access, logout));
  router.all(Object.keys(METHODS), methodNotAllowed);
  return router;
}

const METHODS: Readonly<Record<string, string>> = {
  '/auth/login': 'GET',
  '/auth/callback': 'GET',
  '/auth/session': 'GET',
  '/auth/logout': 'POST',
};

type Route = (req: Request, res: Response, base: URL) => Promise<void>;

/** Redirects to the login server. */
const login =
  ({ attempts, login }: SessionAccess): Route =>
  async (req, res, base) => {
    const returnTo = returnUrl(new URL(req.originalUrl, base.origin).searchParams.get('returnTo'), base);
    const attempt = attempts.begin(below(base, '/auth/callback'), returnTo);
    const { state, verifier, redirectUri } = attempt;
    res.append('Set-Cookie', new Cookies(base).attempt(req, state, attempts.seal(attempt)));
    res.redirect(303, await login.authorizationUrl(state, verifier, redirectUri));
  };

/** Who is signed in. It is no use of the session: a page may look often without keeping the session alive. */
const session =
  ({ sessions }: SessionAccess): Route =>
  async (req, res, base) => {
    const cookies = new Cookies(base);
    const id = cookies.sessionOf(req);
    const found = id === undefined ? undefined : await sessions.look(id);
    if (id !== undefined && !found) res.append('Set-Cookie', cookies.noSession());
    res.json(
      found
        ? {
            signedIn: true,
            username: found.username,
            scopes: found.scopes,
            expiresAt: new Date(found.endsAt).toISOString(),
          }
        : { signedIn: false },
    );
  };

const logout =
  ({ sessions, policy, login }: SessionAccess): Route =>
  async (req, res, base) => {
    if (!policy.allows(req)) {
      sendError(res, 403, 'FORBIDDEN', 'Pages of this origin may not use the session of a user');
      return;
    }
    const cookies = new Cookies(base);
    const id = cookies.sessionOf(req);
    const revoked = id !== undefined && (await sessions.end(id));
    res.append('Set-Cookie', cookies.noSession());
    // Not "cookies", which would remove those of every application of the site.
    res.set('Clear-Site-Data', '"cache", "storage"');
    res.json({ signedIn: false, revoked, logoutUrl: login.logoutUrl });
  };

/** Runs a route with the gateway's URL as the browser sees it. */
const handled =
  (access: SessionAccess, create: (access: SessionAccess) => Route): RequestHandler =>
  (req, res, next) => {
    const base = access.publicUrl.of(req);
    if (!base) {
      sendFailurePage(res, {
        status: 400,
        title: 'Signing in does not work at this address',
        text: 'Open the gateway by the name localhost, or set PUBLIC_URL to the address in use.',
      });
      return;
    }
    create(access)(req, res, base).catch((error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal) sendRefusal(res, refusal);
      else next(error);
    });
  };

function limitCallbacks({ clock, trustProxyHops }: SessionAccess): RequestHandler {
  const counter = new WindowCounter({ clock, windowMs: 60_000, maxKeys: MAX_ADDRESSES }, (endsAt) => ({
    count: 0,
    endsAt,
  }));
  return (req, res, next) => {
    const { count, endsAt } = counter.add(clientAddress(req, trustProxyHops), 1);
    if (count <= MAX_CALLBACKS_PER_MINUTE) {
      next();
      return;
    }
    const retryAfterSeconds = Math.max(1, Math.ceil((endsAt - clock.now()) / 1000));
    const message = `Too many sign-ins from this address; retry in ${retryAfterSeconds} s`;
    sendRefusal(res, { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds });
  };
}

const preflight: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS') res.status(204).end();
  else next();
};

const methodNotAllowed: RequestHandler = (req, res) => {
  const allowed = METHODS[req.path.replace(/\/$/, '')] ?? 'GET';
  res.set('Allow', allowed);
  sendError(res, 405, 'BAD_REQUEST', `Method ${req.method} is not allowed; use ${allowed}`);
};
