import type { KnownImages, LinodeImage } from '../../linode/api/images.js';
import type { Moment, Sequence } from '../sequence.js';

/** For how long a deleted image stays deleted for its caller, whatever Linode still says. */
const DELETED_FOR_MS = 60_000;
/** How many IDs that do not exist are remembered at most. */
const MOST_MISSING = 1000;

/** What is known of one ID, and since when. */
export interface Entry {
  /** Null: there is none. */
  image: LinodeImage | null;
  /** When what is known began to be true, in the order of reads and writes: a read's begin, a write's end. */
  seq: number;
  /** The same on the clock, in ms. */
  asOf: number;
}

/**
 * The images of one caller as far as they are known. Nothing is fetched here: answers come in, in whatever
 * order, and what is newer by `seq` wins, so that no late answer undoes a write or a newer read.
 */
export class Collection {
  #entries = new Map<string, Entry>();
  /** Until when an ID counts as deleted, on the clock. */
  #deletedUntil = new Map<string, number>();
  #images: readonly LinodeImage[] | undefined;
  #listed: Moment | undefined;
  #version: number;
  #missing = 0;

  constructor(
    private readonly publicImages: KnownImages,
    private readonly sequence: Sequence,
  ) {
    this.#version = sequence.next();
  }

  /** Grows whenever an image comes, goes or changes; no two collections share one. */
  get version(): number {
    return this.#version;
  }

  /** When the last list began; undefined before the first. */
  get listed(): Moment | undefined {
    return this.#listed;
  }

  /** All images known to exist, the same array while the version stands. */
  get images(): readonly LinodeImage[] {
    this.#images ??= [...this.#entries.values()].flatMap(({ image }) => image ?? []);
    return this.#images;
  }

  /** What is known of an ID; undefined when nothing is. */
  get(id: string, now: number): Entry | undefined {
    const entry = this.#entries.get(id);
    if (!this.#isDeleted(id, now)) return entry;
    return { image: null, seq: Infinity, asOf: now };
  }

  /** What parsing compares new images with: the caller's own, and the public ones that all callers share. */
  readonly known: KnownImages = {
    get: (id) => this.#entries.get(id)?.image ?? this.publicImages.get(id),
    add: (image) => {
      this.publicImages.add(image);
    },
  };

  /** A list that began at `began` answered these images, all there are. */
  applyList(images: readonly LinodeImage[], began: Moment, now: number): void {
    if (this.#listed && this.#listed.seq > began.seq) return;
    const listed = new Map(images.map((image) => [image.id, image]));
    for (const [id, entry] of this.#entries) {
      if (!listed.has(id) && entry.seq < began.seq) this.#forget(id, entry);
    }
    for (const [id, image] of listed) this.#learn(id, image, began, now);
    this.#listed = began;
  }

  /** A view that began at `began` answered this image, or that there is none. */
  applyView(id: string, image: LinodeImage | null, began: Moment, now: number): void {
    this.#learn(id, image, began, now);
  }

  /** An image was made. Whatever else is known of it by now was told after it was made, so that is newer. */
  applyCreate(image: LinodeImage, ended: Moment): void {
    this.#learn(image.id, this.#entries.get(image.id)?.image ?? image, ended, ended.at);
  }

  /** A write ended with this image. */
  applyWrite(image: LinodeImage, ended: Moment): void {
    this.#learn(image.id, image, ended, ended.at);
  }

  applyDelete(id: string, ended: Moment): void {
    this.#deletedUntil.set(id, ended.at + DELETED_FOR_MS);
    const entry = this.#entries.get(id);
    if (entry) this.#forget(id, entry);
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = new Map();
    this.#deletedUntil = new Map();
    this.#listed = undefined;
    this.#missing = 0;
    this.#changed();
  }

  #learn(id: string, image: LinodeImage | null, moment: Moment, now: number): void {
    if (this.#isDeleted(id, now)) return;
    const known = this.#entries.get(id);
    if (known && known.seq > moment.seq) return;
    // A newer list did not hold it: this answer is from before it went.
    if (!known && this.#listed && this.#listed.seq > moment.seq) return;
    if (known?.image === image) {
      known.seq = moment.seq;
      known.asOf = moment.at;
      return;
    }
    if (image === null) this.#makeRoomForMissing();
    if (known?.image === null) this.#missing--;
    if (image === null) this.#missing++;
    this.#entries.set(id, { image, seq: moment.seq, asOf: moment.at });
    if (image ?? known?.image) this.#changed();
  }

  #forget(id: string, entry: Entry): void {
    this.#entries.delete(id);
    if (entry.image) this.#changed();
    else this.#missing--;
  }

  #makeRoomForMissing(): void {
    if (this.#missing < MOST_MISSING) return;
    for (const [id, entry] of this.#entries) if (entry.image === null) this.#forget(id, entry);
  }

  #isDeleted(id: string, now: number): boolean {
    const until = this.#deletedUntil.get(id);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#deletedUntil.delete(id);
    return false;
  }

  #changed(): void {
    this.#version = this.sequence.next();
    this.#images = undefined;
  }
}
