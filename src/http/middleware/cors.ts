import type { RequestHandler } from 'express';

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Accept',
  'Cache-Control',
  'X-Request-Id',
  'X-Explain',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
];
const EXPOSED_HEADERS = ['Age', 'Retry-After', 'Server-Timing', 'X-Request-Id'];
const PREFLIGHT_SECONDS = 7200;

/**
 * Lets pages of these origins ask, `*` of any. Cookies are never allowed: a caller's token travels in a header
 * that its page must know.
 */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  const isAny = allowed.has('*');
  return (req, res, next) => {
    if (!isAny) res.vary('Origin');
    const origin = req.get('origin');
    if (origin === undefined || !(isAny || allowed.has(origin))) {
      next();
      return;
    }
    res.set('Access-Control-Allow-Origin', isAny ? '*' : origin);
    res.set('Access-Control-Expose-Headers', EXPOSED_HEADERS.join(', '));
    if (req.method === 'OPTIONS') {
      res.set({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
        'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
      });
    }
    next();
  };
}
