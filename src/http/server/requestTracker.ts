import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { toMicrosecond, type Clock } from '../../clock.js';
import type { RequestRecord } from './requestRecord.js';
import { SlowReaders } from './slowReaders.js';
import type { TrackedResponse } from './trackedMessages.js';
import {
  TrackedRequest,
  type Handler,
  type RequestTracking,
  type TrackedConnection,
} from './trackedRequest.js';

export interface RequestTrackerOptions {
  clock: Clock;
  /** How long a client may take to read a response. */
  clientTimeoutMs: number;
  /** Receives the record of each request once its response is sent or its client has left. */
  onRequest: (record: RequestRecord) => void;
}

/**
 * One record for each connection of a server and for each request in flight. Concurrency, drain, slow readers, logs
 * and metrics read from it, so that a response has one listener for its end.
 */
export class RequestTracker implements RequestTracking {
  readonly #connections = new Map<Socket, TrackedConnection>();
  readonly #slowReaders: SlowReaders;
  readonly #clock: Clock;
  activeOperations = 0;
  #inFlight = 0;
  #isDraining = false;
  #onIdle: () => void = () => undefined;

  constructor(private readonly options: RequestTrackerOptions) {
    this.#clock = options.clock;
    this.#slowReaders = new SlowReaders(options.clock, options.clientTimeoutMs);
  }

  /** Whether every response says `Connection: close`. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Requests whose response is not sent yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Tracks a server's connections and requests, and passes each request on. */
  attach(server: Server, handle: Handler): void {
    server.on('connection', (socket: Socket) => {
      this.#open(socket);
    });
    server.on('request', (req: IncomingMessage, res: TrackedResponse) => {
      handle(this.#begin(req, res));
    });
  }

  /** A connection's requests in flight, in the order they came. */
  requestsOf(socket: Socket): readonly TrackedRequest[] {
    return this.#connections.get(socket)?.requests ?? [];
  }

  /** From now on every response says `Connection: close`, those in flight included. */
  drain(): void {
    this.#isDraining = true;
    for (const { requests } of this.#connections.values())
      for (const { res } of requests) if (!res.headersSent) res.shouldKeepAlive = false;
  }

  /** Resolves once no request is in flight, and none waits to be read from an open connection. */
  async settled(): Promise<void> {
    do {
      await this.#idle();
      // Two turns of the event loop: the first reads what has come meanwhile.
      await nextTurn();
      await nextTurn();
    } while (this.#inFlight > 0);
  }

  onSent({ connection, res }: TrackedRequest): void {
    // Responses are sent in order: one that has no socket yet waits for those before it.
    if (connection && res.socket) this.#slowReaders.add(connection);
  }

  onClosed(request: TrackedRequest): void {
    const { res, connection, startedAt, requestId, method, route, isOperation } = request;
    if (connection) this.#remove(request, connection);
    this.#inFlight--;
    this.options.onRequest({
      requestId,
      method,
      route,
      status: res.headersSent ? res.statusCode : null,
      durationMs: toMicrosecond(this.#clock.now() - startedAt),
      isOperation,
    });
    if (this.#inFlight === 0) this.#onIdle();
  }

  #open(socket: Socket): TrackedConnection {
    // The connection of a request that offered another protocol comes a second time.
    const known = this.#connections.get(socket);
    if (known) return known;
    const connection: TrackedConnection = {
      socket,
      requests: [],
      unreadBytes: 0,
      cancelTimeout: () => undefined,
    };
    this.#connections.set(socket, connection);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#slowReaders.delete(connection);
      // Node closes only the response in turn: those queued behind it would stay in flight for ever.
      for (const request of [...connection.requests]) request.close();
    });
    return connection;
  }

  #begin(req: IncomingMessage, res: TrackedResponse): TrackedRequest {
    const connection = this.#connections.get(req.socket);
    const request = new TrackedRequest(req, res, connection, this.#clock.now(), this);
    res.tracked = request;
    if (this.#isDraining) res.shouldKeepAlive = false;
    connection?.requests.push(request);
    this.#inFlight++;
    res.on('close', closeTracked);
    return request;
  }

  #remove(request: TrackedRequest, connection: TrackedConnection): void {
    const { requests } = connection;
    if (requests[0] === request) requests.shift();
    else requests.splice(requests.indexOf(request), 1);
    this.#slowReaders.delete(connection);
    // The next response has its turn, and may have been handed over before.
    if (requests[0]?.res.writableEnded) this.#slowReaders.add(connection);
  }

  #idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}

function closeTracked(this: TrackedResponse): void {
  this.tracked.close();
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
