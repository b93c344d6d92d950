import type { NextFunction, Request, Response } from 'express';

/** For responses that are no page: not to be framed, sniffed or embedded. GraphiQL's page sets its own policy. (ADR 18) */
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
