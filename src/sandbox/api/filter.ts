import { fail } from '../response.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Row = object;
type Test = (row: Row) => boolean;

/** The keys a collection can be filtered and ordered by. `sortable` defaults to `filterable`. */
export interface Filterable {
  filterable: readonly string[];
  sortable?: readonly string[];
  /** Keys that do not work inside `+or` or `+and`. */
  notInOr?: readonly string[];
  notInAnd?: readonly string[];
  /** Lists of objects, filtered by a field of their elements: `{ regions: { region: 'us-east' } }`. */
  elements?: Readonly<Record<string, string>>;
}

export interface ParsedFilter {
  /** Whether the filter has a condition, not only an order. */
  narrows: boolean;
  apply<T extends Row>(rows: readonly T[]): T[];
}

const OPERATORS = new Set(['+eq', '+neq', '+gt', '+gte', '+lt', '+lte', '+contains']);

/** Parses an X-Filter header. Throws 400 (field `X-Filter`) for keys and forms the collection does not allow. */
export function parseFilter(header: string | undefined, allowed: Filterable): ParsedFilter {
  if (header === undefined || header === '') return { narrows: false, apply: (rows) => [...rows] };
  const { '+order_by': orderBy, '+order': order, ...conditions } = objectOf(parseJson(header));
  const test = allOf(conditions, allowed);
  const compare = comparison(orderBy, order, allowed);
  return {
    narrows: Object.keys(conditions).length > 0,
    apply: (rows) => {
      const matching = rows.filter(test);
      return compare ? matching.sort(compare) : matching;
    },
  };
}

function parseJson(header: string): Json {
  try {
    return JSON.parse(header) as Json;
  } catch {
    return invalid('Cannot decode JSON');
  }
}

function objectOf(value: Json | undefined): { [key: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid('Filter must be an object');
  return value;
}

function allOf(conditions: { [key: string]: Json }, allowed: Filterable): Test {
  const tests = Object.entries(conditions).map(([key, value]) => condition(key, value, allowed));
  return (row) => tests.every((test) => test(row));
}

function condition(key: string, value: Json, allowed: Filterable): Test {
  if (key === '+and' || key === '+or') {
    if (!Array.isArray(value)) return invalid(`${key} must be an array`);
    const excluded = (key === '+and' ? allowed.notInAnd : allowed.notInOr) ?? [];
    const nested = { ...allowed, filterable: allowed.filterable.filter((each) => !excluded.includes(each)) };
    const tests = value.map((each) => allOf(objectOf(each), nested));
    return key === '+and'
      ? (row) => tests.every((test) => test(row))
      : (row) => tests.some((test) => test(row));
  }
  if (!allowed.filterable.includes(key)) return invalid(`Cannot filter on ${key}`);
  const field = allowed.elements?.[key];
  if (field !== undefined) return elementTest(reader(key), field, value);
  const read = reader(key);
  if (typeof value !== 'object' || value === null) return (row) => equals(read(row), value);
  if (Array.isArray(value)) return invalid(`Could not apply filter`);
  const tests = Object.entries(value).map(([operator, operand]) => operation(operator, operand));
  return (row) => tests.every((test) => test(read(row)));
}

function elementTest(read: (row: Row) => unknown, field: string, value: Json): Test {
  const { [field]: wanted, ...others } = objectOf(value);
  if (typeof wanted !== 'string' || Object.keys(others).length > 0) return invalid('Could not apply filter');
  const readField = reader(field);
  return (row) => {
    const elements = read(row);
    return Array.isArray(elements) && elements.some((each: object) => readField(each) === wanted);
  };
}

function operation(operator: string, operand: Json): (value: unknown) => boolean {
  if (!OPERATORS.has(operator)) return invalid(`Cannot filter on ${operator}`);
  if (typeof operand === 'object' && operand !== null) return invalid('Could not apply filter');
  switch (operator) {
    case '+eq':
      return (value) => equals(value, operand);
    case '+neq':
      return (value) => !equals(value, operand);
    case '+contains':
      return (value) => contains(value, String(operand).toLowerCase());
    case '+gt':
      return (value) => (order(value, operand) ?? 0) > 0;
    case '+gte':
      return (value) => (order(value, operand) ?? -1) >= 0;
    case '+lt':
      return (value) => (order(value, operand) ?? 0) < 0;
    default:
      return (value) => (order(value, operand) ?? 1) <= 0;
  }
}

/** A list, such as tags, equals each of its elements. */
function equals(value: unknown, operand: Json): boolean {
  if (Array.isArray(value)) return value.includes(operand);
  if (typeof value === 'string' && typeof operand === 'number') return value === String(operand);
  if (typeof value === 'number' && typeof operand === 'string') return String(value) === operand;
  return value === operand;
}

function contains(value: unknown, part: string): boolean {
  if (Array.isArray(value)) return value.some((each) => contains(each, part));
  return typeof value === 'string' && value.toLowerCase().includes(part);
}

function order(value: unknown, operand: Json): number | undefined {
  if (typeof value === 'number') {
    const number = Number(operand);
    return Number.isNaN(number) ? undefined : value - number;
  }
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
  const other = /^\d{4}-\d\d-\d\dT/.test(value) ? operand.replace(/(\.\d+)?Z?$/, '') : operand;
  return value < other ? -1 : value > other ? 1 : 0;
}

function comparison(orderBy: Json | undefined, direction: Json | undefined, allowed: Filterable) {
  if (orderBy === undefined) {
    if (direction !== undefined) return invalid('+order needs +order_by');
    return undefined;
  }
  if (typeof orderBy !== 'string' || !(allowed.sortable ?? allowed.filterable).includes(orderBy)) {
    return invalid(`Cannot order by ${String(orderBy)}`);
  }
  if (direction !== undefined && direction !== 'asc' && direction !== 'desc')
    return invalid('+order must be asc or desc');
  const read = reader(orderBy);
  const sign = direction === 'desc' ? -1 : 1;
  return (a: Row, b: Row) => sign * compareValues(read(a), read(b));
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a ?? '').toLowerCase(), String(b ?? '').toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Reads a key; `entity.id` reads the nested value. */
function reader(key: string): (row: Row) => unknown {
  const path = key.split('.');
  return (row) =>
    path.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      row,
    );
}

function invalid(reason: string): never {
  return fail(400, reason, 'X-Filter');
}
