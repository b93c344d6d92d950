import { fail, notFound } from '../response.js';

export interface Envelope<T> {
  data: T[];
  page: number;
  pages: number;
  results: number;
}

/** Returns one page. Throws 400 for a page_size outside 25–500 or a page below 1, 404 for a page past the last. */
export function paginate<T>(rows: readonly T[], query: URLSearchParams): Envelope<T> {
  const page = numberOf(query, 'page', 1, 1, Number.MAX_SAFE_INTEGER);
  const size = numberOf(query, 'page_size', 100, 25, 500);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  if (page > pages) return notFound();
  return { data: rows.slice((page - 1) * size, page * size), page, pages, results: rows.length };
}

function numberOf(
  query: URLSearchParams,
  name: string,
  defaultValue: number,
  min: number,
  max: number,
): number {
  const text = query.get(name);
  if (text === null) return defaultValue;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    return fail(400, max < 1000 ? `Must be ${min}-${max}` : `Must be ${min} or more`, name);
  }
  return value;
}
