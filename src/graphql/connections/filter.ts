import type { DateTimeFilter, InputMaybe, IntFilter, StringFilter } from '../../generated/schema.js';

export type Predicate<T> = (value: T) => boolean;

type Given<F> = InputMaybe<F> | undefined;

/** Matches if all match; without any, everything matches. */
export function every<T>(predicates: readonly (Predicate<T> | undefined)[]): Predicate<T> {
  const given = predicates.filter((predicate) => predicate !== undefined);
  const [only, ...others] = given;
  if (only && others.length === 0) return only;
  return (value) => given.every((predicate) => predicate(value));
}

/** `neq` matches null, the others do not; only `contains` is case-insensitive. */
export function matchesString(filter: Given<StringFilter>): Predicate<string | null> | undefined {
  if (filter == null) return undefined;
  const { eq, neq, in: among, contains, isNull } = filter;
  const needle = contains?.toLowerCase();
  return every<string | null>([
    eq == null ? undefined : (value) => value === eq,
    neq == null ? undefined : (value) => value !== neq,
    among == null ? undefined : (value) => value !== null && among.includes(value),
    needle === undefined ? undefined : (value) => value?.toLowerCase().includes(needle) ?? false,
    matchesNull(isNull),
  ]);
}

export function matchesInt(filter: Given<IntFilter>): Predicate<number> | undefined {
  if (filter == null) return undefined;
  const { eq, neq } = filter;
  return every<number>([
    eq == null ? undefined : (value) => value === eq,
    neq == null ? undefined : (value) => value !== neq,
    matchesRange(filter, (bound) => bound),
  ]);
}

export function matchesDateTime(filter: Given<DateTimeFilter>): Predicate<string | null> | undefined {
  if (filter == null) return undefined;
  const inRange = matchesRange(filter, Date.parse);
  return every<string | null>([
    inRange && ((value) => value !== null && inRange(Date.parse(value))),
    matchesNull(filter.isNull),
  ]);
}

/** Matches the given values; an empty list matches nothing. */
export function isOneOf<T>(given: Given<readonly T[]>): Predicate<T> | undefined {
  if (given == null) return undefined;
  const set = new Set(given);
  return (value) => set.has(value);
}

export const equals = <T>(given: Given<T>): Predicate<T> | undefined =>
  given == null ? undefined : (value) => value === given;

function matchesRange<B>(
  bounds: { gt?: Given<B>; gte?: Given<B>; lt?: Given<B>; lte?: Given<B> },
  toNumber: (bound: B) => number,
): Predicate<number> | undefined {
  const [gt, gte, lt, lte] = [bounds.gt, bounds.gte, bounds.lt, bounds.lte].map((bound) =>
    bound == null ? undefined : toNumber(bound),
  );
  if ([gt, gte, lt, lte].every((bound) => bound === undefined)) return undefined;
  return (value) =>
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte);
}

const matchesNull = (isNull: Given<boolean>): Predicate<string | null> | undefined =>
  isNull == null ? undefined : (value) => (value === null) === isNull;

/** Combines `and`, `or` and `not` of a filter with its other conditions. */
export function combine<F extends { and?: Given<F[]>; or?: Given<F[]>; not?: Given<F> }, T>(
  filter: F,
  compile: (filter: F) => Predicate<T>,
  own: readonly (Predicate<T> | undefined)[],
): Predicate<T> {
  const and = filter.and?.map(compile);
  const or = filter.or?.map(compile);
  const not = filter.not == null ? undefined : compile(filter.not);
  return every([
    ...own,
    and && every(and),
    or && ((value) => or.some((predicate) => predicate(value))),
    not && ((value) => !not(value)),
  ]);
}

/** A predicate on one field. */
export const on = <T, V>(
  field: (node: T) => V,
  predicate: Predicate<V> | undefined,
): Predicate<T> | undefined => predicate && ((node) => predicate(field(node)));
