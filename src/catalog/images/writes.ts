import { LinodeError, LinodeRefused } from '../../linode/errors.js';
import type { LinodeImage } from '../../linode/api/images.js';
import type { Moment, Sequence } from '../sequence.js';
import type { WriteChange } from '../sharing/sharing.js';
import type { Collection } from './collection.js';

/** Runs one caller's writes, and applies them to its collection before they return. */
export class Writes {
  readonly #inFlight = new Map<string, { count: number; hasOverlapped: boolean }>();

  /**
   * @param onWritten called when a write that may have changed something has ended, before it returns
   */
  constructor(
    private readonly collection: Collection,
    private readonly sequence: Sequence,
    private readonly onWritten: (change: WriteChange) => Promise<void> | undefined,
  ) {}

  /**
   * @param id the image that is written, null for a new one
   * @param imageOf the image in the response; null when it was deleted
   */
  async run<T>(
    id: string | null,
    write: () => Promise<T>,
    imageOf: (response: T) => LinodeImage | null,
  ): Promise<T> {
    const began = this.sequence.moment();
    const inFlight = this.#begin(id);
    let change: WriteChange | undefined = id === null ? { kind: 'list' } : { kind: 'image', id };
    try {
      const response = await write();
      const image = imageOf(response);
      if (id === null) this.#applyCreate(image, began.seq);
      else if (image) this.#applyUpdate(image, inFlight.hasOverlapped);
      else this.collection.applyDelete(id, this.sequence.moment());
      if (image) change = { kind: 'image', id: image.id };
      else if (id !== null) change = { kind: 'delete', id };
      return response;
    } catch (error) {
      if (!this.#applyFailure(id, error, began)) change = undefined;
      throw error;
    } finally {
      inFlight.count--;
      if (inFlight.count === 0 && id !== null) this.#inFlight.delete(id);
      const shared = change && this.onWritten(change);
      if (shared) await shared;
    }
  }

  /** Another process has written, or may have. */
  applyRemote(change: WriteChange): void {
    if (change.kind === 'list') {
      for (const inFlight of this.#inFlight.values()) inFlight.hasOverlapped = true;
      this.collection.invalidateAll();
      return;
    }
    const { id } = change;
    const inFlight = this.#inFlight.get(id);
    if (inFlight) inFlight.hasOverlapped = true;
    if (change.kind === 'delete') this.collection.applyDelete(id, this.sequence.moment());
    else this.#invalidate(id);
  }

  #begin(id: string | null): { count: number; hasOverlapped: boolean } {
    const inFlight = (id !== null && this.#inFlight.get(id)) || { count: 0, hasOverlapped: false };
    inFlight.count++;
    if (inFlight.count > 1) inFlight.hasOverlapped = true;
    if (id !== null) this.#inFlight.set(id, inFlight);
    return inFlight;
  }

  #applyCreate(image: LinodeImage | null, began: number): void {
    if (!image) return;
    // A write of unknown outcome may have changed it since it was created.
    const isUncertain = this.collection.invalid.imageSince(image.id) > began;
    if (isUncertain) this.#invalidate(image.id);
    else this.collection.applyCreate(image, this.sequence.moment());
  }

  /** The order in which Linode carried out two overlapping updates is unknown. */
  #applyUpdate(image: LinodeImage, hasOverlapped: boolean): void {
    if (hasOverlapped) this.#invalidate(image.id);
    else this.collection.applyWrite(image, this.sequence.moment());
  }

  /** Returns whether the failed write may have changed something. */
  #applyFailure(id: string | null, error: unknown, began: Moment): boolean {
    if (!(error instanceof LinodeError)) return true;
    if (error.outcomeUnknown) this.#invalidate(id);
    const isMissing = id !== null && error instanceof LinodeRefused && error.status === 404;
    if (isMissing) this.collection.applyView(id, null, began, this.sequence.now());
    return error.outcomeUnknown || isMissing;
  }

  #invalidate(id: string | null): void {
    const seq = this.sequence.next();
    if (id === null) this.collection.invalid.invalidateList(seq);
    else this.collection.invalid.invalidateImage(id, seq);
  }
}
