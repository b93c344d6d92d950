import {
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

export interface ClientLimits {
  /** How long a client may take to send a request, and to read its answer; its headers take a third at most. */
  clientTimeoutMs: number;
  /** How long an idle connection stays. */
  keepAliveMs: number;
  maxHeaderBytes: number;
}

/** How often node looks for requests that take too long. */
const CHECK_MS = 1000;
/** Answers that clients have not taken yet may hold this much memory together; then the oldest are given up. */
const MAX_UNSENT_BYTES = 128 * 1024 * 1024;

export const serverOptions = (limits: ClientLimits): ServerOptions => ({
  // Refused by the application, as everything else is.
  requireHostHeader: false,
  maxHeaderSize: limits.maxHeaderBytes,
  headersTimeout: Math.ceil(limits.clientTimeoutMs / 3),
  requestTimeout: limits.clientTimeoutMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.min(CHECK_MS, limits.clientTimeoutMs / 3),
});

/** The client left, within a request or not. */
const HAS_LEFT = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/**
 * Cuts off clients that do not read their answer, and answers in JSON what node itself refuses.
 * @param onUnreadable told of what never became a request, with the status that was sent for it, null where none was
 */
export function cutSlowClients(
  server: Server,
  { clientTimeoutMs }: ClientLimits,
  onUnreadable: (status: number | null) => void,
): void {
  const unsent = new Unsent();
  const underWay = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
    const answers = underWay.get(socket) ?? new Set();
    underWay.set(socket, answers.add(res));
    res.once('close', () => {
      answers.delete(res);
    });
    // All of the answer is handed over by now; only the client's reading is left.
    res.once('prefinish', () => {
      // An answer that is made after its client has left has closed before.
      if (res.destroyed) return;
      const timer = setTimeout(() => socket.destroy(), clientTimeoutMs).unref();
      unsent.add(socket, socket.writableLength);
      res.once('close', () => {
        clearTimeout(timer);
        unsent.delete(socket);
      });
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    // Once an answer is on its way, another one would be read as its rest.
    const answers = [...(underWay.get(socket) ?? [])];
    const hasBegun = answers.some(({ headersSent }) => headersSent);
    const hasLeft = HAS_LEFT.has(error.code ?? '');
    const status = socket.writable && !hasLeft && !hasBegun ? refuse(error.code, socket) : null;
    if (status === null) socket.destroy();
    // A request that was under way is told of by itself.
    const isToldOf = hasLeft && answers.length > 0;
    if (error.code !== 'ECONNRESET' && !isToldOf) onUnreadable(status);
  });
  server.on('connect', (_, duplex) => {
    onUnreadable(refuse(CONNECT, duplex as Socket));
  });
}

/** The connections whose answers wait to be read, oldest first. */
class Unsent {
  readonly #bytes = new Map<Socket, number>();
  #total = 0;

  add(socket: Socket, bytes: number): void {
    this.delete(socket);
    this.#bytes.set(socket, bytes);
    this.#total += bytes;
    for (const [oldest] of this.#bytes) {
      if (this.#total <= MAX_UNSENT_BYTES || oldest === socket) return;
      this.delete(oldest);
      oldest.destroy();
    }
  }

  delete(socket: Socket): void {
    this.#total -= this.#bytes.get(socket) ?? 0;
    this.#bytes.delete(socket);
  }
}

const CONNECT = 'connect';

const REFUSALS: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large' },
  [CONNECT]: { status: 405, message: 'This is no proxy: GraphQL is asked with GET or POST' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time' },
};

/** @returns the status */
function refuse(code: string | undefined, socket: Socket): number {
  const { status, message } = REFUSALS[code ?? ''] ?? { status: 400, message: 'This is not HTTP' };
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  socket.destroySoon();
  return status;
}
