import type DataLoader from 'dataloader';
import { getLinode, getLinodes, type LinodeLinode } from '../linode/api/linodes.js';
import { unreadableOfImage, type LinodeList } from '../linode/api/page.js';
import { oneOf, type XFilter } from '../linode/api/xFilter.js';
import type { Requests } from './requests.js';
import { createBatchLoader, listInOrder } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Linodes of one operation. */
export interface LinodeLoaders {
  /** One Linode by its number, null if there is none. One call fetches several. */
  one: DataLoader<string, LinodeLinode | null>;
  /** The Linodes deployed from an image, by its ID. One call fetches those of several images. */
  ofImage: DataLoader<string, LinodeList<LinodeLinode>>;
  /** All Linodes that the caller sees, or with a filter at least those that match it. */
  all(filter?: XFilter): Promise<LinodeList<LinodeLinode>>;
}

const PATH = '/linode/instances';

export function createLinodeLoaders(requests: Requests): LinodeLoaders {
  const lists = new Map<string, Promise<LinodeList<LinodeLinode>>>();

  const list = (xFilter: string): Promise<LinodeList<LinodeLinode>> => {
    let found = lists.get(xFilter);
    if (!found) lists.set(xFilter, (found = fetch(xFilter === '' ? undefined : xFilter)));
    return found;
  };
  const all = (): Promise<LinodeList<LinodeLinode>> => list('');
  const fetch = async (xFilter: string | undefined): Promise<LinodeList<LinodeLinode>> => {
    const found = await requests.list('linodes', (client, terms) => getLinodes(client, xFilter, terms));
    for (const each of found.rows) linode.prime(String(each.id), each);
    return found;
  };
  /** A list of all Linodes that is already in flight is used instead. */
  const narrowed = (filter: XFilter): Promise<LinodeList<LinodeLinode>> =>
    lists.get('') ?? requests.narrowed('linodes', filter, list, all);

  const linode = createBatchLoader<LinodeLinode | null>(async (ids) => {
    const [only, ...others] = ids;
    if (only !== undefined && others.length === 0 && !lists.has('')) {
      return [await nullIfMissing(requests.one((client, terms) => getLinode(client, Number(only), terms)))];
    }
    const found = await narrowed(oneOf('id', ids.map(Number)));
    return listInOrder(ids, found, ({ id }) => String(id), PATH);
  });

  const linodesOfImage = createBatchLoader<LinodeList<LinodeLinode>>(async (imageIds) => {
    const { rows, unreadable } = await narrowed(oneOf('image', imageIds));
    return imageIds.map((id) => ({
      rows: rows.filter(({ image }) => image === id),
      unreadable: unreadableOfImage(unreadable, id),
    }));
  });

  return {
    one: linode,
    ofImage: linodesOfImage,
    all: (filter) => (filter ? narrowed(filter) : all()),
  };
}
