import corsMiddleware from 'cors';
import { originMatcher } from '../admission/allowedOrigins.js';
import type { Middleware } from '../errors.js';
import type { CorsOptions } from '../protection.js';

/** Request headers that pages may send: those of this API, and those that common clients and tracers add. */
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Accept',
  'Cache-Control',
  'X-Request-Id',
  'X-Explain',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
  'apollographql-client-name',
  'apollographql-client-version',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];
const EXPOSED_HEADERS = ['Age', 'ETag', 'Retry-After', 'Server-Timing', 'X-Request-Id'];
const PREFLIGHT_MAX_AGE_SECONDS = 7200;

/**
 * Adds the CORS headers of responses; what follows it responds to preflights. Credentials are not allowed: a token
 * travels in a header that the page must know.
 */
export function cors({ corsOrigins, corsAllowHeaders }: CorsOptions): Middleware {
  return corsMiddleware({
    // `*` is sent to every client, with an Origin or without, so that a shared cache has one response for all.
    origin: corsOrigins.includes('*') ? '*' : corsOrigins.map(originMatcher),
    ...common(corsAllowHeaders),
  });
}

/**
 * The same, with credentials, for pages that may use the sessions of their users: the cookie travels with their
 * requests.
 * @param sessionOrigins each listed by itself: no wildcard ever allows credentials
 * @param others for all other origins
 */
export function corsWithCredentials(
  sessionOrigins: readonly string[],
  { corsAllowHeaders }: CorsOptions,
  others: Middleware | undefined,
): Middleware {
  const middleware = corsMiddleware({
    origin: [...sessionOrigins],
    credentials: true,
    ...common(corsAllowHeaders),
  });
  return (req, res, next) => {
    res.appendHeader('Vary', 'Origin');
    if (sessionOrigins.includes(req.headers.origin ?? '')) middleware(req, res, next);
    else if (others) others(req, res, next);
    else next();
  };
}

const common = (corsAllowHeaders: readonly string[]) => ({
  methods: ['GET', 'POST'],
  allowedHeaders: [...ALLOWED_HEADERS, ...corsAllowHeaders],
  exposedHeaders: EXPOSED_HEADERS,
  maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  preflightContinue: true,
});
