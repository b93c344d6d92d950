/** More images than these are rather listed than viewed. */
const MAX_IMAGES = 20;

/**
 * What writes have left uncertain, because their outcome is unknown or they overlapped: what was fetched before is not
 * fresh. One view settles an image, one list settles everything. All positions are those of the sequence.
 */
export class Invalidations {
  readonly #images = new Map<string, number>();
  #all = 0;
  #list = 0;

  /** An image may have changed. */
  invalidateImage(id: string, seq: number): void {
    this.#images.set(id, seq);
    if (this.#images.size <= MAX_IMAGES) return;
    this.invalidateAll(seq);
  }

  /** An image may have been added. */
  invalidateList(seq: number): void {
    this.#list = seq;
  }

  /** Everything may have changed. */
  invalidateAll(seq: number): void {
    this.#images.clear();
    this.#all = this.#list = seq;
  }

  /** Lists from before this position are not fresh. */
  get listSince(): number {
    return this.#list;
  }

  /** What was fetched of this image before this position is not fresh. */
  imageSince(id: string): number {
    return Math.max(this.#all, this.#images.get(id) ?? 0);
  }

  /** The images that a view must settle, as long as they are not listed. */
  get imageIds(): Iterable<string> {
    return this.#images.keys();
  }

  hasImage(id: string): boolean {
    return this.#images.has(id);
  }

  get hasImages(): boolean {
    return this.#images.size > 0;
  }

  /** The image was fetched by a read that began at this position, or written by a write that ended there. */
  settleImage(id: string, seq: number): void {
    if ((this.#images.get(id) ?? Infinity) < seq) this.#images.delete(id);
  }

  /** All images were listed by a read that began at this position. */
  settleImages(seq: number): void {
    for (const id of [...this.#images.keys()]) this.settleImage(id, seq);
  }
}
