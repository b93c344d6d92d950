import type { ImageOrder, ImageOrderField } from '../../generated/schema.js';
import type { ImageModel } from '../models/image.js';
import type { Order, SortKey, SortValue } from './order.js';

const text = (value: string | null): SortValue => value?.toLowerCase() ?? null;

const time = (value: string | null): SortValue => (value === null ? null : Date.parse(value));

/** Sorts `private/9` before `private/10`, also with numbers beyond 2^53. */
const byNumber = (id: string): string =>
  id.replace(
    /^(private|shared)\/(\d+)$/,
    (_, kind: string, number: string) => `${kind}/${number.padStart(20, '0')}`,
  );

const VALUES: Record<ImageOrderField, Pick<SortKey<ImageModel>, 'type' | 'value'>> = {
  LABEL: { type: 'string', value: (image) => text(image.label) },
  CREATED: { type: 'number', value: (image) => time(image.created) },
  UPDATED: { type: 'number', value: (image) => time(image.updated) },
  SIZE: { type: 'number', value: (image) => image.size },
  TOTAL_SIZE: { type: 'number', value: (image) => image.totalSize },
  REGION_COUNT: { type: 'number', value: (image) => image.regions?.length ?? null },
  VENDOR: { type: 'string', value: (image) => text(image.vendor) },
  STATUS: { type: 'string', value: (image) => image.status },
  ID: { type: 'string', value: (image) => byNumber(image.id) },
};

const tie = (image: ImageModel): string => byNumber(image.id);

/** The order of Linode's lists: private by number, shared by number, then public by label, deprecated last. */
const LINODE_ORDER: Order<ImageModel> = {
  signature: '',
  keys: [
    { type: 'number', value: rank, isDescending: false },
    { type: 'string', value: (image) => (image.isPublic ? text(image.label) : ''), isDescending: false },
  ],
  tie,
};

function rank({ id, isPublic, deprecated }: ImageModel): number {
  if (!isPublic) return id.startsWith('private/') ? 0 : 1;
  return deprecated ? 3 : 2;
}

/** The order that a query selects; by default that of Linode's lists. */
export function imageOrderOf(orderBy: readonly ImageOrder[] | null | undefined): Order<ImageModel> {
  if (!orderBy?.length) return LINODE_ORDER;
  // A repeated field has no effect.
  const distinct = orderBy.filter((key, i) => orderBy.findIndex(({ field }) => field === key.field) === i);
  return {
    signature: distinct.map(({ field, direction }) => (direction === 'DESC' ? `-${field}` : field)).join(),
    keys: distinct.map(({ field, direction }) => ({
      ...VALUES[field],
      isDescending: direction === 'DESC',
    })),
    tie,
    // Of images that were created in the same second, the one with the higher number is newer.
    isTieDescending: distinct.some(({ field, direction }) => field === 'CREATED' && direction === 'DESC'),
  };
}
