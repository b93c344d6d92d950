import type { Clock } from '../../clock.js';

const TICK_MS = 20;
/** For how long one refusal for want of room counts as overload. */
const SHED_MS = 2000;

/** Whether this process has more to do than it can. */
export class Overload {
  #tickDueAt = 0;
  #wasLate = false;
  #shedUntil = -Infinity;
  #cancelTick: () => void = () => undefined;

  /** @param maxLagMs how long the event loop may take for one turn */
  constructor(
    private readonly clock: Clock,
    private readonly maxLagMs: number,
  ) {
    this.#tickLater();
  }

  /**
   * Whether work that is found now has waited for too long already: the last turn of the event loop took too long,
   * and so does this one. Each turn thus takes on what it can do in time, and refuses the rest.
   */
  get isLate(): boolean {
    return this.#wasLate && this.#lagMs > this.maxLagMs;
  }

  /** For orchestrators: work was refused lately. */
  get isOverloaded(): boolean {
    return this.clock.now() < this.#shedUntil;
  }

  /** A request was refused for want of room. */
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
      this.#wasLate = this.#lagMs > this.maxLagMs;
      this.#tickLater();
    });
  }
}
