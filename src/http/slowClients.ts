import { STATUS_CODES, type Server, type ServerOptions, type ServerResponse } from 'node:http';
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

export const serverOptions = (limits: ClientLimits): ServerOptions => ({
  maxHeaderSize: limits.maxHeaderBytes,
  headersTimeout: Math.ceil(limits.clientTimeoutMs / 3),
  requestTimeout: limits.clientTimeoutMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.min(CHECK_MS, limits.clientTimeoutMs / 3),
});

/** Cuts off clients that do not read their answer, and answers in JSON what node itself refuses. */
export function cutSlowClients(server: Server, { clientTimeoutMs }: ClientLimits): void {
  server.prependListener('request', (_, res: ServerResponse) => {
    // All of the answer is handed over by now; only the client's reading is left.
    res.once('prefinish', () => {
      const timer = setTimeout(() => res.socket?.destroy(), clientTimeoutMs).unref();
      res.once('close', () => {
        clearTimeout(timer);
      });
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuse(error, socket as Socket);
  });
}

const REFUSALS: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time' },
};

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  // An answer may be on its way already: a second one would be read as its rest.
  if (!socket.writable || error.code === 'ECONNRESET' || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const { status, message } = REFUSALS[error.code ?? ''] ?? { status: 400, message: 'This is not HTTP' };
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
}
