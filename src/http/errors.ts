import type { IncomingMessage, ServerResponse } from 'node:http';
import accepts from 'accepts';
import type { ErrorRequestHandler } from 'express';

/** The media types of GraphQL responses, the preferred one first. */
export const RESPONSE_TYPES = ['application/json', 'application/graphql-response+json'];

/** As clients may name them in `Accept`: with the charset of the responses, or without. */
const ACCEPTABLE_TYPES = RESPONSE_TYPES.flatMap((type) => [type, `${type}; charset=utf-8`]);

/** The response type that the client prefers, `others` among the choices; undefined if it accepts none. */
export function acceptedType(req: IncomingMessage, others: readonly string[] = []): string | undefined {
  const accepted = accepts(req).type([...ACCEPTABLE_TYPES, ...others]);
  return typeof accepted === 'string' ? accepted.replace(/;.*/, '') : undefined;
}

/** A function in a chain that works on Node's own request and response, with Express or without. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** Sends an error in the form of a GraphQL response, never an HTML page or a stack. */
export function sendError(
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
  facts: Record<string, unknown> = {},
): void {
  const requestId = requestIdOf(res);
  const body = JSON.stringify({ errors: [{ message, extensions: { code, ...facts, requestId } }] });
  const type = acceptedType(res.req) ?? 'application/json';
  res.statusCode = status;
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** The ID that admission gave to the request; it travels in the response's header. */
function requestIdOf(res: ServerResponse): string | undefined {
  const id = res.getHeader('x-request-id');
  return typeof id === 'string' ? id : undefined;
}

/** Why a request is refused before it is read. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  retryAfterSeconds?: number;
  /** Whether the connection is closed after the response. */
  closesConnection?: boolean;
}

export function sendRefusal(res: ServerResponse, refusal: Refusal): void {
  const { status, code, message, retryAfterSeconds, closesConnection } = refusal;
  if (closesConnection) res.setHeader('Connection', 'close');
  if (retryAfterSeconds === undefined) {
    sendError(res, status, code, message);
    return;
  }
  res.setHeader('Retry-After', String(retryAfterSeconds));
  sendError(res, status, code, message, { retryAfterSeconds });
}

/** The gateway is overloaded; the client may retry in a second. */
export const overloaded = (message: string): Refusal => ({
  status: 503,
  code: 'OVERLOADED',
  message,
  retryAfterSeconds: 1,
});

export const notFound: Middleware = (_, res) => {
  sendError(res, 404, 'NOT_FOUND', 'Not found. The GraphQL endpoint is /graphql');
};

/** What body-parser and zlib throw. */
interface BodyError {
  status?: number;
  type?: string;
  message?: string;
  code?: string;
  /** The most bytes that a body may have, decompressed. */
  limit?: number;
  /** The content encoding that is not supported. */
  encoding?: string;
}

/**
 * Responds to errors of body-parser and the router, and with 503 if another process does not respond. Any other
 * error is internal: it is passed to `report` once and masked.
 */
export const createErrorHandler =
  (report: (error: unknown, requestId?: string) => void): ErrorRequestHandler =>
  (error: BodyError, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    // The client disconnected before its body was complete.
    if (error.type === 'request.aborted') return;
    const status = error.status ?? 500;
    if (status === 503) {
      sendRefusal(res, overloaded(error.message ?? ''));
      return;
    }
    if (status >= 500) {
      report(error, requestIdOf(res));
      sendError(res, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
      return;
    }
    sendError(res, status, 'BAD_REQUEST', messageOf(error, req));
  };

function messageOf({ type, code, limit = 0, encoding = '' }: BodyError, req: IncomingMessage): string {
  switch (type) {
    case 'entity.too.large':
      return `The body is larger than the limit of ${limit / 1024} KB`;
    case 'encoding.unsupported':
      return `Content-Encoding ${encoding} is not supported; use gzip, deflate or br`;
    case 'request.size.invalid':
      return 'The body is not as long as Content-Length says';
  }
  const contentEncoding = req.headers['content-encoding'];
  return code !== undefined && contentEncoding !== undefined
    ? `The body is not valid ${contentEncoding}`
    : 'The request is malformed';
}
