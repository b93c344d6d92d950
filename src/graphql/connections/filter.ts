import type { DateTimeFilter, InputMaybe, IntFilter, StringFilter } from '../../generated/schema.js';
import { WORK } from '../work/collectionWork.js';
import { searchFor } from './textSearch.js';

export type Predicate<T> = (value: T) => boolean;

type Given<F> = InputMaybe<F> | undefined;

/** What a filter demands of one value. */
export interface Condition<V> {
  matches: Predicate<V>;
  /** The number of comparisons with each value, without searches. */
  comparisons: number;
  /** How often each value's text is searched. */
  searches: number;
}

/** Text, folded to lower case once if needed. */
export class Text {
  #folded: string | undefined;

  constructor(readonly value: string) {}

  get folded(): string {
    return (this.#folded ??= this.value.toLowerCase());
  }
}

/** A value of a row for several conditions, computed once while they are evaluated on that row. */
export function fieldOf<T, V>(compute: (row: T) => V): (row: T) => V {
  let current: T | undefined;
  let value: V | undefined;
  return (row) => {
    if (current !== row) {
      value = compute(row);
      current = row;
    }
    return value as V;
  };
}

/** Matches if all match; without any, everything matches. */
export function every<T>(predicates: readonly (Predicate<T> | undefined)[]): Predicate<T> {
  const given = predicates.filter((predicate) => predicate !== undefined);
  const [only, ...others] = given;
  if (only && others.length === 0) return only;
  return (value) => given.every((predicate) => predicate(value));
}

/** Matches if all conditions on the same value match; undefined without any. */
function all<V>(conditions: readonly (Condition<V> | undefined)[]): Condition<V> | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  if (given.length === 0) return undefined;
  return {
    matches: every(given.map(({ matches }) => matches)),
    comparisons: given.reduce((sum, { comparisons }) => sum + comparisons, 0),
    searches: given.reduce((sum, { searches }) => sum + searches, 0),
  };
}

const comparison = <V>(matches: Predicate<V>): Condition<V> => ({ matches, comparisons: 1, searches: 0 });

/** Matches everything. */
export const ANY: Condition<unknown> = { matches: () => true, comparisons: 1, searches: 0 };

/** `neq` matches null, the others do not; only `contains` is case-insensitive. */
export function matchesString(filter: Given<StringFilter>): Condition<Text | null> | undefined {
  if (filter == null) return undefined;
  const { eq, neq, in: among, contains, isNull } = filter;
  const values = among == null ? undefined : new Set(among);
  const isFound = contains == null ? undefined : searchFor(contains.toLowerCase());
  return all<Text | null>([
    eq == null ? undefined : comparison((text) => text?.value === eq),
    neq == null ? undefined : comparison((text) => text?.value !== neq),
    values && comparison((text) => text !== null && values.has(text.value)),
    isFound && {
      matches: (text) => text !== null && isFound(text.folded),
      comparisons: 1,
      searches: 1,
    },
    matchesNull(isNull),
  ]);
}

export function matchesInt(filter: Given<IntFilter>): Condition<number | null> | undefined {
  if (filter == null) return undefined;
  const { eq, neq } = filter;
  return all<number | null>([
    eq == null ? undefined : comparison((value) => value === eq),
    neq == null ? undefined : comparison((value) => value !== neq),
    matchesRange(filter, (bound) => bound),
  ]);
}

/** A condition on milliseconds since the epoch. */
export function matchesDateTime(filter: Given<DateTimeFilter>): Condition<number | null> | undefined {
  return filter == null
    ? undefined
    : all<number | null>([matchesRange(filter, Date.parse), matchesNull(filter.isNull)]);
}

/** Matches the given values; an empty list matches nothing. */
export function isOneOf<T>(given: Given<readonly T[]>): Condition<T> | undefined {
  if (given == null) return undefined;
  const set = new Set(given);
  return comparison((value) => set.has(value));
}

export const equals = <T>(given: Given<T>): Condition<T> | undefined =>
  given == null ? undefined : comparison((value) => value === given);

/** Matches lists with the given item. */
export const includes = <T>(given: Given<T>): Condition<readonly T[]> | undefined =>
  given == null ? undefined : comparison((values) => values.includes(given));

function matchesRange<B>(
  bounds: { gt?: Given<B>; gte?: Given<B>; lt?: Given<B>; lte?: Given<B> },
  toNumber: (bound: B) => number,
): Condition<number | null> | undefined {
  const [gt, gte, lt, lte] = [bounds.gt, bounds.gte, bounds.lt, bounds.lte].map((bound) =>
    bound == null ? undefined : toNumber(bound),
  );
  if ([gt, gte, lt, lte].every((bound) => bound === undefined)) return undefined;
  return comparison(
    (value) =>
      value !== null &&
      (gt === undefined || value > gt) &&
      (gte === undefined || value >= gte) &&
      (lt === undefined || value < lt) &&
      (lte === undefined || value <= lte),
  );
}

const matchesNull = <V>(isNull: Given<boolean>): Condition<V | null> | undefined =>
  isNull == null ? undefined : comparison((value) => (value === null) === isNull);

/** Compiles the conditions of one filter, nested ones included, and knows the work of evaluating them. */
export class ConditionSet<T> {
  #comparisons = 0;
  /** How often each item of a list is compared, by a function for the number of items. */
  readonly #itemComparisons = new Map<(row: T) => number, number>();
  /** How often the text of a field is searched, by a function for its length. */
  readonly #searches = new Map<(row: T) => number, number>();

  /** A predicate on one field; counts its work. @param length the characters that a search of it covers */
  on<V>(
    field: (row: T) => V,
    condition: Condition<V> | undefined,
    length?: (row: T) => number,
  ): Predicate<T> | undefined {
    if (!condition) return undefined;
    this.#comparisons += condition.comparisons;
    if (length) add(this.#searches, length, condition.searches);
    return (row) => condition.matches(field(row));
  }

  /** A predicate that one item of a list matches. @param count the number of items */
  onAny<V>(
    field: (row: T) => readonly V[],
    condition: Condition<V> | undefined,
    count: (row: T) => number,
    length?: (row: T) => number,
  ): Predicate<T> | undefined {
    if (!condition) return undefined;
    this.#comparisons++;
    add(this.#itemComparisons, count, condition.comparisons);
    if (length) add(this.#searches, length, condition.searches);
    return (row) => field(row).some(condition.matches);
  }

  and(predicates: readonly Predicate<T>[] | undefined): Predicate<T> | undefined {
    if (!predicates) return undefined;
    this.#comparisons++;
    return every(predicates);
  }

  or(predicates: readonly Predicate<T>[] | undefined): Predicate<T> | undefined {
    if (!predicates) return undefined;
    this.#comparisons++;
    return (row) => predicates.some((predicate) => predicate(row));
  }

  not(predicate: Predicate<T> | undefined): Predicate<T> | undefined {
    if (!predicate) return undefined;
    this.#comparisons++;
    return (row) => !predicate(row);
  }

  /** The work of evaluating it on a row: every comparison, and every search plus one folding of each text. */
  workFor(row: T): number {
    let units = this.#comparisons;
    for (const [count, comparisons] of this.#itemComparisons) units += count(row) * comparisons;
    for (const [length, searches] of this.#searches) {
      units += (length(row) / WORK.charactersPerUnit) * (searches + 1);
    }
    return units;
  }
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
}
