const FIRST_MS = 1000;

/** Keeps from asking again what just failed: for a second, then two, then four, up to a limit. */
export class BackOff {
  #untilMs = 0;
  #nextMs = FIRST_MS;
  #error: Error | undefined;

  /** What failed last, as long as it is not to be tried again; times in ms. */
  standing(now: number): Error | undefined {
    return now < this.#untilMs ? this.#error : undefined;
  }

  failed(error: Error, now: number, mostMs: number): void {
    this.#untilMs = now + Math.min(this.#nextMs, mostMs);
    this.#nextMs = Math.min(this.#nextMs * 2, mostMs);
    this.#error = error;
  }

  succeeded(): void {
    this.#untilMs = 0;
    this.#nextMs = FIRST_MS;
    this.#error = undefined;
  }
}
