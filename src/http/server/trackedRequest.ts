import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Slot } from '../../catalog/reading.js';
import type { GraphQLContext } from '../../graphql/context.js';
import type { OperationRecord } from '../../graphql/operationRecord.js';
import type { Caller } from '../../linode/caller.js';
import type { EncodedBody } from '../encoding/encodedBody.js';
import type { Refusal } from '../errors.js';
import { routeOf, type Route } from './requestRecord.js';
import type { Reader } from './slowReaders.js';

/** One connection, and its requests in flight in the order they came. */
export interface TrackedConnection extends Reader {
  readonly requests: TrackedRequest[];
}

/** What the tracker does with its requests. */
export interface RequestTracking {
  /** Operations that count against the limit on concurrency. */
  activeOperations: number;
  /** All of the request's response is handed over to node. */
  onSent(request: TrackedRequest): void;
  /** The request's response is sent, or its client has left. */
  onClosed(request: TrackedRequest): void;
}

/** What is done with a request, before Express and within it. */
export type Handler = (request: TrackedRequest) => void;

/** Follows the operation that a request becomes, and its response. */
export interface OperationListener {
  onOperation?(context: GraphQLContext): void;
  onRecord?(record: OperationRecord): void;
  /** A response that may be stored is about to be handed over: its headers can still be read. */
  onResponse?(body: EncodedBody): void;
}

/** One request, from its head until its response is sent or its client has left. */
export class TrackedRequest implements Slot {
  readonly route: Route;
  /** As the client sent it: the application handles a HEAD as a GET. */
  readonly method: string;
  /** Null until the request has one. */
  requestId: string | null = null;
  /** Whether it became a GraphQL operation, which then has a log record of its own. */
  isOperation = false;
  /** Whether it is a HEAD, which is handled as a GET. */
  isHead = false;
  listener: OperationListener | undefined;
  /** The body as it came, where it was read before the application. */
  body: Buffer | undefined;
  /** Whose session it is, if a cookie identifies the caller. */
  session: { id: string; caller: Caller } | undefined;
  /** Why admission refuses it; the application then responds with this alone. */
  refusal: Refusal | Error | undefined;
  /** The active operations of its caller, itself included; absent until it is one. */
  share: { active: number } | undefined;
  #isClosed = false;
  #isActive = false;
  #closeListeners: (() => void)[] | undefined;
  #sentListeners: (() => void)[] | undefined;

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    /** Undefined for one that closed before the request was passed on. */
    readonly connection: TrackedConnection | undefined,
    /** On the clock. */
    readonly startedAt: number,
    private readonly tracking: RequestTracking,
  ) {
    this.route = routeOf(req.url ?? '/');
    this.method = req.method ?? '';
  }

  /** Whether its response is sent, or its client has left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Counts as an active operation until it is closed, except between `leave` and `enter`. */
  enter(): void {
    if (this.#isClosed || this.#isActive) return;
    this.#isActive = true;
    this.tracking.activeOperations++;
    if (this.share) this.share.active++;
  }

  leave(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.tracking.activeOperations--;
    if (this.share) this.share.active--;
  }

  /** Calls back once the response is sent or the client has left; at once where that is so already. */
  whenClosed(listener: () => void): void {
    if (this.#isClosed) listener();
    else (this.#closeListeners ??= []).push(listener);
  }

  /** Calls back once all of the response is handed over to node, whether or not the client reads it, or is closed. */
  whenSent(listener: () => void): void {
    if (this.#isClosed || this.res.writableEnded) listener();
    else (this.#sentListeners ??= []).push(listener);
  }

  /** For the response alone. */
  sent(): void {
    this.tracking.onSent(this);
    this.#notifySent();
  }

  /** For the tracker alone. */
  close(): void {
    if (this.#isClosed) return;
    this.leave();
    this.#isClosed = true;
    this.tracking.onClosed(this);
    this.#notifySent();
    const listeners = this.#closeListeners;
    this.#closeListeners = undefined;
    if (listeners) for (const listener of listeners) listener();
  }

  #notifySent(): void {
    const listeners = this.#sentListeners;
    this.#sentListeners = undefined;
    if (listeners) for (const listener of listeners) listener();
  }
}
