import type { Clock } from '../clock.js';

/** A point in the order of reads and writes, and in time. */
export interface Moment {
  /** The position in the order: what began later has the larger number. */
  seq: number;
  /** On the clock, in ms. */
  at: number;
}

/** Positions per millisecond. */
const RESOLUTION = 1000;

/** The position that a moment on the clock has at least: what another process fetched then is ordered by it. */
export const positionAt = (at: number): number => Math.floor(at * RESOLUTION);

/**
 * Orders reads and writes by a counter, which two of them never share, unlike a clock's time. It follows the clock, so
 * that what was fetched elsewhere, at a known time, has a position too.
 */
export class Sequence {
  #last = 0;

  constructor(private readonly clock: Clock) {}

  /** The next position. */
  next(): number {
    return (this.#last = Math.max(this.#last + 1, positionAt(this.clock.now())));
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
