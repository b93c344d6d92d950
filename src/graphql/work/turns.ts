/** Calls back in the next turn of the event loop, after pending I/O. */
export type NextTurn = (callback: () => void) => void;

interface Waiting {
  units: number;
  resume: () => void;
}

/**
 * Spreads the CPU work of all operations over turns of the event loop, so that filters of one caller do not delay
 * the requests of others. Work is in units, and each turn takes at most `maxUnits`, or one piece that is larger.
 */
export class Turns {
  #spent = 0;
  #isEndScheduled = false;
  readonly #waiting: Waiting[] = [];

  constructor(
    private readonly maxUnits: number,
    private readonly nextTurn: NextTurn = setImmediate,
  ) {}

  /** Undefined if the work can run in this turn; otherwise resolves in the turn in which it can. */
  take(units: number): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#hasRoomFor(units)) {
      this.#spend(units);
      return undefined;
    }
    return new Promise((resume) => this.#waiting.push({ units, resume }));
  }

  #hasRoomFor(units: number): boolean {
    return this.#spent === 0 || this.#spent + units <= this.maxUnits;
  }

  #spend(units: number): void {
    this.#spent += units;
    if (this.#isEndScheduled || this.#spent === 0) return;
    this.#isEndScheduled = true;
    this.nextTurn(() => {
      this.#isEndScheduled = false;
      this.#spent = 0;
      this.#resumeWaiting();
    });
  }

  #resumeWaiting(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoomFor(next.units); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#spend(next.units);
      next.resume();
    }
  }
}
