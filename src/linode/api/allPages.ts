import { LinodeInvalidResponse, LinodeRefused } from '../errors.js';
import { unreadableOf, type LinodeList, type LinodePage } from './page.js';

/** More pages of 500 than any list that this gateway reads has. */
const MAX_PAGES = 200;

/**
 * Reads all rows of a list, each once: the first page, then the others in parallel.
 * @param keyOf identifies a row: one that moves between two pages is on both
 */
export async function readAllPages<T>(
  readPage: (page: number) => Promise<LinodePage<T>>,
  keyOf: (row: T) => string | number,
): Promise<LinodeList<T>> {
  const first = await readPage(1);
  if (first.pages > MAX_PAGES) {
    throw new LinodeInvalidResponse(`Linode's list has ${first.pages} pages`, {
      method: 'GET',
      path: '/',
      status: 200,
    });
  }
  const numbers = Array.from({ length: Math.max(0, first.pages - 1) }, (_, i) => i + 2);
  const rest = await Promise.all(numbers.map((page) => readPage(page).catch(emptyIfGone<T>)));
  const pages = [first, ...rest];
  const rows = new Map<string | number, T>();
  for (const { data } of pages) for (const row of data) rows.set(keyOf(row), row);
  return { rows: [...rows.values()], unreadable: unreadableOf(pages) };
}

/** A page that no longer exists because rows were deleted meanwhile. */
function emptyIfGone<T>(error: unknown): LinodePage<T> {
  if (!(error instanceof LinodeRefused) || error.status !== 404) throw error;
  return { data: [], unreadable: [], page: 0, pages: 0, results: 0 };
}
