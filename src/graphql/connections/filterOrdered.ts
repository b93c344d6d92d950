import { checkRowWork, WORK, type CollectionWork } from '../work/collectionWork.js';
import type { Predicate } from './filter.js';
import type { Ordered, Position } from './order.js';

/** A filter as a predicate, and the work of evaluating it. */
export interface CompiledFilter<T> {
  matches: Predicate<T>;
  work: { workFor(row: T): number };
}

/** Rows that are evaluated in one turn of the event loop. */
interface Chunk {
  end: number;
  units: number;
}

/**
 * The nodes that match, in the same order; the same object if all match. It yields to the event loop as needed.
 * @throws {GraphQLError} BAD_USER_INPUT if the filter is too expensive for these nodes
 */
export async function filterOrdered<T>(
  ordered: Ordered<T>,
  filter: CompiledFilter<T>,
  work: CollectionWork,
): Promise<Ordered<T>> {
  const { order } = ordered;
  const nodes: T[] = [];
  const positions: Position[] = [];
  let start = 0;
  for (const { end, units } of chunksOf(ordered.nodes, filter, work)) {
    const turn = work.turnFor(units);
    if (turn) await turn;
    for (let i = start; i < end; i++) {
      const node = ordered.nodes[i] as T;
      if (!filter.matches(node)) continue;
      nodes.push(node);
      positions.push(ordered.positions[i] as Position);
    }
    start = end;
  }
  return nodes.length === ordered.nodes.length ? ordered : { order, nodes, positions };
}

function chunksOf<T>(nodes: readonly T[], filter: CompiledFilter<T>, work: CollectionWork): Chunk[] {
  const chunks: Chunk[] = [];
  let units = 0;
  let total = 0;
  for (const [i, node] of nodes.entries()) {
    const rowUnits = filter.work.workFor(node);
    checkRowWork(rowUnits);
    total += rowUnits;
    if (units > 0 && units + rowUnits > WORK.maxPerTurn) {
      chunks.push({ end: i, units });
      units = 0;
    }
    units += rowUnits;
  }
  work.reserve(total);
  chunks.push({ end: nodes.length, units });
  return chunks;
}
