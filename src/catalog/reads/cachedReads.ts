import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { CallTerms, LinodeClient, ReadRequest } from '../../linode/client/client.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import type { Fetched, SharedFetches } from '../sharing/sharedFetches.js';
import { SingleFlight } from '../singleFlight.js';
import { CachedRead } from './cachedRead.js';

/** The caller's catalog, as far as reads beside images depend on it. */
export interface ReadScope {
  readonly linode: LinodeClient;
  /** Responses that were fetched before this position in the sequence must not be used: the token was refused. */
  readonly clearedAt: number;
  /** The same, but 0 if the token was never refused: what another process has fetched since then may be used. */
  readonly refusedAt: number;
  /** When the caller's last write ended, in the sequence: what it can have changed is not fresh before. */
  readonly writtenAt: number;
}

/** How the responses about a kind of resource are cached. */
interface Kind {
  /** Of its paths. */
  prefix: string;
  /** For how long a response is fresh, in ms. */
  freshForMs: number;
  /** Whether writes to images change it. */
  changesWithImages: boolean;
}

const DEFAULT: Kind = { prefix: '/', freshForMs: 5000, changesWithImages: false };
/** Clients poll events for progress, and each write to an image adds one. */
const KINDS: readonly Kind[] = [
  { prefix: '/account/events', freshForMs: 2000, changesWithImages: true },
  { prefix: '/account/users', freshForMs: 60_000, changesWithImages: false },
  { prefix: '/profile', freshForMs: 60_000, changesWithImages: false },
];

const kindOf = (path: string): Kind => KINDS.find(({ prefix }) => path.startsWith(prefix)) ?? DEFAULT;

const MAX_READS = 20_000;
const MAX_ROWS = 200_000;

/** Cached responses about everything but images, per caller: its Linodes, disks, users and events. */
export class CachedReads {
  readonly #reads: LRUCache<string, CachedRead<unknown>>;
  readonly #flights: SingleFlight<Fetched<unknown>>;

  constructor(
    private readonly settings: { staleIfErrorMs: number; requestTimeoutMs: number },
    private readonly sequence: Sequence,
    clock: Clock,
    private readonly fetches?: SharedFetches | undefined,
  ) {
    const isShared = fetches !== undefined;
    this.#flights = new SingleFlight(sequence, { timeoutMs: settings.requestTimeoutMs, isShared });
    this.#reads = new LRUCache({
      max: MAX_READS,
      maxSize: MAX_ROWS,
      ttl: settings.staleIfErrorMs || 1,
      updateAgeOnGet: true,
      perf: clock,
      ttlResolution: 0,
    });
  }

  /**
   * The response to a request, cached by its path with the query and its `X-Filter`.
   * @throws {LinodeError} when Linode refuses the request, or fails and the cached response is too old to serve
   */
  async read<T>(
    { linode, clearedAt, refusedAt, writtenAt }: ReadScope,
    request: ReadRequest<T>,
    reading: Reading,
  ): Promise<T> {
    const { path, xFilter = '' } = request;
    const key = `${linode.caller.key} ${path} ${xFilter}`;
    const kind = kindOf(path);
    const read = this.#reads.get(key) ?? this.#create(key, kind, linode.caller.key);
    const invalidSince = kind.changesWithImages ? writtenAt : 0;
    const { priority } = reading.terms;
    const fetch = (terms: CallTerms): Promise<T> =>
      linode.read(request, priority ? { ...terms, priority } : terms);
    const value = (await read.read(reading, fetch, { clearedAt, refusedAt, invalidSince })) as T;
    this.#updateSize(key, read, rowsOf(value));
    return value;
  }

  /** The cached response to a request, if it is fresh and an earlier operation fetched it. */
  peek<T>(
    { linode, clearedAt, refusedAt, writtenAt }: ReadScope,
    request: ReadRequest<T>,
    reading: Reading,
  ): T | undefined {
    const { path, xFilter = '' } = request;
    const read = this.#reads.peek(`${linode.caller.key} ${path} ${xFilter}`);
    const invalidSince = kindOf(path).changesWithImages ? writtenAt : 0;
    return read?.peek(reading, { clearedAt, refusedAt, invalidSince }) as T | undefined;
  }

  #create(key: string, { freshForMs, changesWithImages }: Kind, callerKey: string): CachedRead<unknown> {
    const rule = { freshForMs, staleIfErrorMs: this.settings.staleIfErrorMs, honoursClient: true };
    const shared = this.fetches && {
      fetches: this.fetches,
      scope: { callerKey, changesWithImages, name: key },
    };
    const read = new CachedRead(rule, this.sequence, this.#flights, key, shared);
    this.#reads.set(key, read, { size: 1 });
    return read;
  }

  #updateSize(key: string, read: CachedRead<unknown>, rows: number): void {
    if (this.#reads.peek(key) !== read || rows <= 1) return;
    // Setting the same value again would not update its size.
    this.#reads.delete(key);
    this.#reads.set(key, read, { size: Math.min(rows, MAX_ROWS) });
  }
}

/** The rows of a list's page and one more for the page itself, or one. */
function rowsOf(value: unknown): number {
  const data = (value as { data?: unknown } | null)?.data;
  return Array.isArray(data) ? data.length + 1 : 1;
}
