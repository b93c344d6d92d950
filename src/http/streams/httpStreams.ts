import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { Request, RequestHandler, Response } from 'express';
import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import type { OperationRequest } from '../../graphql/context.js';
import type { StreamedOperations } from '../../graphql/subscriptions/streamedOperations.js';
import { OperationAborted } from '../../linode/errors.js';
import { isAllowedOrigin } from '../admission/allowedOrigins.js';
import { clientAddress } from '../admission/clientAddress.js';
import { acceptedType, sendRefusal } from '../errors.js';
import type { Protection } from '../protection.js';
import { trackedOf } from '../server/trackedMessages.js';
import type { TrackedRequest } from '../server/trackedRequest.js';
import { acceptedStream, type HttpTransport } from './acceptedStream.js';
import type { OpenSubscriptions } from './openSubscriptions.js';
import { ResponseStream } from './responseStream.js';
import { FORMATS } from './streamFormat.js';

/** What an operation's context is made of, but for its terms. */
export type OperationOfRequest = (
  req: Request,
  request: TrackedRequest,
) => Omit<OperationRequest, 'terms' | 'stream'>;

export interface HttpStreamsOptions {
  operations: StreamedOperations;
  subscriptions: OpenSubscriptions;
  clock: Clock;
  protection: Protection;
  operationOf: OperationOfRequest;
}

/** Serves requests that accept a stream: subscriptions as one, and other operations as any other request, if they can. */
export function httpStreams(options: HttpStreamsOptions): RequestHandler {
  return (req, res, next) => {
    const transport = acceptedStream(req);
    // A HEAD would open a stream that never sends anything.
    if (transport === undefined || trackedOf(res).isHead) next();
    else serve(req, res, transport, options).catch(next);
  };
}

async function serve(
  req: Request,
  res: Response,
  transport: HttpTransport,
  { operations, subscriptions, clock, protection, operationOf }: HttpStreamsOptions,
): Promise<void> {
  const request = trackedOf(res);
  const closing = new Cancellation();
  const leave = (): void => {
    closing.abort(new OperationAborted('The client disconnected'));
  };
  request.whenClosed(leave);
  const started = await operations.start(
    apolloRequest(req, transport, protection),
    () => operationOf(req, request),
    {
      signal: closing.signal,
      isReadOnly: req.method === 'GET',
    },
  );
  if (request.isClosed) return;
  const format = FORMATS[transport];
  if (started.kind === 'response') {
    if (acceptedType(req) !== undefined) sendResponse(res, started);
    else
      sendAsStream(
        res,
        format.contentType,
        format.opening + format.event(started.body.trim()) + format.completion,
      );
    return;
  }
  const { key, token } = started.caller;
  const callerKey = token === null ? clientAddress(req, protection.trustProxyHops) : key;
  const open = subscriptions.open(callerKey, transport, () => {
    stream.end('draining');
  });
  if ('status' in open) {
    leave();
    sendRefusal(res, open);
    return;
  }
  const bounds = { ...protection.subscriptions, clientTimeoutMs: protection.clientTimeoutMs };
  const stream = new ResponseStream(res, format, open, leave, clock, bounds);
  request.whenClosed(() => {
    stream.left();
  });
  request.isOperation = true;
  await stream.send(started.results, () => {
    request.leave();
  });
}

/** The headers that a plain form cannot send: Apollo's, against cross-site request forgery. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/** As Apollo's own integration passes it, as a request for JSON: whatever else is accepted is not its concern. */
function apolloRequest(
  req: Request,
  transport: HttpTransport,
  { corsOrigins }: Protection,
): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(req.headers))
    if (value !== undefined) headers.set(name, String(value));
  headers.set('accept', 'application/json');
  const search = /\?.*$/s.exec(req.url)?.[0] ?? '';
  const body: unknown = req.body;
  // EventSource sends no header of its own, but pages of other origins cannot hide where they come from.
  const isForged =
    !PREFLIGHT_HEADERS.some((name) => headers.has(name)) &&
    !/^application\/json\b/i.test(headers.get('content-type') ?? '') &&
    !(transport === 'sse' && isFromHere(req, corsOrigins));
  if (req.method !== 'GET' || isForged) return { method: req.method, headers, search, body };
  // Apollo takes a GET for a query.
  headers.set('content-type', 'application/json');
  return { method: 'POST', headers, search: '', body: bodyOf(search) };
}

/** The parameters of a GET as those of a POST. What is not JSON stays text, which Apollo refuses. */
function bodyOf(search: string): Record<string, unknown> {
  const parameters = Object.fromEntries(new URLSearchParams(search));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      JSON_PARAMETERS.has(name) ? parsed(value) : value,
    ]),
  );
}

const JSON_PARAMETERS = new Set(['variables', 'extensions']);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isFromHere({ headers }: Request, corsOrigins: readonly string[]): boolean {
  const site = headers['sec-fetch-site'];
  return isAllowedOrigin(headers, corsOrigins) ?? (site === undefined ? false : site === 'same-origin');
}

function sendResponse(
  res: Response,
  { status, headers, body }: { status: number; headers: Iterable<[string, string]>; body: string },
): void {
  for (const [name, value] of headers) res.setHeader(name, value);
  res.status(status).send(body);
}

/** The one response to another operation, or to a subscription that cannot begin. */
function sendAsStream(res: Response, contentType: string, body: string): void {
  res.setHeader('Cache-Control', 'no-store, no-transform');
  res.setHeader('Content-Type', contentType);
  res.status(200).end(body);
}
