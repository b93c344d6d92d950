import type { LinodeImage } from '../../linode/api/images.js';
import { CALLS_PER_MINUTE } from '../../linode/client/rateBudget.js';
import type { Collection, Entry } from './collection.js';
import type { Reading } from '../reading.js';
import type { Moment } from '../sequence.js';

/** An image that moves is looked at again after this, an ID that does not exist after that. */
const MOVING_MAX_AGE_MS = 5000;
export const MISSING_MAX_AGE_MS = 2000;

/** `creating` and `pending_upload` images become `available` by themselves. */
const isMoving = (image: LinodeImage): boolean => image.status !== 'available';

/** Which of one caller's images may be answered as they are known. All times in ms. */
export class Freshness {
  /** List calls that the last listing cost. */
  pages = 1;
  #moving: { of: readonly LinodeImage[]; images: readonly LinodeImage[] } = { of: [], images: [] };

  /**
   * @param maxAgeMs for how long what is known is fresh
   * @param writes since when it may be wrong, whatever its age
   */
  constructor(
    private readonly collection: Collection,
    readonly maxAgeMs: number,
    private readonly writes: { readonly suspectSince: number },
    private readonly now: () => number,
  ) {}

  /** How often the collection may be listed at most, to stay within the budget of calls. */
  get listIntervalMs(): number {
    return (this.pages * 60_000) / CALLS_PER_MINUTE.list;
  }

  /** The interval stretches with the pages, so that the budget lasts by construction. */
  get listMaxAgeMs(): number {
    return Math.max(this.maxAgeMs, this.listIntervalMs);
  }

  isListFresh(reading: Reading): boolean {
    const { listed } = this.collection;
    return listed !== undefined && this.#isFresh(listed, this.listMaxAgeMs, reading);
  }

  isEntryFresh(id: string, reading: Reading): boolean {
    const entry = this.collection.get(id, this.now());
    if (!entry) return false;
    const moment = { seq: entry.seq, at: entry.asOf };
    if (entry.seq === Infinity) return true;
    if (entry.image === null) return this.#isFresh(moment, MISSING_MAX_AGE_MS, reading);
    if (isMoving(entry.image)) return this.#isFresh(moment, MOVING_MAX_AGE_MS, reading);
    return this.#isFresh(moment, this.isListFresh(reading) ? Infinity : this.maxAgeMs, reading);
  }

  /** Until when the list serves with all that is known of its images, on the clock. */
  listFreshUntil(listed: Moment): number {
    return this.movingImages.reduce(
      (until, { id }) => Math.min(until, this.#movingFreshUntil(id)),
      listed.at + this.listMaxAgeMs,
    );
  }

  /** For how long an entry that is fresh now stays so, at least. */
  entryFreshForMs({ image, asOf }: Entry): number {
    return (isSettled(image) ? this.maxAgeMs : MISSING_MAX_AGE_MS) - (this.now() - asOf);
  }

  /** The images that change by themselves. */
  get movingImages(): readonly LinodeImage[] {
    const { images } = this.collection;
    if (this.#moving.of !== images) this.#moving = { of: images, images: images.filter(isMoving) };
    return this.#moving.images;
  }

  #movingFreshUntil(id: string): number {
    const entry = this.collection.get(id, this.now());
    if (!entry || entry.seq === Infinity) return Infinity;
    return entry.seq > this.writes.suspectSince ? entry.asOf + MOVING_MAX_AGE_MS : 0;
  }

  #isFresh(moment: Moment, maxAgeMs: number, reading: Reading): boolean {
    return (
      moment.seq > this.writes.suspectSince &&
      this.now() - moment.at <= maxAgeMs &&
      reading.accepts(moment, this.now())
    );
  }
}

/** Whether there is an image and it does not change by itself. */
export const isSettled = (image: LinodeImage | null): boolean => image !== null && !isMoving(image);
