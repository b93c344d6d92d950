import { LinodeError, LinodeRefused } from '../../linode/errors.js';
import type { LinodeImage } from '../../linode/api/images.js';
import type { Sequence } from '../sequence.js';
import type { Collection } from './collection.js';

/** Runs one caller's writes, and has its collection take in what they did before their answers are returned. */
export class Writes {
  readonly #underWay = new Map<string, { count: number; overlapped: boolean }>();
  #suspectSince = 0;

  /**
   * @param onSent told of each write that may have happened, when it ended
   */
  constructor(
    private readonly collection: Collection,
    private readonly sequence: Sequence,
    private readonly onSent: () => void,
  ) {}

  /** When the last write of unknown outcome ended: nothing learned before it counts as fresh. */
  get suspectSince(): number {
    return this.#suspectSince;
  }

  /**
   * @param id the image it writes, null for one to come
   * @param imageOf the image as the answer tells it; null when it is gone
   */
  async run<T>(
    id: string | null,
    write: () => Promise<T>,
    imageOf: (answer: T) => LinodeImage | null,
  ): Promise<T> {
    const began = this.sequence.moment();
    const key = id ?? '';
    const underWay = this.#underWay.get(key) ?? { count: 0, overlapped: false };
    underWay.count++;
    if (underWay.count > 1 && id !== null) underWay.overlapped = true;
    this.#underWay.set(key, underWay);
    let wasSent = true;
    try {
      const answer = await write();
      const image = imageOf(answer);
      // Of two changes of one image at once nobody knows which came last; one of them may have met a new image.
      const isAmbiguous = id === null ? this.#suspectSince > began.seq : underWay.overlapped;
      if (!image && id !== null) this.collection.applyDelete(id, this.sequence.moment());
      else if (isAmbiguous) this.#suspect();
      else if (image && id === null) this.collection.applyCreate(image, this.sequence.moment());
      else if (image) this.collection.applyWrite(image, this.sequence.moment());
      return answer;
    } catch (error) {
      wasSent = !(error instanceof LinodeError) || error.sent;
      if (error instanceof LinodeError && error.outcomeUnknown) this.#suspect();
      if (id !== null && error instanceof LinodeRefused && error.status === 404) {
        this.collection.applyView(id, null, began, this.sequence.moment().at);
      }
      throw error;
    } finally {
      underWay.count--;
      if (underWay.count === 0) this.#underWay.delete(key);
      if (wasSent) this.onSent();
    }
  }

  /** The next read asks Linode. */
  #suspect(): void {
    this.#suspectSince = this.sequence.moment().seq;
  }
}
