import { LinodeInvalidResponse, LinodeRefused } from '../errors.js';
import type { LinodePage } from './page.js';

/** No collection that this API lists has so many pages of 500. */
const MAX_PAGES = 200;

/**
 * All rows of a list, each once: the first page, then the rest in parallel.
 * @param keyOf tells rows apart: one that moved between two pages is on both
 */
export async function readAllPages<T>(
  readPage: (page: number) => Promise<LinodePage<T>>,
  keyOf: (row: T) => string | number,
): Promise<T[]> {
  const first = await readPage(1);
  if (first.pages > MAX_PAGES) {
    throw new LinodeInvalidResponse(`Linode's answer promises ${first.pages} pages`, {
      method: 'GET',
      path: '/',
      status: 200,
    });
  }
  const numbers = Array.from({ length: Math.max(0, first.pages - 1) }, (_, i) => i + 2);
  const rest = await Promise.all(numbers.map((page) => readPage(page).catch(emptyIfGone<T>)));
  const rows = new Map<string | number, T>();
  for (const { data } of [first, ...rest]) for (const row of data) rows.set(keyOf(row), row);
  return [...rows.values()];
}

/** A page that shrank away meanwhile. */
function emptyIfGone<T>(error: unknown): LinodePage<T> {
  if (!(error instanceof LinodeRefused) || error.status !== 404) throw error;
  return { data: [], page: 0, pages: 0, results: 0 };
}
