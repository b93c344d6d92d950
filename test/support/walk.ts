import type { ImageFilter, ImageOrder } from '../../src/generated/schema.js';
import { compileImageFilter } from '../../src/graphql/connections/imageFilter.js';
import type { ImageModel } from '../../src/graphql/models/image.js';
import { imageOrderOf } from '../../src/graphql/connections/imageOrder.js';
import { sortBy } from '../../src/graphql/connections/order.js';
import {
  paginate,
  windowOf,
  type Connection,
  type PageArgs,
} from '../../src/graphql/connections/connection.js';

export interface PageQuery extends PageArgs {
  filter?: ImageFilter | null;
  orderBy?: readonly ImageOrder[] | null;
}

/** One page of these images, as the `images` field cuts it. */
export function pageOf(images: readonly ImageModel[], query: PageQuery): Connection<ImageModel> {
  const order = imageOrderOf(query.orderBy);
  const window = windowOf(order, query);
  const matching = query.filter ? images.filter(compileImageFilter(query.filter).matches) : images;
  return paginate(sortBy(matching, order), window);
}

export const idsOf = (images: readonly ImageModel[]): string[] => images.map(({ id }) => id);

/** More pages than any walk of these tests has: a cursor that never advances must fail a test, not hang it. */
const MAX_PAGES = 200;

type Ask = (page: PageArgs) => Connection<ImageModel>;

/** The ids of all pages from the first on, each page's kept apart. */
export function walkForwards(ask: Ask, first: number): string[][] {
  const pages: string[][] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = ask({ first, after });
    pages.push(idsOf(nodes));
    if (pages.length > MAX_PAGES) throw new Error('The walk never ends');
    if (!pageInfo.hasNextPage) return pages;
    after = pageInfo.endCursor;
  }
}

/** The same from the last page back to the first; the first page comes first in the result. */
export function walkBackwards(ask: Ask, last: number): string[][] {
  const pages: string[][] = [];
  let before: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = ask({ last, before });
    pages.unshift(idsOf(nodes));
    if (pages.length > MAX_PAGES) throw new Error('The walk never ends');
    if (!pageInfo.hasPreviousPage) return pages;
    before = pageInfo.startCursor;
  }
}
