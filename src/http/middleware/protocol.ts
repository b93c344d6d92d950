import type { NextFunction, Request, Response } from 'express';
import { acceptedType, RESPONSE_TYPES, sendError } from '../errors.js';

const METHODS = 'GET, POST, OPTIONS';

/** Refuses requests that are not GraphQL over HTTP by their head alone, before a body is read. */
export function protocol(req: Request, res: Response, next: NextFunction): void {
  res.set('Cache-Control', 'no-store').vary('Accept').vary('Authorization');
  if (req.method === 'OPTIONS') {
    res.status(204).set('Allow', METHODS).end();
  } else if (req.method !== 'GET' && req.method !== 'POST') {
    res.set('Allow', METHODS);
    sendError(res, 405, 'BAD_REQUEST', `Method ${req.method} is not allowed; use GET or POST`);
  } else if (!/^(?:100-continue)?$/i.test(req.get('expect') ?? '')) {
    sendError(res, 417, 'BAD_REQUEST', 'Only "Expect: 100-continue" is supported');
  } else if (acceptedType(req) === undefined) {
    const types = RESPONSE_TYPES.join(' or ');
    sendError(res, 406, 'BAD_REQUEST', `The response type would be ${types}; accept one of them`);
  } else if (req.method === 'POST' && req.is('application/json') === false) {
    sendError(res, 415, 'BAD_REQUEST', 'The body must be application/json');
  } else {
    next();
  }
}
