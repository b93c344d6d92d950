import type { RegionsResult, RegionsWrite } from '../catalog/sharedCatalogs.js';
import { Reading } from '../catalog/reading.js';
import { readUnattended, RefreshAhead } from '../catalog/images/refreshAhead.js';
import type { Peek, SharedCatalog } from '../catalog/sharedCatalogs.js';
import type { Moment, Sequence } from '../catalog/sequence.js';
import type { Clock } from '../clock.js';
import { toWire, type Caller } from '../linode/caller.js';
import type { CallTerms } from '../linode/client/client.js';
import type { UnreadableRow } from '../linode/shapes.js';
import { canonicalImage, type KnownImages, type LinodeImage } from '../linode/api/images.js';
import type {
  CreateImageBody,
  LinodeImageUpload,
  UpdateImageBody,
  UploadImageBody,
} from '../linode/api/imageWrites.js';
import type { Asker } from './asker.js';
import type { CatalogState } from './messages.js';
import { SharedAsks } from './sharedAsks.js';
import { decodeError } from './wireErrors.js';
import type { WireReadings } from './wireReading.js';

export interface ReplicaParts {
  asker: Asker;
  clock: Clock;
  /** Of this process. */
  sequence: Sequence;
  readings: WireReadings;
  requestTimeoutMs: number;
  publicImages: KnownImages;
}

/** What the primary was told of the list that is held. */
interface Held {
  /** The primary's version. */
  version: number;
  /** When the list began. */
  listed: Moment;
  /** On the clock. */
  freshUntil: number;
}

/** The primary counts no more distinct IDs than these before it lists rather than views. */
const MOST_ANSWERED = 21;

/** A list is newer than the one that is held when it is younger than this share of that one's age. */
const OLDER = 0.95;

/** What a worker holds of one caller's images: a copy of the primary's catalog, while that is fresh. */
export class ReplicaCatalog implements SharedCatalog {
  #images: readonly LinodeImage[] = [];
  #unreadable: readonly UnreadableRow[] = [];
  #byId: Map<string, LinodeImage> | undefined;
  #held: Held | undefined;
  #version: number;
  #epoch: number;
  /** States of the primary that are older than these are from before a drop, or before news. */
  #leastEpoch = 0;
  #leastVersion = 0;
  /** IDs that were answered from here since the primary was last asked for some. */
  #answered = new Set<string>();
  readonly #asks: SharedAsks;
  readonly #ahead = new RefreshAhead(() => {
    this.#askAhead();
  });

  constructor(
    private caller: Caller,
    private readonly parts: ReplicaParts,
    /** Called when its images have changed. */
    private readonly onSize: () => void,
  ) {
    this.#version = parts.sequence.next();
    this.#epoch = parts.sequence.next();
    this.#asks = new SharedAsks(parts.sequence, parts.requestTimeoutMs);
  }

  /** Asks with the newer token of a session from now on. */
  renew(caller: Caller): void {
    if (caller.tokenVersion > this.caller.tokenVersion) this.caller = caller;
  }

  get version(): number {
    return this.#version;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get ageMs(): number | undefined {
    return this.#held && this.#now - this.#held.listed.at;
  }

  peek(): Peek | undefined {
    const held = this.#held;
    const now = this.#now;
    if (!held || held.freshUntil < now) return undefined;
    return { version: this.#version, ageMs: now - held.listed.at, freshForMs: held.freshUntil - now };
  }

  recordHit(): void {
    this.#ahead.recordHit(this.#now);
  }

  get unreadable(): readonly UnreadableRow[] {
    return this.#unreadable;
  }

  /** All images held. */
  get images(): readonly LinodeImage[] {
    return this.#images;
  }

  async list(reading: Reading): Promise<readonly LinodeImage[]> {
    if (this.#answers(reading)) {
      this.#noteHit(reading);
      this.recordHit();
      return this.#images;
    }
    const { readings } = this.parts;
    for (;;) {
      const key = `${this.#epoch} list ${readings.keyOf(reading)}`;
      const { images, came } = await this.#asks.ride(key, reading, (terms) => this.#askList(reading, terms));
      if (!images) continue;
      readings.note(reading, came);
      return images;
    }
  }

  async get(ids: readonly string[], reading: Reading): Promise<(LinodeImage | null | Error)[]> {
    const found = this.#answers(reading) ? ids.map((id) => this.#image(id)) : [];
    const unknown = ids.filter((_, i) => !found[i]);
    if (unknown.length < ids.length) this.#noteHit(reading);
    if (unknown.length === 0) {
      this.recordHit();
      for (const id of ids) if (this.#answered.size < MOST_ANSWERED) this.#answered.add(id);
      return found.map((image) => image ?? null);
    }
    const asked = await this.#askFor(unknown, reading);
    return ids.map((id, i) => found[i] ?? asked[unknown.indexOf(id)] ?? null);
  }

  create(body: CreateImageBody, terms: CallTerms): Promise<LinodeImage> {
    return this.parts.asker.ask('create', { ...this.#written(terms), body }, writing(terms));
  }

  upload(body: UploadImageBody, terms: CallTerms): Promise<LinodeImageUpload> {
    return this.parts.asker.ask('upload', { ...this.#written(terms), body }, writing(terms));
  }

  update(id: string, body: UpdateImageBody, terms: CallTerms): Promise<LinodeImage> {
    return this.parts.asker.ask('update', { ...this.#written(terms), id, body }, writing(terms));
  }

  setRegions(id: string, write: RegionsWrite, terms: CallTerms): Promise<RegionsResult> {
    return this.parts.asker.ask('setRegions', { ...this.#written(terms), id, write }, writing(terms));
  }

  async delete(id: string, terms: CallTerms): Promise<void> {
    await this.parts.asker.ask('delete', { ...this.#written(terms), id }, writing(terms));
  }

  /** The caller wrote, or was refused: nothing read before may be used. */
  drop(epoch: number): void {
    this.#leastEpoch = Math.max(this.#leastEpoch, epoch);
    this.#held = undefined;
    this.#images = [];
    this.#byId = undefined;
    this.#version = this.parts.sequence.next();
    this.#epoch = this.parts.sequence.next();
    this.onSize();
  }

  /** Somebody else learnt something newer. */
  moved(version: number): void {
    this.#leastVersion = Math.max(this.#leastVersion, version);
    if (this.#held && this.#held.version < version) this.#held.freshUntil = -Infinity;
    this.#version = this.parts.sequence.next();
  }

  get #now(): number {
    return this.parts.clock.now();
  }

  /** Whether a read may be answered from here. */
  #answers(reading: Reading): boolean {
    const held = this.#held;
    return held !== undefined && held.freshUntil >= this.#now && reading.accepts(held.listed, this.#now);
  }

  #noteHit(reading: Reading): void {
    const { ageMs, freshForMs } = this.peek() ?? { ageMs: 0, freshForMs: 0 };
    reading.noteFresh('hit', ageMs, freshForMs, true);
  }

  #image(id: string): LinodeImage | undefined {
    this.#byId ??= new Map(this.#images.map((image) => [image.id, image]));
    return this.#byId.get(id);
  }

  async #askList(reading: Reading, terms: CallTerms) {
    const began = this.parts.sequence.moment();
    const question = { ...this.#asked(reading, terms), version: this.#held?.version };
    const { state, came } = await this.parts.asker.ask('list', question, terms);
    return { images: this.#take(state, began) ? this.#images : undefined, came };
  }

  /** The primary lists anew unless it has done so since for somebody else. */
  #askAhead(): void {
    // What travels takes time: the list that is held must be older than this when the primary looks.
    const maxAgeMs = Math.max(1, Math.floor((this.ageMs ?? 0) * OLDER));
    readUnattended(this.parts.clock, this.parts.requestTimeoutMs, (terms) =>
      this.list(new Reading(this.parts.sequence.moment(), terms, maxAgeMs)),
    );
  }

  async #askFor(ids: readonly string[], reading: Reading): Promise<(LinodeImage | null | Error)[]> {
    const { asker, readings } = this.parts;
    const key = `${this.#epoch} get ${readings.keyOf(reading)} ${ids.join()}`;
    const { images, came } = await this.#asks.ride(key, reading, async (terms) => {
      const began = this.parts.sequence.moment();
      const alsoAsked = [...this.#answered];
      this.#answered = new Set();
      const question = { ...this.#asked(reading, terms), ids, alsoAsked, version: this.#held?.version };
      const answer = await asker.ask('get', question, terms);
      if (answer.state) this.#take(answer.state, began);
      return { ...answer, images: answer.images.map((one) => imageOf(one, this.#known)) };
    });
    readings.note(reading, came);
    return images;
  }

  /** Takes over what the primary knows; false where that is from before a drop, or is nothing. */
  #take(state: CatalogState, began: Moment): boolean {
    const { version, epoch, images, ageMs, freshForMs, aheadInMs = Infinity, isAnew } = state;
    if (epoch < this.#leastEpoch || (!images && this.#held?.version !== version)) return false;
    if (images && this.#held?.version !== version) {
      const known = this.#known;
      this.#images = images.map((image) => canonicalImage(image, known));
      this.#unreadable = state.unreadable ?? [];
      this.#byId = undefined;
      this.#version = this.parts.sequence.next();
      this.onSize();
    }
    const isNews = version >= this.#leastVersion;
    const isNewer = ageMs < (this.ageMs ?? Infinity) * OLDER;
    this.#held = {
      version,
      listed: {
        seq: isAnew ? began.seq : (this.#held?.listed.seq ?? 0),
        at: this.#now - ageMs,
      },
      freshUntil: freshForMs === undefined || !isNews ? -Infinity : this.#now + freshForMs,
    };
    if (isNewer) this.#ahead.schedule(this.#now + aheadInMs, this.#held.freshUntil);
    return true;
  }

  /** What an image from the primary is compared with. */
  get #known(): KnownImages {
    const { publicImages } = this.parts;
    return {
      get: (id) => this.#image(id) ?? publicImages.get(id),
      add: (image) => {
        publicImages.add(image);
      },
    };
  }

  #asked(reading: Reading, terms: CallTerms) {
    return { ...toWire(this.caller), terms: this.parts.readings.termsOf(reading, terms) };
  }

  #written({ deadlineAt }: CallTerms) {
    return { ...toWire(this.caller), deadlineInMs: deadlineAt - this.#now };
  }
}

const writing = ({ signal, onCall }: CallTerms) => ({ signal, onCall, isWrite: true });

function imageOf(
  one: LinodeImage | null | { error: Parameters<typeof decodeError>[0] },
  known: KnownImages,
): LinodeImage | null | Error {
  if (one === null) return null;
  return 'error' in one ? decodeError(one.error) : canonicalImage(one, known);
}
