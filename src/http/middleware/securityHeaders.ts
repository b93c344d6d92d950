import type { NextFunction, Request, Response } from 'express';

/** Nothing here is a page, to be framed, sniffed or loaded by others; GraphiQL's page sets a policy of its own. */
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

export function securityHeaders(_: Request, res: Response, next: NextFunction): void {
  res.set(HEADERS);
  next();
}
