import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import type { KnownImages, LinodeImage } from '../../linode/api/images.js';
import {
  createImage,
  deleteImage,
  setImageRegions,
  updateImage,
  uploadImage,
  type CreateImageBody,
  type LinodeImageUpload,
  type UpdateImageBody,
  type UploadImageBody,
} from '../../linode/api/imageWrites.js';
import type { UnreadableRow } from '../../linode/shapes.js';
import { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import type { Serial } from '../serial.js';
import type { Sharing, WriteChange } from '../sharing/sharing.js';
import type { Peek, RegionsResult, RegionsWrite, SharedCatalog } from '../sharedCatalogs.js';
import { Collection } from './collection.js';
import { Freshness } from './freshness.js';
import { ImageReads } from './imageReads.js';
import { ImageViews, MAX_VIEWS } from './imageViews.js';
import { ListRefresher } from './listRefresher.js';
import { writeRegions } from './regionWrites.js';
import { ViewDemand } from './viewDemand.js';
import { Writes } from './writes.js';

export interface CatalogSettings {
  /** For how long a caller's catalog is fresh, in ms. */
  maxAgeMs: number;
  /** The same for the anonymous caller's. */
  anonymousMaxAgeMs: number;
  /** How old a catalog may be that is served stale when it cannot be refreshed, in ms. */
  staleIfErrorMs: number;
  /** How long one upstream call may take, in ms. */
  requestTimeoutMs: number;
}

export interface ImageCatalogParts {
  linode: LinodeClient;
  settings: CatalogSettings;
  sequence: Sequence;
  publicImages: KnownImages;
  /** Writes to the regions of images, of all callers. */
  regionWrites: Serial;
  /** In [0, 1): spreads the refreshes of several catalogs. */
  random: () => number;
  /** Absent: there is one process. */
  sharing?: Sharing | undefined;
  /** Called when the epoch has changed. */
  onEpoch: () => void;
  /** Called when the memory that its images take has changed. */
  onSize: () => void;
}

/** One caller's images as last fetched, shared by all its operations. */
export class ImageCatalog implements SharedCatalog {
  readonly linode: LinodeClient;
  readonly #parts: ImageCatalogParts;
  readonly #collection: Collection;
  readonly #freshness: Freshness;
  readonly #refresher: ListRefresher;
  readonly #reads: ImageReads;
  readonly #writes: Writes;
  #epoch: number;
  #writtenAt = 0;

  constructor(parts: ImageCatalogParts) {
    const { linode, settings, sequence, random } = parts;
    const { requestTimeoutMs, staleIfErrorMs } = settings;
    this.#parts = parts;
    this.linode = linode;
    this.#epoch = sequence.next();
    this.#collection = new Collection(parts.publicImages, sequence, parts.onSize);
    const { sharing } = parts;
    const callerKey = linode.caller.key;
    this.#writes = new Writes(this.#collection, sequence, (change) => {
      this.#noteWrite();
      return sharing?.announce({ ...change, callerKey });
    });
    const maxAgeMs = this.#isAnonymous ? settings.anonymousMaxAgeMs : settings.maxAgeMs;
    const collection = this.#collection;
    const freshness = new Freshness(collection, sequence, { maxAgeMs, staleIfErrorMs });
    this.#freshness = freshness;
    const fetches = sharing?.fetches;
    const views = new ImageViews({ linode, collection, freshness, sequence, requestTimeoutMs, fetches });
    const demand = new ViewDemand(MAX_VIEWS, maxAgeMs);
    const onForbidden = (): void => {
      // Refusals of tokens that were never accepted concern no other process.
      const concernsOthers = collection.listed !== undefined || collection.images.length > 0;
      this.#clear();
      if (concernsOthers) void sharing?.announce({ kind: 'refused', callerKey });
    };
    this.#refresher = new ListRefresher({
      linode,
      collection,
      freshness,
      sequence,
      requestTimeoutMs,
      random,
      onForbidden,
      fetches,
    });
    const refresher = this.#refresher;
    this.#reads = new ImageReads({ linode, collection, freshness, sequence, views, refresher, demand });
    linode.onRefusedToken = onForbidden;
  }

  get version(): number {
    return this.#collection.version;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get clearedAt(): number {
    return this.#collection.clearedAt;
  }

  get refusedAt(): number {
    return this.#collection.refusedAt;
  }

  get writtenAt(): number {
    return this.#writtenAt;
  }

  get ageMs(): number | undefined {
    const { listed } = this.#collection;
    return listed && this.#now - listed.at;
  }

  /** The memory that its images take, in bytes, as estimated. */
  get bytes(): number {
    return this.#collection.bytes;
  }

  get unreadable(): readonly UnreadableRow[] {
    return this.#collection.unreadable;
  }

  /** All images known, whether fresh or not. */
  get images(): readonly LinodeImage[] {
    return this.#collection.images;
  }

  /** In how many ms a list that is read often is refreshed; undefined: not before it has expired. */
  get aheadInMs(): number | undefined {
    return this.#refresher.aheadInMs;
  }

  /** Whether the last list began after this position in the sequence. */
  isListedSince(seq: number): boolean {
    return (this.#collection.listed?.seq ?? 0) > seq;
  }

  peek(): Peek | undefined {
    const { listed } = this.#collection;
    if (!listed || this.linode.isRefused) return undefined;
    const now = this.#now;
    const freshUntil = this.#freshness.listFreshUntil(listed);
    if (freshUntil < now) return undefined;
    return { version: this.version, ageMs: now - listed.at, freshForMs: freshUntil - now };
  }

  recordHit(): void {
    this.#refresher.recordHit();
  }

  list(reading: Reading): Promise<readonly LinodeImage[]> {
    return this.#reads.list(reading);
  }

  /** @param alsoRequested IDs that were requested elsewhere lately, and answered from a copy of this catalog */
  get(
    ids: readonly string[],
    reading: Reading,
    alsoRequested: readonly string[] = [],
  ): Promise<(LinodeImage | null | Error)[]> {
    return this.#reads.get(ids, reading, alsoRequested);
  }

  create(body: CreateImageBody, terms: CallTerms): Promise<LinodeImage> {
    return this.#writes.run(null, () => createImage(this.linode, body, terms), asItIs);
  }

  upload(body: UploadImageBody, terms: CallTerms): Promise<LinodeImageUpload> {
    return this.#writes.run(
      null,
      () => uploadImage(this.linode, body, terms),
      ({ image }) => image,
    );
  }

  update(id: string, body: UpdateImageBody, terms: CallTerms): Promise<LinodeImage> {
    return this.#writes.run(
      id,
      () => updateImage(this.linode, id, body, terms, this.#collection.known),
      asItIs,
    );
  }

  delete(id: string, terms: CallTerms): Promise<void> {
    return this.#writes.run(
      id,
      () => deleteImage(this.linode, id, terms),
      () => null,
    );
  }

  setRegions(id: string, write: RegionsWrite, terms: CallTerms): Promise<RegionsResult> {
    const calls = {
      view: () => this.#view(id, terms),
      write: () =>
        this.#writes.run(
          id,
          () => setImageRegions(this.linode, id, write.regions, terms, this.#collection.known),
          asItIs,
        ),
    };
    const { sharing, regionWrites } = this.#parts;
    const run = (): Promise<RegionsResult> => writeRegions(write, calls);
    return regionWrites.run(id, sharing ? () => sharing.exclusively(id, run) : run);
  }

  /** Another process has written for this caller, or may have, or its token was refused there. */
  applyRemote(change: WriteChange | { kind: 'refused' }): void {
    if (change.kind === 'refused') {
      this.#clear();
      return;
    }
    this.#writes.applyRemote(change);
    this.#noteWrite();
  }

  #noteWrite(): void {
    this.#writtenAt = this.#parts.sequence.next();
    this.#beginEpoch();
  }

  /** A view that begins now. */
  async #view(id: string, terms: CallTerms): Promise<LinodeImage | null> {
    const reading = new Reading(this.#parts.sequence.moment(), terms, 0);
    const [image = null] = await this.get([id], reading);
    for (const call of reading.calls) terms.onCall?.(call);
    if (image instanceof Error) throw image;
    return image;
  }

  get #now(): number {
    return this.#parts.sequence.now();
  }

  get #isAnonymous(): boolean {
    return this.linode.caller.token === null;
  }

  /** The anonymous catalog holds nothing that a refused token would forbid. */
  #clear(): void {
    if (this.#isAnonymous) return;
    this.#collection.clear();
    this.#freshness.pages = 1;
    this.#refresher.clear();
    this.#beginEpoch();
  }

  #beginEpoch(): void {
    this.#epoch = this.#parts.sequence.next();
    this.#parts.onEpoch();
  }
}

const asItIs = (image: LinodeImage): LinodeImage => image;
