import type { ServerResponse } from 'node:http';
import type { Response } from 'express';
import { EncodedBody } from './encodedBody.js';
import { acceptanceFor, representationFor, type Representation } from './representation.js';

/** Types of bodies that compress well. Streams are none of them. */
const TYPES = /^(?:application\/(?:json|graphql-response\+json)|text\/(?:html|plain))(?:;|$)/;

/**
 * The whole body of a response that may be encoded, and be known to the client already; undefined for any other. What
 * must not be stored is sent as it is: it may hold a secret, and a compressed body tells by its length whether what
 * the client sent is in it too (BREACH).
 */
export function encodableBody(res: ServerResponse, chunk: unknown): EncodedBody | undefined {
  if (res.headersSent || res.statusCode !== 200 || res.hasHeader('content-encoding')) return undefined;
  if (typeof chunk !== 'string' && !Buffer.isBuffer(chunk)) return undefined;
  const policy = res.getHeader('cache-control');
  if (typeof policy !== 'string' || policy.includes('no-store')) return undefined;
  if (!TYPES.test(String(res.getHeader('content-type')))) return undefined;
  return new EncodedBody(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
}

/** Names what the response is chosen by, whichever form is sent. */
export function varyByEncoding(res: ServerResponse): void {
  (res as Response).vary('Accept-Encoding');
}

/**
 * Sends a body in the form that the client prefers, or 304 if the client has it.
 * @param end ends the response with these bytes; called at once, or later where a large body is compressed first
 */
export function sendEncoded(
  res: ServerResponse,
  body: EncodedBody,
  compression: boolean,
  end: (bytes?: Buffer) => void,
): void {
  const { req } = res;
  const chosen = representationFor(req, acceptanceFor(req, compression), body, req.method === 'GET');
  const { coding, isKnown } = chosen;
  if (isKnown) {
    res.statusCode = 304;
    for (const name of ['content-type', 'content-length']) res.removeHeader(name);
    setHeaders(res, chosen);
    end();
    return;
  }
  const bytes = coding === undefined ? body.identity : body.in(coding);
  const send = (ready: Buffer): void => {
    if (!res.headersSent) {
      setHeaders(res, chosen);
      if (coding !== undefined) res.setHeader('Content-Encoding', coding);
      res.setHeader('Content-Length', ready.length);
    }
    end(ready);
  };
  if (Buffer.isBuffer(bytes)) send(bytes);
  else void bytes.then(send);
}

function setHeaders(res: ServerResponse, { etag }: Representation): void {
  if (etag !== undefined) res.setHeader('ETag', etag);
}
