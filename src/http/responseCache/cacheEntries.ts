import { LRUCache } from 'lru-cache';
import type { SharedCatalog, SharedCatalogs } from '../../catalog/sharedCatalogs.js';
import type { OperationRecord, Repetition } from '../../graphql/operationRecord.js';

const MOST_BYTES = 64 * 1024 * 1024;
/** What an answer takes beside its body: its head, its headers, its record, and the logger that tells of it. */
const ENTRY_BYTES = 6000;

/**
 * The state of a caller's catalog that an answer rests on: when any of it is another, so may be the answer. No two
 * catalogs share a version, so that none is held here beyond its time, nor its caller's token.
 */
export interface Stamp {
  version: number;
  epoch: number;
}

/** A finished answer. */
export interface Kept {
  callerKey: string;
  stamp: Stamp;
  /** On the clock: until when all that was read is fresh. */
  freshUntil: number;
  /** On the clock: since when `Age` counts. */
  asOf: number;
  /** Whether it rests on the version alone: it is good again when a list has found the same images. */
  isOfVersion: boolean;
  /** Names and values in turn; the values at the next two places are each request's own. */
  headers: string[];
  requestIdAt: number;
  ageAt: number;
  body: Buffer;
  record: OperationRecord;
  /** Tells of it, once it has been given again. */
  tell?: (repetition: Repetition) => void;
}

/** Finished answers, each for as long as what it rests on stands and is fresh. */
export class KeptAnswers {
  readonly #answers = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }, key) => body.length + key.length + ENTRY_BYTES,
  });

  constructor(private readonly catalogs: SharedCatalogs) {}

  /** Whether one is kept, good or not. */
  has(key: string): boolean {
    return this.#answers.has(key);
  }

  /** The one that is kept, good or not. */
  peek(key: string): Kept | undefined {
    return this.#answers.peek(key);
  }

  set(key: string, kept: Kept): void {
    this.#answers.set(key, kept);
  }

  /** What is kept and still good. */
  good(key: string, now: number): Kept | undefined {
    const kept = this.#answers.get(key);
    if (!kept) return undefined;
    const catalog = this.catalogs.cached(kept.callerKey);
    if (!catalog || !stands(kept.stamp, catalog)) {
      this.#answers.delete(key);
      return undefined;
    }
    if (now >= kept.freshUntil && !renew(kept, catalog, now)) return undefined;
    catalog.recordHit();
    return kept;
  }
}

export const stampOf = ({ version, epoch }: SharedCatalog): Stamp => ({ version, epoch });

export const stands = (stamp: Stamp, { version, epoch }: SharedCatalog): boolean =>
  stamp.version === version && stamp.epoch === epoch;

export const ageSecondsOf = ({ asOf }: Kept, now: number): number => Math.floor((now - asOf) / 1000);

/** Takes what the catalog would say of the same images now; false when it would ask Linode first. */
function renew(kept: Kept, catalog: SharedCatalog, now: number): boolean {
  const peek = kept.isOfVersion ? catalog.peek() : undefined;
  if (!peek || peek.version !== kept.stamp.version) return false;
  kept.asOf = now - peek.ageMs;
  kept.freshUntil = now + peek.freshForMs;
  return peek.freshForMs > 0;
}
