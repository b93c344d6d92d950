import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { requestIdOf } from './admission/requestId.js';

/** What GraphQL answers come as, the preferred first. */
export const ANSWER_TYPES = ['application/json', 'application/graphql-response+json'];

/** As clients may ask for them: with the charset that they come in, or without. */
const ASKED_TYPES = ANSWER_TYPES.flatMap((type) => [type, `${type}; charset=utf-8`]);

/** The type of answer that a client prefers, `others` among them; undefined where it takes none. */
export function acceptedType(req: Request, others: readonly string[] = []): string | undefined {
  const accepted = req.accepts([...ASKED_TYPES, ...others]);
  return accepted === false ? undefined : accepted.replace(/;.*/, '');
}

/** Answers as GraphQL does, never with an HTML page or a stack. */
export function sendError(
  res: Response,
  status: number,
  code: string,
  message: string,
  facts: Record<string, unknown> = {},
): void {
  const errors = [{ message, extensions: { code, ...facts, requestId: requestIdOf(res) } }];
  const type = acceptedType(res.req) ?? 'application/json';
  res
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Content-Type': `${type}; charset=utf-8` })
    .send(JSON.stringify({ errors }));
}

const RETRY_AFTER_SECONDS = 1;

/** Says that there is more to do than can be done, and when to come again. */
export function sendOverloaded(res: Response, message: string): void {
  res.set('Retry-After', String(RETRY_AFTER_SECONDS));
  sendError(res, 503, 'OVERLOADED', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

export const notFound: RequestHandler = (_, res) => {
  sendError(res, 404, 'NOT_FOUND', 'There is nothing here: the API is at /graphql');
};

/** What body parser throws. */
interface BodyError {
  status?: number;
  type?: string;
  message?: string;
  /** The text that it could not take. */
  body?: unknown;
}

const MESSAGES: Record<string, string> = {
  'entity.parse.failed': 'The body is not JSON',
  'entity.too.large': 'The body is too large',
  'encoding.unsupported': "The body's encoding is not supported",
  'charset.unsupported': "The body's charset is not supported",
  'request.size.invalid': 'The body is not as long as promised',
};

/** What body parser and router throw, and 503 for what another process owes; the rest is a bug of ours, told once to `report`. */
export const createErrorHandler =
  (report: (error: unknown, requestId?: string) => void): ErrorRequestHandler =>
  (error: BodyError, _, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    // The client left within its body: there is nobody to tell.
    if (error.type === 'request.aborted') return;
    const status = error.status ?? 500;
    if (status === 503) {
      sendOverloaded(res, error.message ?? '');
      return;
    }
    if (status >= 500) {
      report(error, requestIdOf(res));
      sendError(res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong inside the gateway');
      return;
    }
    sendError(res, status, 'BAD_REQUEST', messageOf(error));
  };

const messageOf = ({ type = '', body }: BodyError): string =>
  type === 'entity.parse.failed' && isJson(body)
    ? 'The body must be a JSON object'
    : (MESSAGES[type] ?? 'The request is malformed');

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}
