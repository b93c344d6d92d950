interface Entry {
  atMs: number;
  run: (atMs: number) => void;
  /** Whether the entry ends work, which takes less time at a higher speed. */
  isWork: boolean;
}

/** Changes scheduled for later. Without timers: readers call `runDue` first, so moving the clock is enough. */
export class Schedule {
  #entries: Entry[] = [];

  /** `run` receives the time it was due, which may be long before it runs. */
  at(atMs: number, run: (atMs: number) => void, isWork = false): void {
    const next = this.#entries.findIndex((entry) => entry.atMs > atMs);
    this.#entries.splice(next === -1 ? this.#entries.length : next, 0, { atMs, run, isWork });
  }

  /** Runs all entries that are due by `nowMs`, in order. */
  runDue(nowMs: number): void {
    for (let first = this.#entries[0]; first && first.atMs <= nowMs; first = this.#entries[0]) {
      this.#entries.shift();
      first.run(first.atMs);
    }
  }

  /** Multiplies the remaining time of all work. */
  rescaleWork(nowMs: number, factor: number): void {
    for (const entry of this.#entries) {
      if (entry.isWork) entry.atMs = nowMs + (entry.atMs - nowMs) * factor;
    }
    this.#entries.sort((a, b) => a.atMs - b.atMs);
  }
}
