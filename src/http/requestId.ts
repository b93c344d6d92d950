import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const ACCEPTABLE = /^[\w.:/+=-]{1,128}$/;

/** Names each request: by the client's own `X-Request-Id` where it is a plain word, else by a new one. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.get('x-request-id');
  const id = given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID();
  res.locals['requestId'] = id;
  res.set('X-Request-Id', id);
  next();
}

export const requestIdOf = (res: Response): string => String(res.locals['requestId']);
