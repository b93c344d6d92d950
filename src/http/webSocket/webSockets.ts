import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { makeServer, type Context } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { clientAddress } from '../admission/clientAddress.js';
import { callerKeyOf, refusalFor, type Consume } from '../admission/rateLimit.js';
import type { Caller } from '../../linode/caller.js';
import { requestCaller } from '../admission/requestCaller.js';
import { overloaded, type Refusal } from '../errors.js';
import type { Protection } from '../protection.js';
import type { RequestRecord } from '../server/requestRecord.js';
import type { SocketSessions } from '../sessions/socketSessions.js';
import { SocketLink } from './socketLink.js';
import { refusalError } from './socketOperation.js';
import {
  resultOf,
  SocketOperations,
  type SocketClient,
  type SocketOperationsOptions,
} from './socketOperations.js';
import { handleUpgrades, SUBPROTOCOL, type Upgrade } from './upgrade.js';

/** Operations that one connection may have under way. */
const MAX_OPERATIONS = 100;
/** How long a client may take to send `connection_init`, in ms. */
const INIT_TIMEOUT_MS = 10_000;
/** The gateway shuts down: clients of graphql-ws connect again. */
const SERVICE_RESTART = 1012;
/** Codes of the protocol. */
const BAD_REQUEST = 4400;
const UNAUTHORIZED = 4401;
const INTERNAL_ERROR = 4500;

export interface WebSocketsOptions extends Omit<
  SocketOperationsOptions,
  'refusalOf' | 'maxSubscriptionMs' | 'persistedOperations'
> {
  server: Server;
  protection: Protection;
  /** Whether what comes now is refused because of overload. */
  isLate: () => boolean;
  /** Counts a request for the rate limit; absent: there is none. */
  consume: Consume | undefined;
  /** Absent: users cannot sign in, and cookies are ignored. */
  sessions?: SocketSessions | undefined;
  onRequest: (record: RequestRecord) => void;
  reportInternalError: (error: unknown) => void;
}

/** What a connection knows of its client. */
interface Extra extends SocketClient {
  req: IncomingMessage;
  /** Finds the caller again, whose token may have been replaced. Absent for callers with a token. */
  findCaller?: () => Promise<Caller | null>;
}

type Parameters = Record<string, unknown> | undefined;

/** Serves operations over WebSocket, by the protocol graphql-transport-ws. */
export class WebSockets {
  readonly #server: WebSocketServer;
  readonly #protocol;
  readonly #links = new Set<SocketLink>();
  #isDraining = false;

  constructor(private readonly options: WebSocketsOptions) {
    const { protection, server, onRequest } = options;
    const { maxBodyBytes, persistedOperations, corsOrigins, trustProxyHops } = protection;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: maxBodyBytes,
      perMessageDeflate: false,
      handleProtocols: () => SUBPROTOCOL,
    });
    const operations = new SocketOperations({
      ...options,
      persistedOperations,
      maxSubscriptionMs: protection.subscriptions.maxSubscriptionMs,
      refusalOf: (callerKey, address) => this.#refusalOf(callerKey, address),
    });
    this.#protocol = makeServer<Parameters, Extra>({
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: (connection) => identify(connection, options.sessions),
      onSubscribe: async ({ subscriptions, extra }, _, payload) => {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) return [TOO_MANY];
        const caller = extra.findCaller ? await extra.findCaller() : extra.caller;
        if (caller === null) {
          extra.link.close(UNAUTHORIZED, 'The session has ended; sign in again');
          return [SESSION_ENDED];
        }
        extra.caller = caller;
        return operations.start(extra, { ...payload });
      },
      subscribe: resultOf,
      execute: resultOf,
      // Results are formatted already.
      onNext: (_, __, ___, ____, result) => result as FormattedExecutionResult,
    });
    handleUpgrades(server, {
      corsOrigins: [...corsOrigins, ...(options.sessions?.origins ?? [])],
      onRequest,
      refusalOf: (req) =>
        options.sessions?.isForeign(req)
          ? FOREIGN
          : this.#refusalOf(callerKeyOf(req), clientAddress(req, trustProxyHops)),
      accept: (upgrade) => {
        this.#accept(upgrade);
      },
    });
  }

  /** Closes all connections with 1012, after which clients connect again, to another process. */
  drain(): void {
    this.#isDraining = true;
    for (const link of this.#links) link.close(SERVICE_RESTART, 'The server is shutting down; reconnect');
  }

  async #refusalOf(callerKey: string | null, address: string): Promise<Refusal | undefined> {
    const { consume, isLate, tracker, protection } = this.options;
    if (this.#isDraining) return overloaded('The server is shutting down; reconnect');
    try {
      const limited = consume && refusalFor(await consume({ callerKey, address }));
      if (limited) return limited;
    } catch {
      // The process that counts does not respond.
      return OVERLOADED;
    }
    return isLate() || tracker.activeOperations >= protection.maxConcurrentOperations
      ? OVERLOADED
      : undefined;
  }

  #accept({ req, socket, head }: Upgrade): void {
    this.#server.handleUpgrade(req, socket, head, (webSocket) => {
      this.#open(webSocket, req);
    });
  }

  #open(socket: WebSocket, req: IncomingMessage): void {
    const { clock, protection, reportInternalError } = this.options;
    const { subscriptions, trustProxyHops } = protection;
    const link = new SocketLink(socket, clock, subscriptions.maxBacklogBytes);
    this.#links.add(link);
    let onMessage: (data: string) => Promise<void> = () => Promise.resolve();
    const protocolSocket = {
      protocol: socket.protocol,
      send: (data: string) => link.send(data),
      close: (code = 1000, reason = '') => {
        link.close(code, reason);
      },
      onMessage: (listener: typeof onMessage) => {
        onMessage = listener;
      },
    };
    const extra: Extra = { req, link, caller: ANYONE, address: clientAddress(req, trustProxyHops) };
    const closed = this.#protocol.opened(protocolSocket, extra);
    socket.on('message', (data, isBinary) => {
      if (isBinary) link.close(BAD_REQUEST, 'Messages must be text');
      else
        onMessage((data as Buffer).toString()).catch((error: unknown) => {
          reportInternalError(error);
          link.close(INTERNAL_ERROR, 'Internal server error');
        });
    });
    // It is closed after such an error, such as a message that is too large.
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      this.#links.delete(link);
      closed(code, reason.toString()).catch(reportInternalError);
    });
  }
}

const FOREIGN: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'Pages of this origin may not use the session of a user',
};

const SESSION_ENDED = refusalError(
  { status: 401, code: 'UNAUTHENTICATED', message: 'The session has ended; sign in again' },
  '',
);

const OVERLOADED = overloaded('Server overloaded; retry later');

/** Until `connection_init`. */
const ANYONE = requestCaller({});

const TOO_MANY = refusalError(
  {
    status: 429,
    code: 'RATE_LIMITED',
    message: `The limit of operations of one connection is ${MAX_OPERATIONS}`,
  },
  '',
);

/**
 * Decides who the caller is, once for the connection: by `connection_init`, else by the headers of the upgrade, a token
 * before a session.
 */
async function identify(
  { connectionParams, extra }: Context<Parameters, Extra>,
  sessions: SocketSessions | undefined,
): Promise<boolean> {
  const given = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  const { headers } = extra.req;
  const findCaller = typeof given === 'string' ? undefined : sessions?.find(extra.req);
  if (findCaller) {
    const caller = await findCaller();
    if (caller === null) return false;
    extra.caller = caller;
    extra.findCaller = findCaller;
    return true;
  }
  try {
    extra.caller = requestCaller(typeof given === 'string' ? { ...headers, authorization: given } : headers);
    return true;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // The protocol's 4403.
    return false;
  }
}
