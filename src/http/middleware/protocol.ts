import type { NextFunction, Request, Response } from 'express';
import { CODINGS } from '../encoding/acceptEncoding.js';
import { acceptanceFor, isUnacceptable } from '../encoding/representation.js';
import { acceptedType, RESPONSE_TYPES, sendError } from '../errors.js';
import { acceptedStream } from '../streams/acceptedStream.js';

/** Characters of a header that a message quotes. */
const MAX_QUOTED = 100;
const METHODS = 'GET, HEAD, POST, OPTIONS';

/**
 * Refuses requests that are not GraphQL over HTTP by their head alone, before a body is read.
 * @param compression whether `Accept-Encoding` is honored
 */
export const protocol =
  (compression: boolean) =>
  (req: Request, res: Response, next: NextFunction): void => {
    res.set('Cache-Control', 'no-store').vary('Accept').vary('Authorization');
    if (req.method === 'OPTIONS') {
      res.status(204).set('Allow', METHODS).end();
    } else if (req.method !== 'GET' && req.method !== 'POST') {
      res.set('Allow', METHODS);
      sendError(res, 405, 'BAD_REQUEST', `Method ${req.method} is not allowed; use GET or POST`);
    } else if (!/^(?:100-continue)?$/i.test(req.get('expect') ?? '')) {
      sendError(res, 417, 'BAD_REQUEST', 'Only "Expect: 100-continue" is supported');
    } else if (acceptedType(req) === undefined && acceptedStream(req) === undefined) {
      const types = RESPONSE_TYPES.join(' or ');
      sendError(res, 406, 'BAD_REQUEST', `The response type would be ${types}; accept one of them`);
    } else if (isUnacceptable(acceptanceFor(req, compression))) {
      const codings = [...CODINGS, 'identity'].join(', ');
      sendError(res, 406, 'BAD_REQUEST', `The response can be encoded as ${codings}; accept one of them`);
    } else if (isWebSocket(req)) {
      sendError(res, 400, 'BAD_REQUEST', 'WebSocket connections are not supported; use GET or POST');
    } else {
      const problem = req.method === 'POST' ? contentTypeProblem(req) : undefined;
      if (problem === undefined) next();
      else sendError(res, 415, 'BAD_REQUEST', problem);
    }
  };

/** Other protocols are offers that a server may ignore, such as `h2c`. */
const isWebSocket = (req: Request): boolean => /\bwebsocket\b/i.test(req.get('upgrade') ?? '');

/** What is wrong with the type of a body; undefined if nothing is, and without a body. */
function contentTypeProblem(req: Request): string | undefined {
  const isJson = req.is('application/json');
  if (isJson === null) return undefined;
  const contentType = req.get('content-type')?.trim().slice(0, MAX_QUOTED) ?? '';
  if (contentType === '') return 'Content-Type is missing; use application/json';
  if (isJson === false) return `Content-Type ${contentType} is not supported; use application/json`;
  const charset = charsetOf(contentType);
  return /^(?:utf-?8)?$/i.test(charset) ? undefined : `Charset ${charset} is not supported; use utf-8`;
}

const charsetOf = (contentType: string): string =>
  /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i.exec(contentType)?.slice(1).find(Boolean) ?? '';
