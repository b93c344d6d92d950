import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import { LinodeRateLimited } from '../../linode/errors.js';
import type { KnownImages, LinodeImage } from '../../linode/api/images.js';
import {
  createImage,
  deleteImage,
  updateImage,
  uploadImage,
  type CreateImageBody,
  type LinodeImageUpload,
  type UpdateImageBody,
  type UploadImageBody,
} from '../../linode/api/imageWrites.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import type { Peek, SharedCatalog } from '../sharedCatalogs.js';
import { Collection, type Entry } from './collection.js';
import { Freshness, isSettled, MISSING_MAX_AGE_MS } from './freshness.js';
import { ImageViews, MAX_VIEWS } from './imageViews.js';
import { ListRefresher } from './listRefresher.js';
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
  /** In [0, 1): spreads the refreshes of several catalogs. */
  random: () => number;
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
  readonly #views: ImageViews;
  readonly #demand: ViewDemand;
  readonly #writes: Writes;
  #epoch: number;

  constructor(parts: ImageCatalogParts) {
    const { linode, settings, sequence, random } = parts;
    const { requestTimeoutMs, staleIfErrorMs } = settings;
    this.#parts = parts;
    this.linode = linode;
    this.#epoch = sequence.next();
    this.#collection = new Collection(parts.publicImages, sequence, parts.onSize);
    this.#writes = new Writes(this.#collection, sequence, () => {
      this.#beginEpoch();
    });
    const maxAgeMs = this.#isAnonymous ? settings.anonymousMaxAgeMs : settings.maxAgeMs;
    this.#demand = new ViewDemand(MAX_VIEWS, maxAgeMs);
    const collection = this.#collection;
    const freshness = new Freshness(collection, this.#writes, sequence, { maxAgeMs, staleIfErrorMs });
    this.#freshness = freshness;
    this.#views = new ImageViews({ linode, collection, freshness, sequence, requestTimeoutMs });
    const onForbidden = (): void => {
      this.#clear();
    };
    this.#refresher = new ListRefresher({
      linode,
      collection,
      freshness,
      sequence,
      requestTimeoutMs,
      random,
      onForbidden,
    });
    linode.onRefusedToken = onForbidden;
  }

  get version(): number {
    return this.#collection.version;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get ageMs(): number | undefined {
    const { listed } = this.#collection;
    return listed && this.#now - listed.at;
  }

  /** The memory that its images take, in bytes, as estimated. */
  get bytes(): number {
    return this.#collection.bytes;
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
    if (!listed || listed.seq <= this.#writes.invalidSince || this.linode.isRefused) return undefined;
    const now = this.#now;
    const freshUntil = this.#freshness.listFreshUntil(listed);
    if (freshUntil < now) return undefined;
    return { version: this.version, ageMs: now - listed.at, freshForMs: freshUntil - now };
  }

  recordHit(): void {
    this.#refresher.recordHit();
  }

  async list(reading: Reading): Promise<readonly LinodeImage[]> {
    this.linode.assertNotRefused();
    if (this.#freshness.isListFresh(reading)) {
      this.recordHit();
      await this.#views.viewMoving(reading);
      this.#noteFresh('hit', reading);
    } else {
      try {
        await this.#refresher.refresh(reading);
        this.#noteFresh('miss', reading);
      } catch (error) {
        this.#freshness.serveStale(error, this.#collection.listed?.at, reading);
      }
    }
    return this.#collection.images;
  }

  /** @param alsoRequested IDs that were requested elsewhere lately, and answered from a copy of this catalog */
  async get(
    ids: readonly string[],
    reading: Reading,
    alsoRequested: readonly string[] = [],
  ): Promise<(LinodeImage | null | Error)[]> {
    this.linode.assertNotRefused();
    let expired = ids.filter((id) => !this.#freshness.isEntryFresh(id, reading));
    if (expired.length === 0) this.recordHit();
    const isListCheaper = this.#demand.exceeds([...ids, ...alsoRequested], this.#now);
    if (expired.length > 0 && isListCheaper && !this.#freshness.isListFresh(reading)) {
      const error = await this.list(reading).then(() => undefined, asError);
      if (error)
        return ids.map((id) => (this.#freshness.isEntryFresh(id, reading) ? this.#image(id) : error));
      expired = expired.filter((id) => !this.#image(id));
    }
    const failures = new Map<string, Error>();
    await Promise.all(
      expired.map(async (id, i) => {
        const isTooMuch = this.#isAnonymous && i >= MAX_VIEWS;
        const error = isTooMuch
          ? tooManyUnknown()
          : await this.#views.view(id, reading).then(() => undefined, asError);
        if (error) failures.set(id, error);
      }),
    );
    for (const id of ids) {
      const entry = this.#collection.get(id, this.#now);
      if (entry && !failures.has(id)) this.#noteEntry(entry, expired.includes(id) ? 'miss' : 'hit', reading);
    }
    return ids.map((id) => failures.get(id) ?? this.#image(id));
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

  get #now(): number {
    return this.#parts.sequence.now();
  }

  get #isAnonymous(): boolean {
    return this.linode.caller.token === null;
  }

  #image(id: string): LinodeImage | null {
    return this.#collection.get(id, this.#now)?.image ?? null;
  }

  #noteFresh(result: 'hit' | 'miss', reading: Reading): void {
    const { listed } = this.#collection;
    if (!listed) return;
    const now = this.#now;
    reading.noteFresh(result, now - listed.at, this.#freshness.listFreshUntil(listed) - now, true);
  }

  #noteEntry(entry: Entry, result: 'hit' | 'miss', reading: Reading): void {
    const freshForMs = this.#freshness.entryFreshForMs(entry);
    reading.noteFresh(result, this.#now - entry.asOf, freshForMs, isSettled(entry.image));
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

/** All callers without a token share one budget, which a list of invented IDs must not spend. */
const tooManyUnknown = (): Error =>
  new LinodeRateLimited('Too many unknown IDs at once without a token', {
    method: 'GET',
    path: '/images',
    sent: false,
    retryAfterMs: MISSING_MAX_AGE_MS,
  });

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const asItIs = (image: LinodeImage): LinodeImage => image;
