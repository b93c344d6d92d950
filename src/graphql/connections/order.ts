/** The value that a sort key compares. Text that compares case-insensitively is in lower case already. */
export type SortValue = string | number | null;

export interface SortKey<T> {
  /** The type of its values that are not null. */
  type: 'string' | 'number';
  value: (node: T) => SortValue;
  isDescending: boolean;
}

/** A total order: by its keys, then by `tie`, which is unique to each node. */
export interface Order<T> {
  /** Identifies the order in a cursor: equal orders have equal signatures. */
  signature: string;
  keys: readonly SortKey<T>[];
  tie: (node: T) => string;
  isTieDescending?: boolean;
}

/** The position of a node in an order: its sort values and its tie. */
export type Position = readonly SortValue[];

/** Sorted nodes, and the position of each. */
export interface Ordered<T> {
  order: Order<T>;
  nodes: readonly T[];
  positions: readonly Position[];
}

export const positionOf = <T>(order: Order<T>, node: T): Position => [
  ...order.keys.map(({ value }) => value(node)),
  order.tie(node),
];

/** Negative if `a` comes before `b`. Nulls sort last in both directions. */
export function comparePositions<T>(order: Order<T>, a: Position, b: Position): number {
  for (let i = 0; i < a.length; i++) {
    const [x = null, y = null] = [a[i], b[i]];
    if (x === y) continue;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y === (order.keys[i]?.isDescending ?? order.isTieDescending ?? false) ? 1 : -1;
  }
  return 0;
}

/** @param place returns the position of a node; a caller may remember positions */
export function sortBy<T>(
  nodes: readonly T[],
  order: Order<T>,
  place = (node: T): Position => positionOf(order, node),
): Ordered<T> {
  const placed = nodes.map((node) => ({ node, position: place(node) }));
  placed.sort((a, b) => comparePositions(order, a.position, b.position));
  return { order, nodes: placed.map(({ node }) => node), positions: placed.map(({ position }) => position) };
}
