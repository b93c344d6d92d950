const FIRST_MS = 1000;

/** Delays the retry of what has just failed: by a second, then two, then four, up to a maximum. */
export class BackOff {
  #untilMs = 0;
  #nextMs = FIRST_MS;
  #error: Error | undefined;

  /** The last failure, while it is too early to retry; times in ms on the clock. */
  standing(now: number): Error | undefined {
    return now < this.#untilMs ? this.#error : undefined;
  }

  failed(error: Error, now: number, maxMs: number): void {
    this.#untilMs = now + Math.min(this.#nextMs, maxMs);
    this.#nextMs = Math.min(this.#nextMs * 2, maxMs);
    this.#error = error;
  }

  succeeded(): void {
    this.#untilMs = 0;
    this.#nextMs = FIRST_MS;
    this.#error = undefined;
  }
}
