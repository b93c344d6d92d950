import type { Caller } from '../linode/caller.js';
import type { CallTerms, LinodeReads } from '../linode/client/client.js';
import type { LinodeImage } from '../linode/api/images.js';
import type {
  CreateImageBody,
  LinodeImageUpload,
  UpdateImageBody,
  UploadImageBody,
} from '../linode/api/imageWrites.js';
import type { LinodeRegion } from '../linode/api/regions.js';
import type { Reading, Slot } from './reading.js';

/** What is in memory, as far as a read may be answered from it. */
export interface Peek {
  /** The catalog's: as long as it stands, so does every answer made of the images. */
  version: number;
  /** How long ago what would be answered was asked, in ms. */
  ageMs: number;
  /** For how long it will be so, in ms, unless the version changes before. */
  freshForMs: number;
}

/** One caller's images, whichever process holds them. */
export interface SharedCatalog {
  /** Grows whenever what is known changes; no other catalog ever had the same. */
  readonly version: number;
  /** Changes when what the caller read of anything may not be used any more: after its writes, and its refusal. */
  readonly epoch: number;
  /** How long ago the last list began, in ms; undefined before the first. */
  readonly ageMs: number | undefined;
  /**
   * What a plain `list` would come to right now if it were answered from memory; undefined when it would ask
   * Linode, or fail. It speaks of the images that there are: that some ID does not exist is known for less long.
   */
  peek(): Peek | undefined;
  /** Told of a read that was answered from memory without it. */
  noteRead(): void;
  /**
   * All images that the caller sees, in no order; the same array while nothing changed.
   * @throws {LinodeError} when they can't be listed and what is known is too old to serve
   */
  list(reading: Reading): Promise<readonly LinodeImage[]>;
  /** The images of these distinct IDs, in their order; null for one that does not exist, an Error for one that failed. */
  get(ids: readonly string[], reading: Reading): Promise<(LinodeImage | null | Error)[]>;
  /**
   * The writes: what they did is known to every reader before their answer is returned.
   * @throws {LinodeError} `outcomeUnknown` tells whether it may have happened
   */
  create(body: CreateImageBody, terms: CallTerms): Promise<LinodeImage>;
  upload(body: UploadImageBody, terms: CallTerms): Promise<LinodeImageUpload>;
  update(id: string, body: UpdateImageBody, terms: CallTerms): Promise<LinodeImage>;
  delete(id: string, terms: CallTerms): Promise<void>;
}

/** What operations share: the real thing, or in a worker what it has of it. */
export interface SharedCatalogs {
  readonly regions: { list(reading: Reading): Promise<readonly LinodeRegion[]> };
  readonly refusedFilters: {
    has(caller: Caller, kind: string): boolean;
    add(caller: Caller, kind: string): void;
  };
  /** Of the progress of images. */
  readonly highWater: {
    reach(caller: Caller, work: string, percent: number | null): Promise<number | null>;
  };
  /** The caller's catalog, empty at first. Ask anew each time: an idle one may have been dropped meanwhile. */
  of(caller: Caller): SharedCatalog;
  /** The catalog of the caller with this key, where one is held. */
  held(callerKey: string): SharedCatalog | undefined;
  /** Weighs a catalog anew where it changed, and drops others when all together have become too heavy. */
  weigh(caller: Caller): void;
  /** Begins an operation's reads. */
  reading(terms: CallTerms, maxAgeMs: number | undefined, slot?: Slot | undefined): Reading;
  /** Reads everything but images for one operation; the caller's operations share the responses. */
  linode(caller: Caller, reading: Reading): LinodeReads;
  /** Callers held with a token, and the bytes that they take, as estimated. */
  readonly usage: { callers: number; bytes: number };
  close(): void;
}
