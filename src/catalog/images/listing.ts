import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import { LinodeInvalidResponse, LinodeRateLimited, LinodeRefused } from '../../linode/errors.js';
import { getImages, type KnownImages, type LinodeImage } from '../../linode/api/images.js';
import type { Reservation } from '../../linode/client/rateBudget.js';
import { ParsedBodyCache } from '../../linode/client/parsedBodyCache.js';
import { unreadableOf, type LinodePage } from '../../linode/api/page.js';
import type { UnreadableRow } from '../../linode/shapes.js';

/** More pages of 500 than any account has. */
const MAX_PAGES = 200;

/** The pages of the last listing, as parsed. */
export class ParsedPages {
  readonly #pages = new Map<number, ParsedBodyCache<LinodePage<LinodeImage>>>();

  of(number: number): ParsedBodyCache<LinodePage<LinodeImage>> {
    let page = this.#pages.get(number);
    if (!page) this.#pages.set(number, (page = new ParsedBodyCache()));
    return page;
  }

  /** Removes the pages after the last. */
  trim(pages: number): void {
    for (const number of this.#pages.keys()) if (number > pages) this.#pages.delete(number);
  }
}

export interface Listing {
  images: LinodeImage[];
  /** Rows that are missing in `images`, indexed over all pages. */
  unreadable: readonly UnreadableRow[];
  /** List calls that one list takes. */
  pages: number;
}

/**
 * Lists all images: the first page, then the others in parallel. Pages are numbered and shift when images are added
 * or removed; if they contradict each other, it lists once more.
 * @param pages of the last list: so many calls must be within the budget before any is made
 * @throws {LinodeRateLimited} when the budget does not allow the calls
 */
export async function listImages(
  linode: LinodeClient,
  pages: number,
  terms: CallTerms,
  known: KnownImages,
  parsed: ParsedPages,
): Promise<Listing> {
  const listing = await listOnce(linode, Math.max(1, pages), terms, known, parsed);
  const { rateBudget } = linode;
  const isLast = rateBudget.waitMs('list', listing.pages, terms.priority) > 0;
  return listing.isConsistent || isLast ? listing : listOnce(linode, listing.pages, terms, known, parsed);
}

async function reserve(linode: LinodeClient, calls: number, { priority }: CallTerms): Promise<Reservation> {
  const reservation = await linode.rateBudget.reserveInAll('list', calls, priority);
  const { waitMs } = reservation;
  if (waitMs === 0) return reservation;
  throw new LinodeRateLimited('List call budget exhausted', {
    method: 'GET',
    path: '/images',
    sent: false,
    retryAfterMs: waitMs,
  });
}

async function listOnce(
  linode: LinodeClient,
  expectedPages: number,
  terms: CallTerms,
  known: KnownImages,
  parsed: ParsedPages,
): Promise<Listing & { isConsistent: boolean }> {
  const reservation = await reserve(linode, expectedPages, terms);
  const first = await page(linode, 1, terms, known, parsed, reservation).catch((error: unknown) => {
    reservation.release(expectedPages - 1);
    throw error;
  });
  if (first.pages > MAX_PAGES) {
    const facts = { method: 'GET', path: '/images', status: 200 };
    throw new LinodeInvalidResponse(`Linode's list has ${first.pages} pages`, facts);
  }
  const excess = first.pages - expectedPages;
  const more = excess > 0 ? await reserve(linode, excess, terms) : reservation;
  if (excess < 0) reservation.release(expectedPages - Math.max(1, first.pages));
  const numbers = Array.from({ length: Math.max(0, first.pages - 1) }, (_, i) => i + 2);
  const rest = await Promise.all(
    numbers.map((number) =>
      page(linode, number, terms, known, parsed, number > expectedPages ? more : reservation),
    ),
  );

  const pages = [first, ...rest];
  const images = new Map<string, LinodeImage>();
  for (const { data } of pages) for (const image of data) images.set(image.id, image);
  const unreadable = unreadableOf(pages);
  // One page cannot contradict itself, and Linode's count may exceed the rows that it sends.
  const isConsistent =
    rest.length === 0 ||
    (images.size + unreadable.length === first.results &&
      rest.every(({ results }) => results === first.results));
  return { images: [...images.values()], unreadable, pages: Math.max(1, first.pages), isConsistent };
}

/** A page that no longer exists is empty; any other refusal of a list is an invalid response. */
async function page(
  linode: LinodeClient,
  number: number,
  terms: CallTerms,
  known: KnownImages,
  parsed: ParsedPages,
  reservation: Reservation,
): Promise<LinodePage<LinodeImage>> {
  try {
    return await getImages(linode, number, terms, known, reservation, parsed.of(number));
  } catch (error) {
    if (!(error instanceof LinodeRefused)) throw error;
    if (error.status === 404 && number > 1)
      return { data: [], unreadable: [], page: number, pages: 0, results: -1 };
    const { method, path, status = 400, reasons } = error;
    throw new LinodeInvalidResponse(error.message, { method, path, status, reasons, cause: error });
  }
}
