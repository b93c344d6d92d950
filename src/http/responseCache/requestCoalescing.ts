import type { Clock } from '../../clock.js';
import type { TrackedRequest } from '../server/trackedRequest.js';

/** For how long others wait for an answer: an upstream that hangs must not cost them a deadline more. */
const MOST_WAIT_MS = 1000;

/** @param isInTime false when the answer was not made by then: it is not worth the waiting */
type Again = (isInTime: boolean) => void;

/** Has requests wait while another one is answered that asks the same, or that brings what they lack. */
export class Collapsing {
  readonly #waiting = new Map<string, Again[]>();

  constructor(private readonly clock: Clock) {}

  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /**
   * @param again called when that answer is made or given up, or takes too long
   * @returns false where none is being made
   */
  join(key: string, again: Again): boolean {
    const waiting = this.#waiting.get(key);
    waiting?.push(again);
    return waiting !== undefined;
  }

  /**
   * From now on others may wait for this answer, unless there is one that they may wait for, or it is queued behind
   * another on its connection: then it ends when that does, which nobody should wait for.
   */
  lead(key: string, request: TrackedRequest): void {
    if (this.#waiting.has(key) || !request.res.socket) return;
    const waiting: Again[] = [];
    this.#waiting.set(key, waiting);
    const release = (isInTime: boolean): void => {
      if (this.#waiting.get(key) !== waiting) return;
      this.#waiting.delete(key);
      for (const again of waiting) again(isInTime);
    };
    const cancel = this.clock.after(MOST_WAIT_MS, () => {
      release(false);
    });
    request.whenSent(() => {
      cancel();
      release(true);
    });
  }
}
