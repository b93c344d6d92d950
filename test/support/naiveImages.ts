import * as fc from 'fast-check';
import type {
  DateTimeFilter,
  ImageFilter,
  ImageOrder,
  IntFilter,
  StringFilter,
} from '../../src/generated/schema.js';
import type { ImageModel } from '../../src/graphql/models/image.js';

const LABELS = [
  'web',
  'WEB',
  'Web',
  'db',
  'Db 10',
  'db 9',
  '',
  'élan',
  'ÉLAN',
  'a.b',
  'a_b',
  'a%b',
  '[x]*',
  ' ',
];
const VENDORS = [null, 'Debian', 'debian', 'Arch', 'openSUSE', 'Ubuntu'];
const TIMES = [
  '2023-12-31T23:59:59Z',
  '2024-05-01T00:00:00Z',
  '2024-05-01T00:00:00.250Z',
  '2024-05-20T12:00:00Z',
];
const SLUGS = ['us-east', 'us-ord', 'eu-west', 'jp-osa'];
const REGION_STATUSES = ['AVAILABLE', 'PENDING_REPLICATION', 'REPLICATING', 'UNKNOWN'] as const;
const TAGS = ['prod', 'PROD', 'test', 'team=a', 'a b', 'é'];
const CAPABILITIES = ['cloud-init', 'distributed-sites'];

const id = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((n) => `private/${n}`),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 5n }).map((n) => `private/${n}`),
  fc.integer({ min: 1, max: 12 }).map((n) => `shared/${n}`),
  fc.constantFrom('debian9', 'debian12', 'arch', 'alpine3.9', 'alpine3.19').map((slug) => `linode/${slug}`),
);
const optionalTime = fc.constantFrom(null, ...TIMES);

/** An image of few values, so that ties and nulls are the rule. */
export const anImage: fc.Arbitrary<ImageModel> = fc
  .record({
    id,
    label: fc.constantFrom(...LABELS),
    description: fc.constantFrom(null, 'golden', 'GOLDEN image'),
    created: fc.constantFrom(...TIMES),
    updated: optionalTime,
    createdBy: fc.constantFrom(null, 'alice', 'Alice', 'linode'),
    deprecated: fc.boolean(),
    size: fc.integer({ min: 0, max: 3 }),
    type: fc.constantFrom('MANUAL', 'AUTOMATIC', 'SHARED', 'UNKNOWN'),
    status: fc.constantFrom('CREATING', 'PENDING_UPLOAD', 'AVAILABLE', 'UNKNOWN'),
    capabilities: fc.subarray(CAPABILITIES),
    vendor: fc.constantFrom(...VENDORS),
    expiry: optionalTime,
    eol: optionalTime,
    tags: fc.subarray(TAGS),
    totalSize: fc.constantFrom(null, 0, 1, 2, 3),
    regions: fc.option(
      fc.uniqueArray(
        fc.record({ regionId: fc.constantFrom(...SLUGS), status: fc.constantFrom(...REGION_STATUSES) }),
        { selector: ({ regionId }) => regionId, maxLength: 3 },
      ),
    ),
    shareGroupCount: fc.constantFrom(null, 0, 1, 2),
  })
  .map((image) => {
    const isPublic = image.id.startsWith('linode/');
    const isShared = image.shareGroupCount === null ? null : image.shareGroupCount > 0;
    const model = { ...image, isShared, sharedBy: null, isPublic, uploadExpiresAt: null };
    return { ...model, __typename: 'Image' } as ImageModel;
  });

/** Images of different ids. */
export const someImages: fc.Arbitrary<ImageModel[]> = fc.uniqueArray(anImage, {
  selector: (image) => image.id,
  maxLength: 40,
});

export const anOrder: fc.Arbitrary<ImageOrder[] | null> = fc.option(
  fc.array(
    fc.record<ImageOrder>({
      field: fc.constantFrom(
        'LABEL',
        'CREATED',
        'UPDATED',
        'SIZE',
        'TOTAL_SIZE',
        'REGION_COUNT',
        'VENDOR',
        'STATUS',
        'ID',
      ),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { maxLength: 4 },
  ),
);

/** One of these, now and then null. */
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 });

/** At most so many of its keys: where all conditions stand together nothing ever passes. */
const few = <T extends object>(
  objects: fc.Arbitrary<T>,
  keys: readonly string[],
  most: number,
): fc.Arbitrary<T> =>
  fc
    .tuple(objects, fc.subarray([...keys], { maxLength: most }))
    .map(
      ([object, kept]) =>
        Object.fromEntries(Object.entries(object).filter(([key]) => kept.includes(key))) as T,
    );

const aStringFilter = (texts: readonly (string | null)[]): fc.Arbitrary<StringFilter> => {
  const text = fc.constantFrom(...texts.filter((each) => each !== null));
  const conditions = fc.record<StringFilter>(
    {
      eq: maybe(text),
      neq: maybe(text),
      in: maybe(fc.subarray(texts.filter((each) => each !== null))),
      contains: maybe(fc.constantFrom('', 'b', 'B', 'é', 'É', '.', '_', '%', '*', '[x', 'e', 'gold')),
      isNull: maybe(fc.boolean()),
    },
    { requiredKeys: [] },
  );
  return few(conditions, ['eq', 'neq', 'in', 'contains', 'isNull'], 2);
};

const aTimeFilter: fc.Arbitrary<DateTimeFilter> = few(
  fc.record<DateTimeFilter>(
    {
      gt: maybe(fc.constantFrom(...TIMES)),
      gte: maybe(fc.constantFrom(...TIMES)),
      lt: maybe(fc.constantFrom(...TIMES)),
      lte: maybe(fc.constantFrom(...TIMES)),
      isNull: maybe(fc.boolean()),
    },
    { requiredKeys: [] },
  ),
  ['gt', 'gte', 'lt', 'lte', 'isNull'],
  2,
);

const aSize = maybe(fc.integer({ min: -1, max: 4 }));

const anIntFilter: fc.Arbitrary<IntFilter> = few(
  fc.record<IntFilter>(
    { eq: aSize, neq: aSize, gt: aSize, gte: aSize, lt: aSize, lte: aSize },
    { requiredKeys: [] },
  ),
  ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'],
  2,
);

const IMAGE_CONDITIONS = [
  ...['and', 'or', 'not', 'id', 'label', 'description', 'vendor', 'createdBy', 'isPublic', 'deprecated'],
  ...['type', 'status', 'capability', 'size', 'created', 'updated', 'expiry', 'eol'],
  ...['tag', 'region', 'regionStatus', 'totalSize', 'isShared'],
];

/** Any filter, some levels deep, with nulls and empty lists wherever they may stand. */
export const aFilter: fc.Arbitrary<ImageFilter> = fc.letrec<{ filter: ImageFilter }>((tie) => ({
  filter: few(
    fc.record<ImageFilter>(
      {
        and: maybe(fc.array(tie('filter'), { maxLength: 2, depthIdentifier: 'filter' })),
        or: maybe(fc.array(tie('filter'), { maxLength: 2, depthIdentifier: 'filter' })),
        not: fc.option(tie('filter'), { depthIdentifier: 'filter', maxDepth: 3 }),
        id: maybe(fc.array(id, { maxLength: 20 })),
        label: maybe(aStringFilter(LABELS)),
        description: maybe(aStringFilter(['golden', 'GOLDEN image'])),
        vendor: maybe(aStringFilter(VENDORS)),
        createdBy: maybe(aStringFilter(['alice', 'Alice'])),
        isPublic: maybe(fc.boolean()),
        deprecated: maybe(fc.boolean()),
        type: maybe(fc.subarray(['MANUAL', 'AUTOMATIC', 'UNKNOWN'] as const).map((each) => [...each])),
        status: maybe(fc.subarray(['CREATING', 'AVAILABLE', 'UNKNOWN'] as const).map((each) => [...each])),
        capability: maybe(fc.constantFrom(...CAPABILITIES, 'CLOUD-INIT', '')),
        size: maybe(anIntFilter),
        created: maybe(aTimeFilter),
        updated: maybe(aTimeFilter),
        expiry: maybe(aTimeFilter),
        eol: maybe(aTimeFilter),
        tag: maybe(aStringFilter([...TAGS, 'none'])),
        region: maybe(
          fc
            .subarray([...SLUGS, ...SLUGS.map((slug) => `regions/${slug}`), '../account'])
            .map((each) => [...each]),
        ),
        regionStatus: maybe(fc.subarray([...REGION_STATUSES]).map((each) => [...each])),
        totalSize: maybe(anIntFilter),
        isShared: maybe(fc.boolean()),
      },
      { requiredKeys: [] },
    ),
    IMAGE_CONDITIONS,
    3,
  ),
})).filter;

/**
 * The order as the contract words it: keys in turn, nulls last in either direction, ties by id. Of the same second, the
 * newest first is the one with the highest number.
 */
export function naivelyOrdered(
  images: readonly ImageModel[],
  orderBy: readonly ImageOrder[] | null,
): ImageModel[] {
  return [...images].sort((a, b) => {
    for (const { field, direction } of orderBy ?? []) {
      const found = direction === 'DESC' ? compareBy(field, b, a) : compareBy(field, a, b);
      const [isNullA, isNullB] = [isNullIn(field, a), isNullIn(field, b)];
      if (isNullA !== isNullB) return isNullA ? 1 : -1;
      if (found !== 0) return found;
    }
    const created = orderBy?.find(({ field }) => field === 'CREATED');
    if (created?.direction === 'DESC') return compareIds(b.id, a.id);
    return (orderBy?.length ? 0 : compareAsLinode(a, b)) || compareIds(a.id, b.id);
  });
}

const isNullIn = (field: ImageOrder['field'], image: ImageModel): boolean =>
  (field === 'UPDATED' && image.updated === null) ||
  (field === 'VENDOR' && image.vendor === null) ||
  (field === 'TOTAL_SIZE' && image.totalSize === null) ||
  (field === 'REGION_COUNT' && image.regions === null);

function compareBy(field: ImageOrder['field'], a: ImageModel, b: ImageModel): number {
  const milliseconds = (time: string | null) => new Date(time ?? 0).getTime();
  switch (field) {
    case 'LABEL':
      return compareTexts(a.label, b.label);
    case 'CREATED':
      return milliseconds(a.created) - milliseconds(b.created);
    case 'UPDATED':
      return milliseconds(a.updated) - milliseconds(b.updated);
    case 'SIZE':
      return a.size - b.size;
    case 'TOTAL_SIZE':
      return (a.totalSize ?? 0) - (b.totalSize ?? 0);
    case 'REGION_COUNT':
      return (a.regions ?? []).length - (b.regions ?? []).length;
    case 'VENDOR':
      return compareTexts(a.vendor ?? '', b.vendor ?? '');
    case 'STATUS':
      return compareTexts(a.status, b.status);
    case 'ID':
      return compareIds(a.id, b.id);
  }
}

function compareAsLinode(a: ImageModel, b: ImageModel): number {
  const group = ({ id, deprecated }: ImageModel) =>
    ['private', 'shared', 'linode'].indexOf(id.split('/')[0] ?? '') +
    (id.startsWith('linode') && deprecated ? 1 : 0);
  return group(a) - group(b) || (a.isPublic && b.isPublic ? compareTexts(a.label, b.label) : 0);
}

function compareTexts(a: string, b: string): number {
  const [left, right] = [a.toLocaleLowerCase('en'), b.toLocaleLowerCase('en')];
  if (left === right) return 0;
  return [left, right].sort()[0] === left ? -1 : 1;
}

function compareIds(a: string, b: string): number {
  const [kindA = '', nameA = ''] = a.split('/');
  const [kindB = '', nameB = ''] = b.split('/');
  if (kindA !== kindB) return compareTexts(kindA, kindB);
  if (kindA === 'linode') return compareTexts(nameA, nameB);
  return Number(BigInt(nameA) - BigInt(nameB));
}

/** Whether an image passes a filter, read off the contract word by word. */
export function naivelyMatches(filter: ImageFilter, image: ImageModel): boolean {
  for (const [key, wanted] of Object.entries(filter)) {
    if (wanted === null || wanted === undefined) continue;
    if (!holds(key as keyof ImageFilter, filter, image)) return false;
  }
  return true;
}

function holds(key: keyof ImageFilter, filter: ImageFilter, image: ImageModel): boolean {
  switch (key) {
    case 'and':
      return (filter.and ?? []).filter((each) => !naivelyMatches(each, image)).length === 0;
    case 'or':
      return (filter.or ?? []).filter((each) => naivelyMatches(each, image)).length > 0;
    case 'not':
      return filter.not ? !naivelyMatches(filter.not, image) : true;
    case 'id':
    case 'type':
    case 'status': {
      const wanted: readonly string[] = filter[key] ?? [];
      return wanted.indexOf(image[key]) !== -1;
    }
    case 'label':
    case 'description':
    case 'vendor':
    case 'createdBy':
      return holdsText(filter[key] ?? {}, image[key]);
    case 'isPublic':
    case 'deprecated':
      return image[key] === filter[key];
    case 'capability':
      return image.capabilities.indexOf(filter.capability ?? '') !== -1;
    case 'size':
      return holdsNumber(filter.size ?? {}, image.size);
    case 'totalSize':
      return holdsNumber(filter.totalSize ?? {}, image.totalSize);
    case 'isShared':
      return image.isShared === filter.isShared;
    case 'tag':
      return image.tags.filter((tag) => holdsText(filter.tag ?? {}, tag)).length > 0;
    case 'region': {
      const slugs = (filter.region ?? []).map((id) => id.replace('regions/', ''));
      return (image.regions ?? []).filter(({ regionId }) => slugs.indexOf(regionId) !== -1).length > 0;
    }
    case 'regionStatus': {
      const wanted: readonly string[] = filter.regionStatus ?? [];
      return (image.regions ?? []).filter(({ status }) => wanted.indexOf(status) !== -1).length > 0;
    }
    case 'created':
    case 'updated':
    case 'expiry':
    case 'eol': {
      const { isNull, ...bounds } = filter[key] ?? {};
      const time = image[key];
      if (isNull === true && time !== null) return false;
      if (isNull === false && time === null) return false;
      const given = Object.entries(bounds).filter(([, bound]) => bound !== null && bound !== undefined);
      if (given.length === 0) return true;
      const numbers = Object.fromEntries(
        given.map(([name, bound]) => [name, new Date(String(bound)).getTime()]),
      );
      return time !== null && holdsNumber(numbers, new Date(time).getTime());
    }
  }
}

function holdsText({ eq, neq, in: among, contains, isNull }: StringFilter, text: string | null): boolean {
  if (typeof eq === 'string' && text !== eq) return false;
  if (typeof neq === 'string' && text === neq) return false;
  if (Array.isArray(among) && (text === null || !among.includes(text))) return false;
  if (typeof contains === 'string') {
    const literally = contains.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (text === null || !new RegExp(literally, 'iu').test(text)) return false;
  }
  if (isNull === true && text !== null) return false;
  return !(isNull === false && text === null);
}

type Bounds = { [name in 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte']?: number | null };

function holdsNumber({ eq, neq, gt, gte, lt, lte }: Bounds, number: number | null): boolean {
  if (number === null) return [eq, gt, gte, lt, lte].every((bound) => typeof bound !== 'number');
  if (typeof eq === 'number' && number !== eq) return false;
  if (typeof neq === 'number' && number === neq) return false;
  if (typeof gt === 'number' && !(number > gt)) return false;
  if (typeof gte === 'number' && !(number >= gte)) return false;
  if (typeof lt === 'number' && !(number < lt)) return false;
  return !(typeof lte === 'number' && !(number <= lte));
}
