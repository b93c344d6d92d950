import type { NextFunction, Request, Response } from 'express';
import { acceptedType, ANSWER_TYPES, sendError } from '../errors.js';

const METHODS = 'GET, POST, OPTIONS';

/** Refuses what is not GraphQL over HTTP before anything of it is read, let alone run. */
export function protocol(req: Request, res: Response, next: NextFunction): void {
  res.set('Cache-Control', 'no-store').vary('Accept').vary('Authorization');
  if (req.method === 'OPTIONS') {
    res.status(204).set('Allow', METHODS).end();
  } else if (req.method !== 'GET' && req.method !== 'POST') {
    res.set('Allow', METHODS);
    sendError(res, 405, 'BAD_REQUEST', `GraphQL is asked with GET or POST, not with ${req.method}`);
  } else if (!/^(?:100-continue)?$/i.test(req.get('expect') ?? '')) {
    sendError(res, 417, 'BAD_REQUEST', 'Nothing but 100-continue can be expected');
  } else if (acceptedType(req) === undefined) {
    sendError(
      res,
      406,
      'BAD_REQUEST',
      `The answer would be ${ANSWER_TYPES.join(' or ')}: accept one of them`,
    );
  } else if (req.method === 'POST' && req.is('application/json') === false) {
    sendError(res, 415, 'BAD_REQUEST', 'The body must be application/json');
  } else {
    next();
  }
}
