import type { KnownImages, LinodeImage } from '../../linode/api/images.js';
import { LinodeUnauthenticated } from '../../linode/errors.js';
import type { UnreadableRow } from '../../linode/shapes.js';
import type { Moment, Sequence } from '../sequence.js';
import { Invalidations } from './invalidations.js';
import { bytesOf, EMPTY_CATALOG_BYTES } from './memoryEstimate.js';

/** For how long a deleted image stays deleted for its caller, even if Linode still returns it, in ms. */
const DELETED_FOR_MS = 60_000;
/** IDs that do not exist and are remembered. */
const MAX_MISSING = 1000;

/** What is known of one ID. */
export interface Entry {
  /** Null: there is no such image. */
  image: LinodeImage | null;
  /** Since when it is known to be so, in the sequence: when a read began, or a write ended. */
  seq: number;
  /** The same on the clock, in ms. */
  asOf: number;
}

/**
 * The images of one caller as far as they are known. It fetches nothing: responses are applied in whatever order
 * they come, and what is newer by `seq` wins, so that no late response undoes a write or a newer read.
 */
export class Collection {
  /** What of it is uncertain after writes. */
  readonly invalid = new Invalidations();
  #entries = new Map<string, Entry>();
  /** Until when an ID counts as deleted, on the clock. */
  #deletedUntil = new Map<string, number>();
  #images: readonly LinodeImage[] | undefined;
  #listed: Moment | undefined;
  #unreadable: readonly UnreadableRow[] = [];
  #clearedAt: number;
  #refusedAt = 0;
  #version: number;
  #missing = 0;
  #bytes = EMPTY_CATALOG_BYTES;
  #hasChanged = false;

  /** @param onSize called when the memory that the images take has changed */
  constructor(
    private readonly publicImages: KnownImages,
    private readonly sequence: Sequence,
    private readonly onSize: () => void,
  ) {
    this.#clearedAt = sequence.next();
    this.#version = sequence.next();
  }

  /** Grows whenever an image is added, removed or changed; no two collections share one. */
  get version(): number {
    return this.#version;
  }

  /** When the last list began; undefined before the first. */
  get listed(): Moment | undefined {
    return this.#listed;
  }

  /** When everything was last cleared, or first created, in the sequence: earlier fetches must not be applied. */
  get clearedAt(): number {
    return this.#clearedAt;
  }

  /** When everything was last cleared, in the sequence; 0 if it never was: nothing fetched before may be used. */
  get refusedAt(): number {
    return this.#refusedAt;
  }

  /** The memory that the images take, in bytes, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Rows of the last list that could not be read, and are missing in `images`. */
  get unreadable(): readonly UnreadableRow[] {
    return this.#unreadable;
  }

  /** All images known to exist; the same array until the version changes. */
  get images(): readonly LinodeImage[] {
    this.#images ??= [...this.#entries.values()].flatMap(({ image }) => image ?? []);
    return this.#images;
  }

  /** What is known of an ID; undefined if nothing is. */
  get(id: string, now: number): Entry | undefined {
    const entry = this.#entries.get(id);
    if (!this.#isDeleted(id, now)) return entry;
    return { image: null, seq: Infinity, asOf: now };
  }

  /** What responses are compared with as they are parsed: equal images are one object from there on. */
  readonly known: KnownImages = {
    get: (id) => this.#entries.get(id)?.image ?? this.publicImages.get(id),
    add: (image) => {
      this.publicImages.add(image);
    },
  };

  /** Applies a list: these are all images there were when it began, but for the rows that could not be read. */
  applyList(
    images: readonly LinodeImage[],
    began: Moment,
    now: number,
    unreadable: readonly UnreadableRow[] = [],
  ): void {
    if (this.#listed && this.#listed.seq > began.seq) return;
    if (JSON.stringify(unreadable) !== JSON.stringify(this.#unreadable)) this.#hasChanged = true;
    this.#unreadable = unreadable;
    const listed = new Map(images.map((image) => [image.id, image]));
    for (const [id, entry] of this.#entries) {
      const isOlder = entry.seq < began.seq && entry.asOf <= began.at;
      if (!listed.has(id) && isOlder) this.#remove(id, entry);
    }
    for (const [id, image] of listed) this.#put(id, image, began, now);
    this.#listed = began;
    this.invalid.settleImages(began.seq);
    this.#commit();
  }

  /** Applies a view: this was the image when it began, or null if there was none. */
  applyView(id: string, image: LinodeImage | null, began: Moment, now: number): void {
    this.#put(id, image, began, now);
    this.invalid.settleImage(id, began.seq);
    this.#commit();
  }

  /** Applies a create. Whatever else is known of the image was fetched after it was created, so it is newer. */
  applyCreate(image: LinodeImage, ended: Moment): void {
    this.#put(image.id, this.#entries.get(image.id)?.image ?? image, ended, ended.at);
    this.#commit();
  }

  /** Applies an update, which ended with this image. */
  applyWrite(image: LinodeImage, ended: Moment): void {
    this.#put(image.id, image, ended, ended.at);
    this.invalid.settleImage(image.id, ended.seq);
    this.#commit();
  }

  /** Another process may have changed anything. */
  invalidateAll(): void {
    this.invalid.invalidateAll(this.sequence.next());
  }

  applyDelete(id: string, ended: Moment): void {
    this.#deletedUntil.set(id, ended.at + DELETED_FOR_MS);
    const entry = this.#entries.get(id);
    if (entry) this.#remove(id, entry);
    this.invalid.settleImage(id, ended.seq);
    this.#commit();
  }

  /** Removes everything. */
  clear(): void {
    this.#entries = new Map();
    this.#deletedUntil = new Map();
    this.#listed = undefined;
    this.#unreadable = [];
    this.#clearedAt = this.#refusedAt = this.sequence.next();
    this.#missing = 0;
    this.#bytes = EMPTY_CATALOG_BYTES;
    this.#hasChanged = true;
    this.#commit();
  }

  /** @throws {LinodeUnauthenticated} when everything was cleared since, because the token was refused */
  assertNotCleared(since: Moment): void {
    if (since.seq > this.#refusedAt) return;
    const facts = { method: 'GET', path: '/images', sent: true };
    throw new LinodeUnauthenticated('The token was refused meanwhile', facts);
  }

  #put(id: string, image: LinodeImage | null, moment: Moment, now: number): void {
    if (this.#isDeleted(id, now)) return;
    const known = this.#entries.get(id);
    if (known && (known.seq > moment.seq || known.asOf > moment.at)) return;
    // A newer list did not have it: this response is from before it was removed.
    if (!known && this.#listed && this.#listed.seq > moment.seq) return;
    if (known?.image === image) {
      known.seq = moment.seq;
      known.asOf = moment.at;
      return;
    }
    if (known) this.#count(known, -1);
    if (image === null) this.#makeRoomForMissing();
    this.#add(id, { image, seq: moment.seq, asOf: moment.at });
  }

  #add(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
    this.#count(entry, 1);
  }

  #remove(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#count(entry, -1);
  }

  #count({ image }: Entry, sign: 1 | -1): void {
    if (image === null) this.#missing += sign;
    else {
      this.#bytes += sign * bytesOf(image);
      this.#hasChanged = true;
    }
  }

  #makeRoomForMissing(): void {
    if (this.#missing < MAX_MISSING) return;
    for (const [id, entry] of this.#entries) if (entry.image === null) this.#remove(id, entry);
  }

  #isDeleted(id: string, now: number): boolean {
    const until = this.#deletedUntil.get(id);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#deletedUntil.delete(id);
    return false;
  }

  #commit(): void {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    this.#version = this.sequence.next();
    this.#images = undefined;
    this.onSize();
  }
}
