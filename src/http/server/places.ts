/**
 * What comes and goes with each request. A Set of such leaves its table behind whenever that is full of what has
 * gone, and an old table keeps what it held until the old generation is collected. (ADR 14)
 */
export class Places<T> {
  readonly #members: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#members.length - this.#free.length;
  }

  /** @returns the member's place, which takes it out again */
  add(member: T): number {
    const place = this.#free.pop() ?? this.#members.length;
    this.#members[place] = member;
    return place;
  }

  /** Once for each `add`. */
  delete(place: number): void {
    this.#members[place] = undefined;
    this.#free.push(place);
  }

  /** Those that are there, in no order. */
  members(): T[] {
    return this.#members.filter((member) => member !== undefined);
  }
}
