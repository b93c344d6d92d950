import { createServer, type Server, type ServerOptions } from 'node:http';
import { Server as Listener, type AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { ClientLimits } from '../protection.js';
import { stripBasePath } from './basePath.js';
import { refuseHeaderLines } from './headerLines.js';
import { refuseMalformedRequests } from './malformedRequests.js';
import type { RequestRecord } from './requestRecord.js';
import type { RequestTracker } from './requestTracker.js';
import { trackedMessages } from './trackedMessages.js';
import type { Handler } from './trackedRequest.js';

export interface HttpServerOptions {
  /** Its request and response prototypes are those of the server's messages. */
  app: Express;
  /** Handles every request that has few enough header lines. */
  handler: Handler;
  limits: ClientLimits;
  /** Whether responses are compressed for clients that accept it. */
  compression: boolean;
  /** A path that a proxy puts in front of the gateway's own; empty for none. */
  basePath: string;
  tracker: RequestTracker;
  /** Receives the record of what never became a request. */
  onMalformed: (record: RequestRecord) => void;
}

/** How often node looks for requests that take too long, in ms. */
const CHECK_INTERVAL_MS = 1000;

const serverOptions = (limits: ClientLimits): ServerOptions => ({
  // Refused by the application, as everything else is.
  requireHostHeader: false,
  maxHeaderSize: limits.maxHeaderBytes,
  headersTimeout: Math.ceil(limits.clientTimeoutMs / 3),
  requestTimeout: limits.clientTimeoutMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, limits.clientTimeoutMs / 3),
});

export interface HttpServer {
  server: Server;
  /** @returns the port, which the system picks where 0 is given. Rejects when it cannot listen. */
  listen(port: number, host: string): Promise<number>;
  /** Accepts no more connections, and resolves once every request is answered and every connection closed. */
  close(): Promise<void>;
}

/** The node server in front of the application. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { app, handler, limits, compression, basePath, tracker, onMalformed } = options;
  const server = createServer({ ...serverOptions(limits), ...trackedMessages(app, compression) });
  // Node drops lines beyond a count of its own from what it passes on, yet frames the body by them.
  server.maxHeadersCount = 0;
  stripBasePath(server, basePath);
  // Node would refuse these itself, without a body.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  refuseMalformedRequests(server, tracker, onMalformed);
  tracker.attach(server, refuseHeaderLines(handler));

  return {
    server,
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        // The HTTP server's own `close` would destroy connections whose responses are handed over but not read yet.
        Listener.prototype.close.call(server, () => {
          resolve();
        });
      });
      await tracker.settled();
      server.close();
      // Connections without a request would otherwise stay open.
      server.closeAllConnections();
      await closed;
    },
  };
}
