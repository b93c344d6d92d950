interface Entry {
  atMs: number;
  run: (atMs: number) => void;
}

/** Changes scheduled for later. Without timers: readers call `runDue` first, so moving the clock is enough. */
export class Schedule {
  #entries: Entry[] = [];

  /** `run` receives the time it was due, which may be long before it runs. */
  at(atMs: number, run: (atMs: number) => void): void {
    const next = this.#entries.findIndex((entry) => entry.atMs > atMs);
    this.#entries.splice(next === -1 ? this.#entries.length : next, 0, { atMs, run });
  }

  /** Runs all entries that are due by `nowMs`, in order. */
  runDue(nowMs: number): void {
    for (let first = this.#entries[0]; first && first.atMs <= nowMs; first = this.#entries[0]) {
      this.#entries.shift();
      first.run(first.atMs);
    }
  }
}
