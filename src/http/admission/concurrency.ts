import type { RequestHandler } from 'express';
import type { Response } from 'express';
import type { Slot } from '../../catalog/reading.js';
import { sendOverloaded } from '../errors.js';

const SLOT = Symbol('slot');

/** Held here and not in a WeakMap, which would keep it until the old generation is collected. (ADR 14) */
interface Admitted extends Response {
  [SLOT]?: Slot;
}

/**
 * How many operations are under way. One that only waits for a fetch that another one started costs nothing
 * and is not counted meanwhile, so that a stampede for the same images is not turned away.
 */
export class Concurrency {
  #active = 0;

  constructor(private readonly maximum: number) {}

  /** Takes a slot for the request until its answer has left, or refuses it. */
  readonly admit: RequestHandler = (req, res, next) => {
    // The client left while something before this was waited for: no end of it would be told of any more.
    if (req.socket.destroyed) return;
    if (this.#active >= this.maximum) {
      sendOverloaded(res, 'Too many operations are under way here');
      return;
    }
    let isOver = false;
    let isCounted = true;
    const count = (counts: boolean): void => {
      if (isOver || counts === isCounted) return;
      isCounted = counts;
      this.#active += counts ? 1 : -1;
    };
    this.#active++;
    (res as Admitted)[SLOT] = {
      leave: () => {
        count(false);
      },
      enter: () => {
        count(true);
      },
    };
    res.once('close', () => {
      count(false);
      isOver = true;
    });
    next();
  };

  slotOf(res: Response): Slot | undefined {
    return (res as Admitted)[SLOT];
  }

  /** Operations that count now. */
  get active(): number {
    return this.#active;
  }
}
