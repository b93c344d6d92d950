import type { NextFunction, Request, Response } from 'express';
import { sendError } from '../errors.js';

/** Refuses what HTTP/1.1 forbids, with a body and a line in the log; node itself would have neither. */
export function hostHeader(req: Request, res: Response, next: NextFunction): void {
  if (isHostMissing(req)) {
    res.set('Connection', 'close');
    sendError(res, 400, 'BAD_REQUEST', 'HTTP/1.1 needs a Host header');
  } else {
    next();
  }
}

export const isHostMissing = ({ headers, httpVersion }: Pick<Request, 'headers' | 'httpVersion'>): boolean =>
  headers.host === undefined && httpVersion === '1.1';
