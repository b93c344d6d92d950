import { GraphQLError } from 'graphql';
import type { Turns } from './turns.js';

/** Units of work: one comparison of a filter, about 10 ns once the code is compiled. */
export const WORK = {
  /** Of all filters and orders of an operation: 0.2 s. */
  maxPerOperation: 20_000_000,
  /** Of all conditions on one row, which are evaluated in one go: 10 ms. */
  maxPerRow: 1_000_000,
  /** In one turn of the event loop, of all operations: 2.5 ms, ten times as long while the code is cold. */
  maxPerTurn: 250_000,
  /** Characters that `contains` searches or folds, at worst, in the time of one comparison. */
  charactersPerUnit: 2,
  /** To compile one condition. */
  perCondition: 200,
  /** To look up one ID. */
  perLookup: 500,
  /** To resolve some fields of one node. */
  perNode: 3000,
  /** To translate and sort one row. */
  perSortedRow: 100,
} as const;

/** The CPU work of one operation on whole collections. */
export class CollectionWork {
  #units = 0;

  constructor(private readonly turns: Turns) {}

  /**
   * Accounts for work before it is done.
   * @throws {GraphQLError} BAD_USER_INPUT if the operation's filters need more than it may spend
   */
  reserve(units: number): void {
    this.#units += units;
    if (this.#units > WORK.maxPerOperation) {
      throw tooExpensive('comparisons of an operation', this.#units, WORK.maxPerOperation);
    }
  }

  /** Undefined if reserved work can be done in this turn; otherwise resolves in the turn in which it can. */
  turnFor(units: number): Promise<void> | undefined {
    return this.turns.take(units);
  }
}

/** @throws {GraphQLError} BAD_USER_INPUT if a row needs more than one turn of the event loop */
export function checkRowWork(units: number): void {
  if (units > WORK.maxPerRow) throw tooExpensive('comparisons of a row', units, WORK.maxPerRow);
}

const tooExpensive = (limit: string, found: number, maximum: number): GraphQLError =>
  new GraphQLError(
    `The limit of ${limit} is ${maximum}; this filter needs ${Math.ceil(found)}. Use fewer conditions.`,
    { extensions: { code: 'BAD_USER_INPUT', argument: 'filter', limit, maximum, found: Math.ceil(found) } },
  );
