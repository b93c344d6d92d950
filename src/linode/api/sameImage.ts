import type { LinodeImage } from './images.js';

/** Whether all that is known of `a` is the same of `b`, whatever else `b` may hold. */
export function sameImage(a: LinodeImage, b: LinodeImage): boolean {
  return a === b || sameValues(a, b);
}

function sameValues<T extends object>(a: T, b: T): boolean {
  for (const key in a) if (a[key] !== b[key] && !sameList(a[key], b[key])) return false;
  return true;
}

const sameList = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => one === b[i]);
