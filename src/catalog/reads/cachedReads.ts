import { LRUCache } from 'lru-cache';
import type { CallTerms, ReadRequest } from '../../linode/client/client.js';
import type { Clock } from '../../clock.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import { CachedRead } from './cachedRead.js';

/** How long what is no image stays fresh, by the beginning of its path, in ms. Clients poll events for progress. */
const FRESH_FOR_MS: readonly (readonly [path: string, ms: number])[] = [
  ['/account/events', 2000],
  ['/account/users', 60_000],
  ['/profile', 60_000],
  ['/', 5000],
];

const MOST_READS = 20_000;
const MOST_ROWS = 200_000;

/**
 * What operations lately asked beside images, for each caller: its Linodes, disks, users and events. Without
 * it every operation that shows a page's events would cost a call, and 140 a minute is all there is.
 */
export class CachedReads {
  readonly #reads: LRUCache<string, CachedRead<unknown>>;

  constructor(
    private readonly settings: { staleIfErrorMs: number; requestTimeoutMs: number },
    private readonly sequence: Sequence,
    clock: Clock,
  ) {
    this.#reads = new LRUCache({
      max: MOST_READS,
      maxSize: MOST_ROWS,
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
    let read = this.#reads.get(key);
    if (!read) {
      const freshForMs = FRESH_FOR_MS.find(([beginning]) => path.startsWith(beginning))?.[1] ?? 0;
      const { staleIfErrorMs: servesForMs, requestTimeoutMs } = this.settings;
      read = new CachedRead({ freshForMs, servesForMs, requestTimeoutMs, heedsClient: true }, this.sequence);
      this.#reads.set(key, read, { size: 1 });
    }
    const value = (await read.read(reading, fetch)) as T;
    this.#weigh(key, read, rowsOf(value));
    return value;
  }

  #weigh(key: string, read: CachedRead<unknown>, rows: number): void {
    if (this.#reads.peek(key) !== read || rows <= 1) return;
    // Setting the value that is there already would leave its size as it was.
    this.#reads.delete(key);
    this.#reads.set(key, read, { size: Math.min(rows, MOST_ROWS) });
  }
}

/** The rows of a list's page, or one. */
function rowsOf(value: unknown): number {
  const data = (value as { data?: unknown } | null)?.data;
  return Array.isArray(data) ? data.length + 1 : 1;
}
