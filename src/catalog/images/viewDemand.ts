/** How many distinct images are asked for by ID in an interval: this one, or the one before. */
export class Demand {
  #ids = new Set<string>();
  #endsAt = 0;
  #wasExceeded = false;

  constructor(
    private readonly most: number,
    private readonly intervalMs: number,
  ) {}

  /** Counts these in, and tells whether there are more than `most`. */
  exceeds(ids: readonly string[], now: number): boolean {
    if (now >= this.#endsAt) {
      const isNext = now < this.#endsAt + this.intervalMs;
      this.#wasExceeded = isNext && this.#ids.size > this.most;
      this.#ids = new Set();
      this.#endsAt = now + this.intervalMs;
    }
    for (const id of ids) {
      if (this.#ids.size > this.most) break;
      this.#ids.add(id);
    }
    return this.#wasExceeded || this.#ids.size > this.most;
  }
}
