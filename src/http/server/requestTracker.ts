import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { toMicrosecond, type Clock } from '../../clock.js';
import { Places } from './places.js';

/** What is told of one HTTP request: no query string, no header but its id. */
export interface RequestRecord {
  requestId: string | null;
  method: string;
  route: Route;
  /** Null when the client left before an answer began. */
  status: number | null;
  durationMs: number;
  /** Whether it became a GraphQL operation, which then has a record of its own. */
  isOperation: boolean;
}

/** The paths that are told apart; whatever else a client wrote is `other`. */
export type Route = 'graphql' | 'health' | 'metrics' | 'page' | 'other';

/** Of what could not be read as a request; node's own words for why are not told, they may quote it. */
export const unreadable = (status: number | null): RequestRecord => ({
  requestId: null,
  method: '',
  route: 'other',
  status,
  durationMs: 0,
  isOperation: false,
});

/** All requests of one server, from their first line until their answer has left. */
export class Traffic {
  readonly #underWay = new Places<ServerResponse>();
  readonly #operations = new WeakSet<ServerResponse>();
  #isEnding = false;
  #onIdle: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onRequest: (record: RequestRecord) => void,
  ) {}

  /** Whether every answer says that the connection closes. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Unanswered requests. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Begins to count a server's requests, before any other listener sees them. */
  watch(server: Server): void {
    server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
      const startedAt = this.clock.now();
      const route = routeOf(req.url ?? '/');
      const place = this.#underWay.add(res);
      if (this.#isEnding) res.shouldKeepAlive = false;
      res.once('close', () => {
        this.#underWay.delete(place);
        this.onRequest({
          requestId: idOf(res),
          method: req.method ?? '',
          route,
          status: res.headersSent ? res.statusCode : null,
          durationMs: toMicrosecond(this.clock.now() - startedAt),
          isOperation: this.#operations.has(res),
        });
        if (this.#isIdle) this.#onIdle();
      });
    });
  }

  /** Notes that this request became a GraphQL operation. */
  markOperation(res: ServerResponse): void {
    this.#operations.add(res);
  }

  /** From now on every answer says `Connection: close`, those under way included. */
  endConnections(): void {
    this.#isEnding = true;
    for (const res of this.#underWay.members()) if (!res.headersSent) res.shouldKeepAlive = false;
  }

  /** Resolves as soon as no request is under way, and no request waits to be read from a connection that is there. */
  async settled(): Promise<void> {
    do {
      await this.#idle();
      // Two turns of the event loop: the first reads what has come meanwhile.
      await turn();
      await turn();
    } while (!this.#isIdle);
  }

  get #isIdle(): boolean {
    return this.#underWay.size === 0;
  }

  #idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function idOf(res: ServerResponse): string | null {
  const id = res.getHeader('x-request-id');
  return typeof id === 'string' ? id : null;
}

export function routeOf(url: string): Route {
  const path = url.split('?', 1)[0] ?? '/';
  if (path === '/graphql' || path.startsWith('/graphql/')) return 'graphql';
  if (path.startsWith('/health/')) return 'health';
  if (path === '/metrics') return 'metrics';
  if (path === '/' || path.startsWith('/graphiql/')) return 'page';
  return 'other';
}
