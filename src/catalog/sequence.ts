/** Puts reads and writes in one order that no clock is needed for: what began later has the larger number. */
export class Sequence {
  #last = 0;

  next(): number {
    return ++this.#last;
  }

  get last(): number {
    return this.#last;
  }
}
