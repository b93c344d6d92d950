import type { Clock } from '../../clock.js';

const TICK_MS = 20;
/** How long every turn of the event loop must be late before operations are refused: CoDel's interval. */
const STANDING_MS = 500;
/** How long nothing is refused after the first operation: code that V8 has not compiled yet is slow. */
const WARM_UP_MS = 5000;
/** How long one refusal counts as overload for readiness. */
const SHED_MS = 2000;

/**
 * Whether this process has more work than it can do in time. As in CoDel, one long turn of the event loop refuses
 * nothing: only a queue that stands, so that even the least lag of an interval exceeds the limit, is shed.
 */
export class Overload {
  #tickDueAt = 0;
  /** Since when every turn was late; undefined if the last one was not. */
  #lateSince: number | undefined;
  #warmUpEndsAt: number | undefined;
  #shedUntil = -Infinity;
  #cancelTick: () => void = () => undefined;

  /** @param maxLagMs how late a turn of the event loop may be */
  constructor(
    private readonly clock: Clock,
    private readonly maxLagMs: number,
  ) {
    this.#tickLater();
  }

  /**
   * Whether to refuse an operation that is read now: a queue stands, and this turn is late already. Each turn thus
   * accepts what it can do in time and refuses the rest.
   */
  get isLate(): boolean {
    const now = this.clock.now();
    this.#warmUpEndsAt ??= now + WARM_UP_MS;
    if (this.#lateSince === undefined || now < this.#warmUpEndsAt) return false;
    return now - this.#lateSince >= STANDING_MS && this.#lagMs > this.maxLagMs;
  }

  /** For readiness: an operation was refused lately. */
  get isOverloaded(): boolean {
    return this.clock.now() < this.#shedUntil;
  }

  /** Records that an operation was refused. */
  noteShed(): void {
    this.#shedUntil = this.clock.now() + SHED_MS;
  }

  close(): void {
    this.#cancelTick();
  }

  get #lagMs(): number {
    return this.clock.now() - this.#tickDueAt;
  }

  #tickLater(): void {
    this.#tickDueAt = this.clock.now() + TICK_MS;
    this.#cancelTick = this.clock.after(TICK_MS, () => {
      if (this.#lagMs > this.maxLagMs) this.#lateSince ??= this.clock.now();
      else this.#lateSince = undefined;
      this.#tickLater();
    });
  }
}
