/** Counts the distinct images that are requested by ID in an interval, this one or the one before. */
export class ViewDemand {
  #ids = new Set<string>();
  #endsAt = 0;
  #wasExceeded = false;

  constructor(
    private readonly max: number,
    private readonly intervalMs: number,
  ) {}

  /** Counts these IDs, and returns whether there are more than `max`. */
  exceeds(ids: readonly string[], now: number): boolean {
    if (now >= this.#endsAt) {
      const isNext = now < this.#endsAt + this.intervalMs;
      this.#wasExceeded = isNext && this.#ids.size > this.max;
      this.#ids = new Set();
      this.#endsAt = now + this.intervalMs;
    }
    for (const id of ids) {
      if (this.#ids.size > this.max) break;
      this.#ids.add(id);
    }
    return this.#wasExceeded || this.#ids.size > this.max;
  }
}
