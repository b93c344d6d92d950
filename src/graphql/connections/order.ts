/** What one key of an order compares. Text that shall compare without case is lower-cased already. */
export type SortValue = string | number | null;

export interface SortKey<T> {
  /** What its values are where they are not null. */
  type: 'string' | 'number';
  value: (node: T) => SortValue;
  isDescending: boolean;
}

/** A total order: by its keys, then by `tie`, which no two nodes share. */
export interface Order<T> {
  /** Names the order in a cursor: equal orders have equal signatures. */
  signature: string;
  keys: readonly SortKey<T>[];
  tie: (node: T) => string;
}

/** A node's place in an order: its sort values, its tie last. */
export type Position = readonly SortValue[];

/** Nodes in order, each beside its position. */
export interface Ordered<T> {
  order: Order<T>;
  nodes: readonly T[];
  positions: readonly Position[];
}

export const positionOf = <T>(order: Order<T>, node: T): Position => [
  ...order.keys.map(({ value }) => value(node)),
  order.tie(node),
];

/** Negative when `a` comes before `b`. Nulls come last in either direction, ties always ascend. */
export function comparePositions<T>(order: Order<T>, a: Position, b: Position): number {
  for (let i = 0; i < a.length; i++) {
    const [x = null, y = null] = [a[i], b[i]];
    if (x === y) continue;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y === (order.keys[i]?.isDescending ?? false) ? 1 : -1;
  }
  return 0;
}

/** @param place finds a node's position, where it is known already */
export function sortBy<T>(
  nodes: readonly T[],
  order: Order<T>,
  place = (node: T): Position => positionOf(order, node),
): Ordered<T> {
  const placed = nodes.map((node) => ({ node, position: place(node) }));
  placed.sort((a, b) => comparePositions(order, a.position, b.position));
  return { order, nodes: placed.map(({ node }) => node), positions: placed.map(({ position }) => position) };
}

/** Those that match, in the same order; the very same where all do. */
export function filterOrdered<T>(ordered: Ordered<T>, matches: (node: T) => boolean): Ordered<T> {
  const { order } = ordered;
  const firstOut = ordered.nodes.findIndex((node) => !matches(node));
  if (firstOut === -1) return ordered;
  const nodes = ordered.nodes.slice(0, firstOut);
  const positions = ordered.positions.slice(0, firstOut);
  for (let i = firstOut + 1; i < ordered.nodes.length; i++) {
    const node = ordered.nodes[i] as T;
    if (!matches(node)) continue;
    nodes.push(node);
    positions.push(ordered.positions[i] as Position);
  }
  return { order, nodes, positions };
}
