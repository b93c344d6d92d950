import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isAllowedOrigin } from '../admission/allowedOrigins.js';
import { requestIdFrom } from '../admission/requestId.js';
import type { Refusal } from '../errors.js';
import { routeOf, type RequestRecord } from '../server/requestRecord.js';

/** GraphQL over WebSocket, of the library graphql-ws. */
export const SUBPROTOCOL = 'graphql-transport-ws';

/** A request to become a WebSocket. */
export interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  requestId: string;
}

export interface UpgradeOptions {
  /** Origins whose pages may connect, besides the gateway's own. */
  corsOrigins: readonly string[];
  /** Why a connection is refused now; undefined if it is not. */
  refusalOf: (req: IncomingMessage) => Refusal | undefined | Promise<Refusal | undefined>;
  accept: (upgrade: Upgrade) => void;
  /** Receives the record of each request, accepted or not. */
  onRequest: (record: RequestRecord) => void;
}

/**
 * Accepts upgrades to WebSocket on the path of GraphQL. Browsers send cookies with them, and a page of any site may try:
 * the check of `Origin` is all that protects a session.
 */
export function handleUpgrades(server: Server, options: UpgradeOptions): void {
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has none from here on, and an error without a listener ends the process.
    socket.on('error', ignore);
    if (!isWebSocket(req)) {
      ignoreUpgrade(server, req, socket, head);
      return;
    }
    const requestId = requestIdFrom(req.headers['x-request-id']);
    const finish = (refusal: Refusal | undefined): void => {
      options.onRequest(recordOf(req, requestId, refusal?.status ?? 101));
      if (refusal) refuse(socket, refusal, requestId);
      else options.accept({ req, socket, head, requestId });
    };
    const refusal = refusalOf(req, options.corsOrigins);
    if (refusal) finish(refusal);
    else Promise.resolve(options.refusalOf(req)).then(finish, () => socket.destroy());
  });
}

const ignore = (): void => undefined;

const isWebSocket = ({ headers }: IncomingMessage): boolean => /\bwebsocket\b/i.test(headers.upgrade ?? '');

const refused = (status: number, code: string, message: string): Refusal => ({ status, code, message });

function refusalOf({ url, headers }: IncomingMessage, corsOrigins: readonly string[]): Refusal | undefined {
  if (routeOf(url ?? '/') !== 'graphql')
    return refused(404, 'NOT_FOUND', 'Not found. The GraphQL endpoint is /graphql');
  if (headers.upgrade?.toLowerCase() !== 'websocket') {
    return refused(400, 'BAD_REQUEST', 'A WebSocket handshake offers "websocket" alone');
  }
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!protocols.includes(SUBPROTOCOL)) {
    return refused(400, 'BAD_REQUEST', `Subscriptions over WebSocket need the subprotocol ${SUBPROTOCOL}`);
  }
  // With a cookie, `*` allows no origin: it says that what is served needs no session.
  const hasCookie = headers.cookie !== undefined;
  const allowed = hasCookie ? corsOrigins.filter((origin) => origin !== '*') : corsOrigins;
  const isAllowed = isAllowedOrigin(headers, allowed) ?? !hasCookie;
  return isAllowed ? undefined : refused(403, 'FORBIDDEN', 'Pages of this origin may not connect');
}

const recordOf = (
  { method = '', url = '/' }: IncomingMessage,
  requestId: string,
  status: number,
): RequestRecord => ({
  requestId,
  method,
  route: routeOf(url),
  status,
  durationMs: 0,
  isOperation: false,
});

function refuse(socket: Duplex, refusal: Refusal, requestId: string): void {
  const { status, code, message, retryAfterSeconds } = refusal;
  const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  (socket as Socket).destroySoon();
}

/** The headers of an offer that the server ignores, which `Connection` names too. */
const OFFER = ['upgrade', 'http2-settings'];

/** What is left of a header without the offer; undefined for nothing. */
function withoutOffer(name: string, value: string): string | undefined {
  if (OFFER.includes(name.toLowerCase())) return undefined;
  if (name.toLowerCase() !== 'connection') return value;
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !OFFER.includes(option.toLowerCase())).join(', ') || undefined;
}

/**
 * Handles a request that offers another protocol, such as `h2c`, as if it did not: Node passes all offers to the
 * listener of `upgrade`. The connection is given back to the server with the request as it came, but for the offer.
 */
function ignoreUpgrade(server: Server, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${req.method ?? ''} ${req.url ?? ''} HTTP/${req.httpVersion}`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = req.rawHeaders.slice(i, i + 2);
    const left = withoutOffer(name, value);
    if (left !== undefined) lines.push(`${name}: ${left}`);
  }
  socket.removeListener('error', ignore);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
