import type { Clock } from '../../clock.js';

/** Headers count whole seconds, so that a window may end this much earlier than they say. */
const PRECISION_MS = 2000;

/** One of Linode's fixed rate limit windows, as far as response headers tell. All times in ms on the clock. */
export class ObservedWindow {
  #remaining = 0;
  #endsAt = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** Whether it is under way. */
  get isCurrent(): boolean {
    return this.#endsAt > this.clock.now();
  }

  /** When it has ended at the latest; -Infinity before any is known. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** When it may have ended. */
  get mayEndAt(): number {
    return this.#endsAt - PRECISION_MS;
  }

  /** Calls left in it; Infinity unless it is under way. */
  get remaining(): number {
    return this.isCurrent ? this.#remaining : Infinity;
  }

  /** Counts calls that are about to be made. Negative: that were not made after all. */
  spend(calls: number): void {
    this.#remaining -= calls;
  }

  /** Learns from a response. It may have overtaken others, so that what is left of one window never grows. */
  observe(remaining: number, endsInMs: number): void {
    const endsAt = this.clock.now() + endsInMs;
    const isSame = this.isCurrent && Math.abs(this.#endsAt - endsAt) < PRECISION_MS;
    this.#remaining = isSame ? Math.min(this.#remaining, remaining) : remaining;
    this.#endsAt = endsAt;
  }
}
