interface Entry {
  atMs: number;
  run: (atMs: number) => void;
}

/** What is to happen later. No timer: whoever looks at the state settles it first, so a moved clock is enough. */
export class Agenda {
  #entries: Entry[] = [];

  /** `run` gets the time it was due, which may be long before the time it runs. */
  at(atMs: number, run: (atMs: number) => void): void {
    const next = this.#entries.findIndex((entry) => entry.atMs > atMs);
    this.#entries.splice(next === -1 ? this.#entries.length : next, 0, { atMs, run });
  }

  /** Runs, in order, all that was due by `nowMs`. */
  settle(nowMs: number): void {
    for (let first = this.#entries[0]; first && first.atMs <= nowMs; first = this.#entries[0]) {
      this.#entries.shift();
      first.run(first.atMs);
    }
  }
}
