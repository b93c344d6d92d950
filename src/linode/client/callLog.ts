const MINUTE_MS = 60_000;

/** When calls were made within the last minute: a sliding window. All times in ms on the clock. */
export class CallLog {
  /** Oldest first. */
  #times: number[] = [];

  /** Calls of the minute before `now`, at `since` or later. */
  count(now: number, since = -Infinity): number {
    const first = this.#times.findIndex((at) => at > now - MINUTE_MS);
    if (first !== 0) this.#times.splice(0, first === -1 ? this.#times.length : first);
    if (since === -Infinity) return this.#times.length;
    const next = this.#times.findIndex((at) => at >= since);
    return next === -1 ? 0 : this.#times.length - next;
  }

  /** The calls of the minute before `now`, oldest first. */
  recent(now: number): readonly number[] {
    this.count(now);
    return this.#times;
  }

  add(calls: number, now: number): void {
    for (let i = 0; i < calls; i++) this.#times.push(now);
  }

  /** Removes calls that were added at `at`. */
  remove(calls: number, at: number): void {
    const first = this.#times.indexOf(at);
    if (first === -1) return;
    this.#times.splice(first, Math.min(calls, this.#times.lastIndexOf(at) - first + 1));
  }

  /**
   * When `calls` more keep within `limit` calls a minute, of those at `since` or later; 0 if that is now. More calls
   * than the limit are never free: then when the last one has expired.
   */
  freeAt(calls: number, limit: number, now: number, since = -Infinity): number {
    const counted = this.count(now, since);
    const excess = counted + calls - limit;
    if (excess <= 0) return 0;
    const at = this.#times[this.#times.length - counted + Math.min(excess, counted) - 1];
    return (at ?? now) + MINUTE_MS;
  }
}
