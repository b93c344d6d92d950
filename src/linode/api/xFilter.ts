import { LinodeRefused } from '../errors.js';

/** What Linode shall sort out by itself. What a user wrote is a value in it, never a key. */
export interface XFilter {
  readonly [key: string]: string | number | XFilter | readonly XFilter[];
}

/** In bytes: what is longer may not pass all that stands between. */
const MAX_HEADER_BYTES = 6000;

/** The key has one of these values, of which there is at least one. */
export const oneOf = (key: string, values: readonly (string | number)[]): XFilter => {
  const [first = { [key]: '' }, ...rest] = values.map((value) => ({ [key]: value }));
  return rest.length === 0 ? first : { '+or': [first, ...rest] };
};

/** All hold; undefined where there is none. */
export const allOf = (filters: readonly XFilter[]): XFilter | undefined =>
  filters.length > 1 ? { '+and': filters } : filters[0];

/** The header's value, in ASCII; undefined when it would be too long. */
export function encodeXFilter(filter: XFilter): string | undefined {
  const header = JSON.stringify(filter).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return header.length <= MAX_HEADER_BYTES ? header : undefined;
}

/** What it filters by: its keys and operators, each once, without any value. */
export function keysIn(filter: XFilter): Set<string> {
  const keys = new Set(Object.keys(filter));
  const inner = Object.values(filter)
    .flat()
    .filter((value) => typeof value === 'object');
  for (const each of inner) for (const key of keysIn(each)) keys.add(key);
  return keys;
}

/** Whether the filter was at fault, not the request for the list as such. */
export const isFilterRefused = (error: unknown): boolean =>
  error instanceof LinodeRefused &&
  error.status === 400 &&
  error.reasons.some(({ field }) => field === 'X-Filter');
