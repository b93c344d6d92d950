import { LRUCache } from 'lru-cache';
import type { SharedCatalog, SharedCatalogs } from '../../catalog/sharedCatalogs.js';
import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import type { Coding } from '../encoding/acceptEncoding.js';
import type { EncodedBody } from '../encoding/encodedBody.js';

const MAX_BYTES = 64 * 1024 * 1024;
/** What an entry takes besides its body: headers, log record, and what reports it. */
const ENTRY_BYTES = 6000;

/**
 * The state of a caller's catalog that a response rests on: when either number changes, so may the response. No two
 * catalogs share a version, so an entry holds neither the catalog nor its caller's token.
 */
export interface CatalogVersion {
  version: number;
  epoch: number;
}

export const versionOf = ({ version, epoch }: SharedCatalog): CatalogVersion => ({ version, epoch });

export const isCurrent = (of: CatalogVersion, { version, epoch }: SharedCatalog): boolean =>
  of.version === version && of.epoch === epoch;

/** One cached response. */
export interface CacheEntry {
  callerKey: string;
  catalogVersion: CatalogVersion;
  /** On the clock: until when all that was read is fresh. */
  freshUntil: number;
  /** On the clock: since when `Age` counts. */
  asOf: number;
  /** Whether it rests on the version alone: it is fresh again when a list has found the same images. */
  isOfVersion: boolean;
  /**
   * Names and values in turn, without those of the form that is sent. The values at {@link REQUEST_ID_AT} and
   * {@link AGE_AT} are each request's own.
   */
  headers: string[];
  /** Its forms count against the cache's memory. */
  body: EncodedBody;
  isGet: boolean;
  /** The headers of each form that was sent, by its coding. */
  forms: Map<Coding | undefined, CachedForm>;
  record: OperationRecord;
  /** Logs and counts a replay; absent before the first. */
  report?: (replay: ReplayRecord) => void;
}

/** One form of a cached response, with all of its headers. */
export interface CachedForm {
  status: 200 | 304;
  headers: string[];
  bytes: Buffer | undefined;
}

export const REQUEST_ID_AT = 1;
export const AGE_AT = 3;

/** `stale`: too old, though its catalog is the same; `outdated`: its catalog has changed, or is gone. */
export type Freshness = 'fresh' | 'stale' | 'outdated';

/** Cached responses, the least recently used evicted first. */
export class ResponseCacheStore {
  readonly #entries = new LRUCache<string, CacheEntry>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ body }, key) => body.byteLength + key.length + ENTRY_BYTES,
  });

  constructor(private readonly catalogs: SharedCatalogs) {}

  set(key: string, entry: CacheEntry): void {
    this.#entries.set(key, entry);
    entry.body.onEncoded = () => {
      // Counts the new form, unless the entry was evicted meanwhile.
      if (this.#entries.peek(key) !== entry) return;
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    };
  }

  get(key: string): CacheEntry | undefined {
    return this.#entries.get(key);
  }

  /** Evicts an entry that its catalog has left behind, and counts a fresh one as a read of its catalog. */
  check(key: string, entry: CacheEntry, now: number): Freshness {
    const catalog = this.catalogs.cached(entry.callerKey);
    if (!catalog || !isCurrent(entry.catalogVersion, catalog)) {
      this.#entries.delete(key);
      return 'outdated';
    }
    if (now >= entry.freshUntil && !revalidate(entry, catalog, now)) return 'stale';
    catalog.recordHit();
    return 'fresh';
  }
}

export const ageSecondsOf = ({ asOf }: CacheEntry, now: number): number => Math.floor((now - asOf) / 1000);

/** Takes over the catalog's freshness for the same images; false if the catalog would list them first. */
function revalidate(entry: CacheEntry, catalog: SharedCatalog, now: number): boolean {
  const peek = entry.isOfVersion ? catalog.peek() : undefined;
  if (!peek || peek.version !== entry.catalogVersion.version) return false;
  entry.asOf = now - peek.ageMs;
  entry.freshUntil = now + peek.freshForMs;
  return peek.freshForMs > 0;
}
