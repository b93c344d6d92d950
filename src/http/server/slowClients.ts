import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
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

/** Cuts off clients that do not read their answer. */
export function cutSlowClients(server: Server, { clientTimeoutMs }: ClientLimits): void {
  const unsent = new Unsent();
  server.prependListener('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
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
