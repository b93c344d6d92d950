import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import {
  LinodeForbidden,
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeRefused,
  LinodeUnauthenticated,
  isOutage,
} from '../../linode/errors.js';
import { isPublicImageId } from '../../linode/api/imageId.js';
import { getImage, type KnownImages, type LinodeImage } from '../../linode/api/images.js';
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
import { BackOff } from './backOff.js';
import { Collection, type Entry } from './collection.js';
import { Demand } from './viewDemand.js';
import { Flight } from '../flight.js';
import { Freshness, isSettled, MISSING_MAX_AGE_MS } from './freshness.js';
import { ParsedPages, listImages } from './listing.js';
import { Reading } from '../reading.js';
import { leadAgeMs, readUnattended, RefreshAhead } from './refreshAhead.js';
import type { Moment, Sequence } from '../sequence.js';
import type { Peek, SharedCatalog } from '../sharedCatalogs.js';
import { Writes } from './writes.js';

export interface CatalogSettings {
  /** For how long a caller's catalog is fresh, in ms. */
  maxAgeMs: number;
  /** The same for the anonymous caller's. */
  anonymousMaxAgeMs: number;
  /** How old a catalog may be that serves when it can't be refreshed, in ms. */
  staleIfErrorMs: number;
  /** How long one upstream call may take, in ms. */
  requestTimeoutMs: number;
}

/** More images than these, within one freshness interval, are rather listed than viewed: 20 views cost what one list does. */
const MOST_VIEWS = 20;

/** One caller's images as Linode last told them, shared by all operations. */
export class Catalog implements SharedCatalog {
  /** Told whenever the epoch has changed. */
  onEpoch: () => void = () => undefined;
  readonly #collection: Collection;
  readonly #freshness: Freshness;
  readonly #backOff = new BackOff();
  #parsedPages = new ParsedPages();
  #listFlight: Flight<void> | undefined;
  readonly #viewFlights = new Map<string, Flight<void>>();
  readonly #writes: Writes;
  /** When everything was last forgotten: what was asked before may not come in any more. */
  #clearedAt = 0;
  #epoch: number;
  readonly #demand: Demand;
  readonly #ahead = new RefreshAhead(() => {
    this.#refreshAhead();
  });

  constructor(
    readonly linode: LinodeClient,
    private readonly settings: CatalogSettings,
    private readonly sequence: Sequence,
    publicImages: KnownImages,
    private readonly random: () => number,
  ) {
    this.#collection = new Collection(publicImages, sequence);
    this.#epoch = sequence.next();
    this.#writes = new Writes(this.#collection, sequence, () => {
      this.#epoch = sequence.next();
      this.onEpoch();
    });
    const maxAgeMs = this.#isAnonymous ? settings.anonymousMaxAgeMs : settings.maxAgeMs;
    this.#freshness = new Freshness(this.#collection, maxAgeMs, this.#writes, () => this.#now);
    this.#demand = new Demand(MOST_VIEWS, maxAgeMs);
    linode.onRefusedToken = () => {
      this.#clear();
    };
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

  /** Whether the last list began after that, in the order of reads and writes. */
  isListedSince(seq: number): boolean {
    return (this.#collection.listed?.seq ?? 0) > seq;
  }

  peek(): Peek | undefined {
    const { listed } = this.#collection;
    if (!listed || listed.seq <= this.#writes.suspectSince || this.linode.isRefused) return undefined;
    const now = this.#now;
    const freshUntil = this.#freshness.listFreshUntil(listed);
    if (freshUntil < now) return undefined;
    return { version: this.version, ageMs: now - listed.at, freshForMs: freshUntil - now };
  }

  noteRead(): void {
    this.#ahead.read(this.#now);
  }

  /** In how many ms the list had better be asked anew where many read it; undefined: not before it is too old. */
  get aheadInMs(): number | undefined {
    return this.#canAskAhead ? this.#ahead.inMs(this.#now) : undefined;
  }

  /** All images known, for measuring. */
  get images(): readonly LinodeImage[] {
    return this.#collection.images;
  }

  async list(reading: Reading): Promise<readonly LinodeImage[]> {
    this.linode.assertNotRefused();
    if (this.#freshness.isListFresh(reading)) {
      this.noteRead();
      await this.#viewMoving(reading);
      this.#noteFresh('hit', reading);
    } else {
      try {
        await this.#refresh(reading);
        this.#noteFresh('miss', reading);
      } catch (error) {
        this.#serveStale(error, this.#collection.listed?.at, reading);
      }
    }
    return this.#collection.images;
  }

  /** @param alsoAsked IDs that were lately asked for elsewhere, and answered from what is known there */
  async get(
    ids: readonly string[],
    reading: Reading,
    alsoAsked: readonly string[] = [],
  ): Promise<(LinodeImage | null | Error)[]> {
    this.linode.assertNotRefused();
    let unknown = ids.filter((id) => !this.#freshness.isEntryFresh(id, reading));
    if (unknown.length === 0) this.noteRead();
    const isManyAsked = this.#demand.exceeds([...ids, ...alsoAsked], this.#now);
    if (unknown.length > 0 && isManyAsked && !this.#freshness.isListFresh(reading)) {
      const error = await this.list(reading).then(() => undefined, asError);
      if (error)
        return ids.map((id) => (this.#freshness.isEntryFresh(id, reading) ? this.#image(id) : error));
      unknown = unknown.filter((id) => !this.#collection.get(id, this.#now)?.image);
    }
    const failures = new Map<string, Error>();
    await Promise.all(
      unknown.map(async (id, i) => {
        const isTooMuch = this.#isAnonymous && i >= MOST_VIEWS;
        const error = isTooMuch
          ? tooManyUnknown()
          : await this.#view(id, reading).then(() => undefined, asError);
        if (error) failures.set(id, error);
      }),
    );
    for (const id of ids) {
      const entry = this.#collection.get(id, this.#now);
      if (entry && !failures.has(id)) this.#noteEntry(entry, unknown.includes(id) ? 'miss' : 'hit', reading);
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
    return this.linode.clock.now();
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

  async #refresh(reading: Reading): Promise<void> {
    const error = this.#backOff.standing(this.#now);
    if (error && this.#canServe(this.#collection.listed?.at)) throw error;
    await this.#board(
      reading,
      () => this.#listFlight,
      () => {
        this.#listFlight = this.#takeOff((began, terms) => this.#list(began, terms));
        return this.#listFlight;
      },
    );
  }

  async #list(began: Moment, terms: CallTerms): Promise<void> {
    try {
      const waitsFor429 = this.#collection.listed === undefined;
      const listTerms = { ...terms, waitsFor429 };
      const expectedPages = this.#freshness.pages;
      const { images, pages } = await listImages(
        this.linode,
        expectedPages,
        listTerms,
        this.#collection.known,
        this.#parsedPages,
      );
      this.#assertNotCleared(began);
      this.#freshness.pages = pages;
      this.#collection.applyList(images, began, this.#now);
      this.#parsedPages.trim(pages);
      this.#backOff.succeeded();
      this.#listedAhead(began);
    } catch (error) {
      if (error instanceof LinodeForbidden && !this.#isAnonymous) this.#clear();
      if (isOutage(error)) this.#backOff.failed(error, this.#now, this.#freshness.listMaxAgeMs);
      throw error;
    }
  }

  /** The interval between lists of several pages is all that the budget allows: they are not listed any earlier. */
  #listedAhead(began: Moment): void {
    const { maxAgeMs, listIntervalMs } = this.#freshness;
    const ageMs = leadAgeMs(maxAgeMs, this.random);
    const isAllowed = listIntervalMs <= ageMs;
    this.#ahead.listed(isAllowed ? began.at + ageMs : Infinity, began.at + maxAgeMs);
  }

  /** The last list of a minute's budget is left to whom waits for it. */
  get #canAskAhead(): boolean {
    return this.linode.rateBudget.remaining('list') > this.#freshness.pages;
  }

  #refreshAhead(): void {
    if (!this.#canAskAhead) return;
    readUnattended(this.linode.clock, this.settings.requestTimeoutMs, (terms) =>
      this.#refresh(new Reading(this.sequence.moment(), terms, undefined)),
    );
  }

  async #view(id: string, reading: Reading): Promise<void> {
    try {
      if (this.#isAnonymous && !isPublicImageId(id)) {
        const facts = { method: 'GET', path: '/images', sent: false };
        throw new LinodeUnauthenticated('A token is needed for this', facts);
      }
      await this.#board(
        reading,
        () => this.#viewFlights.get(id),
        () => {
          const flight = this.#takeOff((began, terms) => this.#viewOnce(id, began, terms));
          this.#viewFlights.set(id, flight);
          flight.onEnd(() => {
            if (this.#viewFlights.get(id) === flight) this.#viewFlights.delete(id);
          });
          return flight;
        },
      );
    } catch (error) {
      const entry = this.#collection.get(id, this.#now);
      this.#serveStale(error, entry?.image ? entry.asOf : undefined, reading);
    }
  }

  async #viewOnce(id: string, began: Moment, terms: CallTerms): Promise<void> {
    const image = await getImage(
      this.linode,
      id,
      {
        ...terms,
        waitsFor429: !this.#image(id),
      },
      this.#collection.known,
    ).catch((error: unknown) => {
      if (error instanceof LinodeRefused && error.status === 404) return null;
      throw error;
    });
    this.#assertNotCleared(began);
    if (image && image.id !== id) {
      const facts = { method: 'GET', path: '/images', status: 200 };
      throw new LinodeInvalidResponse('Linode answered another image than the one asked for', facts);
    }
    this.#collection.applyView(id, image, began, this.#now);
  }

  /** Those few images that move by themselves are viewed instead of listing everything again. */
  async #viewMoving(reading: Reading): Promise<void> {
    const moving = this.#freshness.movingImages
      .filter(({ id }) => !this.#freshness.isEntryFresh(id, reading))
      .slice(0, MOST_VIEWS);
    // What is known of them is within the catalog's age: a view that fails changes nothing.
    await Promise.all(
      moving.map(({ id }) =>
        this.#view(id, reading).catch((error: unknown) => {
          if (error instanceof LinodeUnauthenticated || reading.terms.signal.aborted) throw error;
        }),
      ),
    );
  }

  /** Joins a flight that is new enough for the reading, or waits for it to end and starts one. */
  async #board(
    reading: Reading,
    current: () => Flight<void> | undefined,
    start: () => Flight<void>,
  ): Promise<void> {
    const { signal } = reading.terms;
    const since = Math.max(
      this.#writes.suspectSince,
      this.#clearedAt,
      reading.maxAgeMs === 0 ? reading.began.seq : 0,
    );
    for (;;) {
      const flight = current();
      if (!flight || flight.isOver) return start().ride(reading, true);
      if (flight.began.seq > since) return flight.ride(reading, false);
      await reading.waitFor(flight.end(signal), { isOwn: false });
    }
  }

  #takeOff(work: (began: Moment, terms: CallTerms) => Promise<void>): Flight<void> {
    const began = this.sequence.moment();
    return new Flight(began, this.settings.requestTimeoutMs, (terms) => work(began, terms));
  }

  /** Rethrows the error unless what is known since `asOf` may serve in its place. */
  #serveStale(error: unknown, asOf: number | undefined, reading: Reading): void {
    if (!isOutage(error) || asOf === undefined || !this.#canServe(asOf)) throw error;
    reading.noteStale(this.#now - asOf);
  }

  #canServe(asOf: number | undefined): boolean {
    return asOf !== undefined && this.#now - asOf <= this.settings.staleIfErrorMs;
  }

  /** The anonymous catalog holds nothing that a refusal could take away. */
  #clear(): void {
    if (this.#isAnonymous) return;
    this.#clearedAt = this.sequence.next();
    this.#epoch = this.#clearedAt;
    this.#collection.clear();
    this.#freshness.pages = 1;
    this.#parsedPages = new ParsedPages();
    this.onEpoch();
  }

  #assertNotCleared(began: Moment): void {
    if (began.seq > this.#clearedAt) return;
    const facts = { method: 'GET', path: '/images', sent: true };
    throw new LinodeUnauthenticated('The token was refused meanwhile', facts);
  }
}

/** All callers without a token share one budget: a list of invented IDs must not spend it. */
const tooManyUnknown = (): Error =>
  new LinodeRateLimited('Too many unknown IDs at once without a token', {
    method: 'GET',
    path: '/images',
    sent: false,
    retryAfterMs: MISSING_MAX_AGE_MS,
  });

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const asItIs = (image: LinodeImage): LinodeImage => image;
