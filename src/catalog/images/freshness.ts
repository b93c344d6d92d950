import type { LinodeImage } from '../../linode/api/images.js';
import { MAX_LISTS_PER_MINUTE } from '../../linode/client/rateBudget.js';
import { isOutage } from '../../linode/errors.js';
import { isLiveShareUsed, type Reading } from '../reading.js';
import type { Moment, Sequence } from '../sequence.js';
import type { Collection, Entry } from './collection.js';

/** For how long an image is fresh that changes by itself, in ms. */
const MOVING_MAX_AGE_MS = 5000;
/** For how long it is fresh that an ID does not exist, in ms. */
export const MISSING_MAX_AGE_MS = 2000;

/** Images become `available` by themselves, and so do their copies in regions. */
export const isMoving = ({ status, regions }: LinodeImage): boolean =>
  status !== 'available' || (regions?.some((region) => region.status !== 'available') ?? false);

/** Whether there is an image and it does not change by itself. */
export const isSettled = (image: LinodeImage | null): boolean => image !== null && !isMoving(image);

export interface FreshnessSettings {
  /** For how long a list and its images are fresh, in ms, unless the budget stretches it. */
  maxAgeMs: number;
  /** How old a response may be that is served stale, in ms. */
  staleIfErrorMs: number;
}

/** Decides what of one caller's collection is fresh, and what may be served stale. All times in ms. */
export class Freshness {
  /** List calls that the last list took. */
  pages = 1;
  /** How long the last list took, in ms. */
  listDurationMs = 0;
  #moving: { of: readonly LinodeImage[]; images: readonly LinodeImage[] } = { of: [], images: [] };

  constructor(
    private readonly collection: Collection,
    private readonly sequence: Sequence,
    private readonly settings: FreshnessSettings,
  ) {}

  /** For how long a list of one page is fresh from its begin: at least for as long again as it took. */
  get maxAgeMs(): number {
    return Math.max(this.settings.maxAgeMs, 2 * this.listDurationMs);
  }

  /** The shortest interval between lists that the budget of calls allows. */
  get listIntervalMs(): number {
    return (this.pages * 60_000) / MAX_LISTS_PER_MINUTE;
  }

  /** For how long a list is fresh: longer with more pages, so that the budget always suffices. */
  get listMaxAgeMs(): number {
    return Math.max(this.maxAgeMs, this.listIntervalMs);
  }

  /** Whether no write has made the last list uncertain. */
  get isListValid(): boolean {
    const { listed, invalid } = this.collection;
    return listed !== undefined && listed.seq > invalid.listSince;
  }

  isListFresh(reading: Reading): boolean {
    const { listed } = this.collection;
    return listed !== undefined && this.isListValid && this.#isFresh(listed, this.listMaxAgeMs, reading);
  }

  isEntryFresh(id: string, reading: Reading): boolean {
    const entry = this.collection.get(id, this.sequence.now());
    if (!entry) return false;
    const moment = { seq: entry.seq, at: entry.asOf };
    if (entry.seq === Infinity) return true;
    if (entry.seq <= this.#invalidSince(id, entry)) return false;
    if (entry.image === null) return this.#isFresh(moment, MISSING_MAX_AGE_MS, reading);
    if (isMoving(entry.image)) return this.#isFresh(moment, MOVING_MAX_AGE_MS, reading);
    return this.#isFresh(moment, this.isListFresh(reading) ? Infinity : this.settings.maxAgeMs, reading);
  }

  /** Until when the list is fresh together with its images, on the clock. */
  listFreshUntil(listed: Moment): number {
    if (!this.isListValid || this.collection.invalid.hasImages) return 0;
    return this.movingImages.reduce(
      (until, { id }) => Math.min(until, this.#movingFreshUntil(id)),
      listed.at + this.listMaxAgeMs,
    );
  }

  /** For how long an entry that is fresh now stays fresh, at least. */
  entryFreshForMs({ image, asOf }: Entry): number {
    return (isSettled(image) ? this.settings.maxAgeMs : MISSING_MAX_AGE_MS) - (this.sequence.now() - asOf);
  }

  /** The images that change by themselves. */
  get movingImages(): readonly LinodeImage[] {
    const { images } = this.collection;
    if (this.#moving.of !== images) this.#moving = { of: images, images: images.filter(isMoving) };
    return this.#moving.images;
  }

  /** The position in the sequence after which a list must have begun to be new enough for the reading. */
  listBeginsAfter(reading: Reading): number {
    return Math.max(this.collection.invalid.listSince, this.#fetchBeginsAfter(reading));
  }

  /** The same for a view of this image. */
  viewBeginsAfter(id: string, reading: Reading): number {
    const entry = this.collection.get(id, this.sequence.now());
    return Math.max(this.#invalidSince(id, entry), this.#fetchBeginsAfter(reading));
  }

  /** Whether what was fetched at `asOf` may be served stale. */
  canServeStale(asOf: number | undefined): boolean {
    return asOf !== undefined && this.sequence.now() - asOf <= this.settings.staleIfErrorMs;
  }

  /**
   * Has the reading served stale with what was fetched at `asOf`.
   * @throws `error` when that is not possible
   */
  serveStale(error: unknown, asOf: number | undefined, reading: Reading): void {
    if (!isOutage(error) || asOf === undefined || !this.canServeStale(asOf)) throw error;
    if (isLiveShareUsed(error, reading)) return;
    reading.noteStale(this.sequence.now() - asOf);
  }

  #movingFreshUntil(id: string): number {
    const entry = this.collection.get(id, this.sequence.now());
    if (!entry || entry.seq === Infinity) return Infinity;
    return entry.asOf + MOVING_MAX_AGE_MS;
  }

  /** An ID that did not exist may be that of an image that may have been created since. */
  #invalidSince(id: string, entry: Entry | undefined): number {
    const { invalid } = this.collection;
    return entry?.image ? invalid.imageSince(id) : Math.max(invalid.imageSince(id), invalid.listSince);
  }

  #fetchBeginsAfter(reading: Reading): number {
    return Math.max(this.collection.refusedAt, reading.maxAgeMs === 0 ? reading.began.seq : 0);
  }

  #isFresh(moment: Moment, maxAgeMs: number, reading: Reading): boolean {
    const now = this.sequence.now();
    return now - moment.at <= maxAgeMs && reading.accepts(moment, now);
  }
}
