import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler, type Router } from 'express';

export interface AdminServer {
  /** @returns the port, which the system picks where 0 is given. Rejects when it cannot listen. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Health checks and metrics on a listener of their own. Node accepts one connection per listener and turn of the
 * event loop: here a probe does not wait behind a burst of clients' connections. Other paths get 404.
 */
export function createAdminServer(...routes: (Router | RequestHandler)[]): AdminServer {
  const app = express().disable('x-powered-by').disable('etag');
  for (const route of routes) app.use(route);
  app.use((_, res) => {
    res
      .status(404)
      .json({ errors: [{ message: 'Not found. This port has /health/live, /health/ready and /metrics' }] });
  });
  const server = createServer(app);
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
