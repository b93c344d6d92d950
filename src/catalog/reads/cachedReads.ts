import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { CallTerms, ReadRequest } from '../../linode/client/client.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import { SingleFlight } from '../singleFlight.js';
import { CachedRead } from './cachedRead.js';

/** For how long a response is fresh, in ms, by the first prefix that fits its path. Clients poll events for progress. */
const FRESH_FOR_MS: readonly (readonly [prefix: string, ms: number])[] = [
  ['/account/events', 2000],
  ['/account/users', 60_000],
  ['/profile', 60_000],
  ['/', 5000],
];

const MAX_READS = 20_000;
const MAX_ROWS = 200_000;

/** Cached responses about everything but images, per caller: its Linodes, disks, users and events. */
export class CachedReads {
  readonly #reads: LRUCache<string, CachedRead<unknown>>;
  readonly #flights: SingleFlight<unknown>;

  constructor(
    private readonly settings: { staleIfErrorMs: number; requestTimeoutMs: number },
    private readonly sequence: Sequence,
    clock: Clock,
  ) {
    this.#flights = new SingleFlight(sequence, { timeoutMs: settings.requestTimeoutMs });
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
   * @param scope names the caller, and changes whenever responses from before may not be used any more
   * @throws {LinodeError} when Linode refuses the request, or fails and the cached response is too old to serve
   */
  async read<T>(
    scope: string,
    { path, xFilter }: Pick<ReadRequest<T>, 'path' | 'xFilter'>,
    reading: Reading,
    fetch: (terms: CallTerms) => Promise<T>,
  ): Promise<T> {
    const key = `${scope} ${path} ${xFilter ?? ''}`;
    const read = this.#reads.get(key) ?? this.#create(key, path);
    const value = (await read.read(reading, fetch)) as T;
    this.#updateSize(key, read, rowsOf(value));
    return value;
  }

  #create(key: string, path: string): CachedRead<unknown> {
    const freshForMs = FRESH_FOR_MS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 0;
    const rule = { freshForMs, staleIfErrorMs: this.settings.staleIfErrorMs, honoursClient: true };
    const read = new CachedRead(rule, this.sequence, this.#flights, key);
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
