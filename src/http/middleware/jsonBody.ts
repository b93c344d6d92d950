import express, { type Request, type RequestHandler } from 'express';
import { sendError } from '../errors.js';
import { trackedOf } from '../server/trackedMessages.js';

/** Reads a JSON body in UTF-8 as the request's `body`. A body that is neither is refused with 400. */
export const jsonBody = (maxBytes: number): RequestHandler[] => [readBody(maxBytes), parseBody];

const readBody = (maxBytes: number): RequestHandler => {
  // As bytes: body-parser would replace what is not UTF-8 by U+FFFD.
  const read = express.raw({ type: 'application/json', limit: maxBytes });
  return (req: Request<unknown, unknown, unknown>, res, next) => {
    const { body } = trackedOf(res);
    if (body === undefined) {
      read(req, res, next);
      return;
    }
    req.body = body;
    next();
  };
};

const parseBody: RequestHandler = (req: Request<unknown, unknown, unknown>, res, next) => {
  if (!Buffer.isBuffer(req.body) || req.body.length === 0) {
    if (req.method === 'POST') sendError(res, 400, 'BAD_REQUEST', 'The body is empty; send a JSON object');
    else next();
    return;
  }
  const json = parse(req.body);
  if (typeof json === 'string') {
    sendError(res, 400, 'BAD_REQUEST', json);
    return;
  }
  req.body = json;
  next();
};

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** @returns the object or array, or what is wrong with the body */
function parse(body: Buffer): object | string {
  let text: string;
  try {
    text = UTF_8.decode(body);
  } catch {
    return 'The body is not valid UTF-8';
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'The body is not JSON';
  }
  if (typeof json !== 'object' || json === null) return 'The body must be a JSON object';
  return Object.keys(json).length > 0 || Array.isArray(json) ? json : 'The body is an empty object';
}
