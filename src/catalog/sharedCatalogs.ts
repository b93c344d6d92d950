import type { Caller } from '../linode/caller.js';
import type { ChangeListener } from './changeListeners.js';
import type { CallTerms, LinodeReads } from '../linode/client/client.js';
import type { LinodeList } from '../linode/api/page.js';
import type { UnreadableRow } from '../linode/shapes.js';
import type { LinodeImage } from '../linode/api/images.js';
import type {
  CreateImageBody,
  LinodeImageUpload,
  UpdateImageBody,
  UploadImageBody,
} from '../linode/api/imageWrites.js';
import type { LinodeRegion } from '../linode/api/regions.js';
import type { Reading, Slot } from './reading.js';
import type { Sharing } from './sharing/sharing.js';

/** What a read would come to if it were answered from memory. */
export interface Peek {
  /** The catalog's: until it changes, every response made of these images stays correct. */
  version: number;
  /** The age of the list, in ms. */
  ageMs: number;
  /** For how many ms more it is fresh, unless the version changes before. */
  freshForMs: number;
}

/** The state of a catalog that a response was made of: while it is current, the response is correct. */
export interface CatalogVersion {
  /** Grows whenever an image is added, removed or changed; no two catalogs share one. */
  readonly version: number;
  /** Changes with the caller's writes and when its token is refused: other responses from before are not used. */
  readonly epoch: number;
}

/** The regions that are to store an image. */
export interface RegionsWrite {
  /** Slugs, all of them. */
  regions: readonly string[];
  /** The slugs that the caller takes for present; undefined overwrites whatever is. */
  expected: readonly string[] | undefined;
}

/** The image after the write, or as it is when it was not written. */
export interface RegionsResult {
  image: LinodeImage;
  /** Why it was not written: other regions store it by now, or none in which it is available would stay. */
  refusal: 'changed' | 'none available' | null;
}

/** One caller's images, in whichever process they are cached. */
export interface SharedCatalog extends CatalogVersion {
  /** The age of the last list, in ms; undefined before the first. */
  readonly ageMs: number | undefined;
  /** All images as last known, fresh or not; the same array until the version changes. */
  readonly images: readonly LinodeImage[];
  /** Rows of the last list that could not be read, and that `list` leaves out. */
  readonly unreadable: readonly UnreadableRow[];
  /**
   * What a plain `list` would come to if it were answered from memory now; undefined when it would call Linode or
   * fail. It holds for images that exist: that an ID does not exist is fresh for less long.
   */
  peek(): Peek | undefined;
  /** Counts a read that was answered from memory without a call of `list` or `get`. */
  recordHit(): void;
  /**
   * All images that the caller sees, in no order; the same array until the version changes.
   * @throws {LinodeError} when they cannot be listed and the last list is too old to serve
   */
  list(reading: Reading): Promise<readonly LinodeImage[]>;
  /** The images of these distinct IDs, in their order; null for one that does not exist, an Error for one that failed. */
  get(ids: readonly string[], reading: Reading): Promise<(LinodeImage | null | Error)[]>;
  /**
   * The writes: every reader sees them before they return.
   * @throws {LinodeError} `outcomeUnknown` says whether it may have been carried out
   */
  create(body: CreateImageBody, terms: CallTerms): Promise<LinodeImage>;
  upload(body: UploadImageBody, terms: CallTerms): Promise<LinodeImageUpload>;
  update(id: string, body: UpdateImageBody, terms: CallTerms): Promise<LinodeImage>;
  delete(id: string, terms: CallTerms): Promise<void>;
  /** With expected regions it views the image first, and no other such write to it runs meanwhile. */
  setRegions(id: string, write: RegionsWrite, terms: CallTerms): Promise<RegionsResult>;
}

/** What operations share: the catalogs themselves, or in a worker copies of them. */
export interface SharedCatalogs {
  readonly regions: { list(reading: Reading): Promise<LinodeList<LinodeRegion>> };
  readonly refusedFilters: {
    has(caller: Caller, kind: string): boolean;
    add(caller: Caller, kind: string): void;
  };
  /** Of the progress of images. */
  readonly highWaterMark: {
    reach(caller: Caller, job: string, percent: number | null): Promise<number | null>;
  };
  /** The caller's catalog, empty at first. Get it for each use: an idle one may be evicted meanwhile. */
  of(caller: Caller): SharedCatalog;
  /** The catalog of the caller with this key, if it is cached. */
  cached(callerKey: string): SharedCatalog | undefined;
  /** Has the listener called whenever a caller's images may have changed; the result removes it. */
  onChange(listener: ChangeListener): () => void;
  /** Begins an operation's reads. */
  reading(terms: CallTerms, maxAgeMs: number | undefined, slot?: Slot | undefined): Reading;
  /** Reads everything but images for one operation; the caller's operations share the responses. */
  linode(caller: Caller, reading: Reading): LinodeReads;
  /** How the catalogs of several processes behave as one; absent: there is one process. */
  readonly sharing?: Pick<Sharing, 'mayServe' | 'ready'> | undefined;
  /** Callers with a token whose catalogs are cached, and the memory that they take in bytes, as estimated. */
  readonly usage: { callers: number; bytes: number };
  close(): void;
}
