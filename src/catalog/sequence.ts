import type { Clock } from '../clock.js';

/** A point in the order of reads and writes, and in time. */
export interface Moment {
  /** The position in the order: what began later has the larger number. */
  seq: number;
  /** On the clock, in ms. */
  at: number;
}

/** Orders reads and writes by a counter, which two of them never share, unlike a clock's time. */
export class Sequence {
  #last = 0;

  constructor(private readonly clock: Clock) {}

  /** The next position. */
  next(): number {
    return ++this.#last;
  }

  /** The present time on the clock, in ms. */
  now(): number {
    return this.clock.now();
  }

  /** The next position, at the present time. */
  moment(): Moment {
    return { seq: this.next(), at: this.clock.now() };
  }
}
