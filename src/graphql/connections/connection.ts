import { badUserInput } from '../badUserInput.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { comparePositions, type Order, type Ordered, type Position } from './order.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;

/** The page arguments of a connection; null counts as absent, and so does an empty cursor. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  offset?: number | null;
}

/** Checked page arguments. */
export interface Window {
  size: number;
  isFromBack: boolean;
  offset: number;
  after: Position | undefined;
  before: Position | undefined;
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/** @throws {GraphQLError} BAD_USER_INPUT */
export function windowOf<T>(order: Order<T>, args: PageArgs): Window {
  const { first, last, offset } = args;
  checkSize('first', first);
  checkSize('last', last);
  if (first != null && last != null) throw badUserInput('Use "first" or "last", not both', 'last');
  if (offset != null && last != null)
    throw badUserInput('"offset" can be combined with "first", but not with "last"', 'offset');
  if (offset != null && offset < 0) throw badUserInput('"offset" must not be negative', 'offset');
  return {
    size: first ?? last ?? DEFAULT_PAGE_SIZE,
    isFromBack: last != null,
    offset: offset ?? 0,
    after: positionAt(order, args.after, 'after'),
    before: positionAt(order, args.before, 'before'),
  };
}

const positionAt = <T>(
  order: Order<T>,
  cursor: string | null | undefined,
  argument: string,
): Position | undefined => (cursor ? decodeCursor(order, cursor, argument) : undefined);

function checkSize(argument: string, size: number | null | undefined): void {
  if (size == null || (size >= 0 && size <= MAX_PAGE_SIZE)) return;
  throw badUserInput(`"${argument}" must be from 0 to ${MAX_PAGE_SIZE}, not ${size}`, argument);
}

/** One page of ordered nodes: the slice from `start` to before `end`. Computes only what a query selects. */
export class Connection<T> {
  constructor(
    private readonly all: Ordered<T>,
    private readonly start: number,
    private readonly end: number,
  ) {}

  get totalCount(): number {
    return this.all.nodes.length;
  }

  get nodes(): T[] {
    return this.all.nodes.slice(this.start, this.end);
  }

  get edges(): Edge<T>[] {
    return this.nodes.map((node, i) => ({ node, cursor: this.#cursor(this.start + i) }));
  }

  get pageInfo(): {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  } {
    const isEmpty = this.start >= this.end;
    return {
      hasNextPage: this.end < this.all.nodes.length,
      hasPreviousPage: this.start > 0,
      startCursor: isEmpty ? null : this.#cursor(this.start),
      endCursor: isEmpty ? null : this.#cursor(this.end - 1),
    };
  }

  #cursor(i: number): string {
    return encodeCursor(this.all.order, this.all.positions[i] as Position);
  }
}

/** The page of all nodes that match. */
export function paginate<T>(all: Ordered<T>, window: Window): Connection<T> {
  const count = all.nodes.length;
  const from = window.after ? countUpTo(all, window.after, true) : 0;
  const to = Math.max(from, window.before ? countUpTo(all, window.before, false) : count);
  if (window.isFromBack) return new Connection(all, Math.max(from, to - window.size), to);
  const start = Math.min(from + window.offset, to);
  return new Connection(all, start, Math.min(start + window.size, to));
}

/** The number of nodes before the position, or up to and including it, by binary search. */
function countUpTo<T>({ order, positions }: Ordered<T>, position: Position, isInclusive: boolean): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const compared = comparePositions(order, positions[middle] as Position, position);
    if (compared < 0 || (isInclusive && compared === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
