import { LinodeError, LinodeRefused } from '../../linode/errors.js';
import type { LinodeImage } from '../../linode/api/images.js';
import type { Sequence } from '../sequence.js';
import type { Collection } from './collection.js';

/** Runs one caller's writes, and applies them to its collection before they return. */
export class Writes {
  readonly #inFlight = new Map<string, { count: number; hasOverlapped: boolean }>();
  #invalidSince = 0;

  /** @param onSent called when a write that Linode may have received has ended */
  constructor(
    private readonly collection: Collection,
    private readonly sequence: Sequence,
    private readonly onSent: () => void,
  ) {}

  /** When the last write with an unknown outcome ended, in the sequence: what was fetched before is not fresh. */
  get invalidSince(): number {
    return this.#invalidSince;
  }

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
    const key = id ?? '';
    const inFlight = this.#inFlight.get(key) ?? { count: 0, hasOverlapped: false };
    inFlight.count++;
    if (inFlight.count > 1 && id !== null) inFlight.hasOverlapped = true;
    this.#inFlight.set(key, inFlight);
    let wasSent = true;
    try {
      const response = await write();
      const image = imageOf(response);
      // The order of two overlapping updates is unknown; one of them may have been to an image being created.
      const isAmbiguous = id === null ? this.#invalidSince > began.seq : inFlight.hasOverlapped;
      if (!image && id !== null) this.collection.applyDelete(id, this.sequence.moment());
      else if (isAmbiguous) this.#invalidate();
      else if (image && id === null) this.collection.applyCreate(image, this.sequence.moment());
      else if (image) this.collection.applyWrite(image, this.sequence.moment());
      return response;
    } catch (error) {
      wasSent = !(error instanceof LinodeError) || error.sent;
      if (error instanceof LinodeError && error.outcomeUnknown) this.#invalidate();
      if (id !== null && error instanceof LinodeRefused && error.status === 404) {
        this.collection.applyView(id, null, began, this.sequence.now());
      }
      throw error;
    } finally {
      inFlight.count--;
      if (inFlight.count === 0) this.#inFlight.delete(key);
      if (wasSent) this.onSent();
    }
  }

  #invalidate(): void {
    this.#invalidSince = this.sequence.next();
  }
}
