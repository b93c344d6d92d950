import { LinodeRefused } from '../errors.js';

/** An `X-Filter`, by which Linode filters a list. What a user wrote is a value in it, never a key. */
export interface XFilter {
  readonly [key: string]: string | number | XFilter | readonly XFilter[];
}

/** Proxies in between may refuse a longer header. */
const MAX_HEADER_BYTES = 6000;

/** The key has one of these values, of which there is at least one. */
export const oneOf = (key: string, values: readonly (string | number)[]): XFilter => {
  const [first = { [key]: '' }, ...rest] = values.map((value) => ({ [key]: value }));
  return rest.length === 0 ? first : { '+or': [first, ...rest] };
};

/** All of these hold; undefined if there are none. */
export const allOf = (filters: readonly XFilter[]): XFilter | undefined =>
  filters.length > 1 ? { '+and': filters } : filters[0];

/** The header's value, in ASCII; undefined if it would be too long. */
export function encodeXFilter(filter: XFilter): string | undefined {
  const header = JSON.stringify(filter).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return header.length <= MAX_HEADER_BYTES ? header : undefined;
}

/** The keys and operators of a filter, without its values. */
export function keysIn(filter: XFilter): Set<string> {
  const keys = new Set(Object.keys(filter));
  const inner = Object.values(filter)
    .flat()
    .filter((value) => typeof value === 'object');
  for (const each of inner) for (const key of keysIn(each)) keys.add(key);
  return keys;
}

/** Whether Linode refused the filter, and not the list as such. */
export const isFilterRefused = (error: unknown): boolean =>
  error instanceof LinodeRefused &&
  error.status === 400 &&
  error.reasons.some(({ field }) => field === 'X-Filter');
