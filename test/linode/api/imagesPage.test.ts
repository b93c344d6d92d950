import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { imagesPage, linodeImage, type LinodeImage } from '../../../src/linode/api/images.js';
import type { LinodePage } from '../../../src/linode/api/page.js';
import { knownImages } from '../../support/knownImages.js';
import { wireImage } from '../../support/wireImage.js';

/** With a field that is not known of images. */
const rowOf = (id: number): object => ({
  ...wireImage({ id: `private/${id}`, updated: '2024-05-20T12:00:00' }),
  color: 'blue',
});
const KEYS = Object.keys(rowOf(1));

/** What Linode may send where something else was, or should be. */
const anything = fc.oneof(
  fc.constantFrom(null, undefined, '', 'seven', '2500', 2500, -1, 1.5, true, 'private/2'),
  fc.constantFrom('2024-02-30T12:00:00', '2025-01-01T00:00:00Z', [], ['cloud-init'], ['a', 7], {}),
  fc.constantFrom<unknown>(
    [{ region: 'us-east', status: 'available' }],
    [{ region: 'us-east', status: null }],
    [{ region: null }],
    { shared_with: { sharegroup_count: 0 }, shared_by: null },
    { shared_with: null, shared_by: { sharegroup_uuid: 'u', sharegroup_label: 'l' } },
  ),
);
const changes = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(...KEYS), anything), { maxLength: 3 });
const order = fc.shuffledSubarray([0, 1, 2, 3]);

function pageOf(ids: readonly number[], changed: readonly (readonly [number, string, unknown])[]): unknown {
  const data: unknown[] = ids.map((id) => rowOf(id));
  for (const [at, key, value] of changed) if (data[at]) data[at] = { ...(data[at] as object), [key]: value };
  const page = { data, page: 1, pages: 1, results: data.length };
  return JSON.parse(JSON.stringify(page)) as unknown;
}

function read(json: unknown, known: readonly LinodeImage[] = []): LinodePage<LinodeImage> {
  const page = imagesPage(knownImages(known)).safeParse(json);
  if (!page.success) throw new Error('the envelope is invalid');
  return page.data;
}

it('a page is parsed the same, whatever images are known', () => {
  let equal = 0;
  fc.assert(
    fc.property(order, changes, order, changes, (knownIds, knownChanges, ids, changed) => {
      const known = read(pageOf(knownIds, knownChanges)).data;
      const json = pageOf(ids, changed);
      const [alone, knowing] = [read(json), read(json, known)];
      expect(knowing).toEqual(alone);
      for (const image of knowing.data) {
        const before = known.findLast(({ id }) => id === image.id);
        // Of rows that repeat an ID, the later ones are compared with the first.
        if (!before || knowing.data.filter(({ id }) => id === image.id).length > 1) continue;
        const isEqual = JSON.stringify(before) === JSON.stringify(image);
        if (isEqual) equal++;
        expect(image === before).toBe(isEqual);
      }
    }),
    { numRuns: 2000 },
  );
  expect(equal).toBeGreaterThan(500);
});

it.each([[null], [[]], [{ data: null }], [{ data: [], page: 1, pages: 1 }]])(
  'without a page’s envelope nothing is read: %j',
  (json) => {
    expect(imagesPage(knownImages()).safeParse(json).success).toBe(false);
  },
);

it('unchanged images stay the same objects, and changed ones do not', () => {
  const { data: known } = read(pageOf([0, 1, 2], []));
  const { data } = read(pageOf([2, 1, 3], [[1, 'label', 'renamed']]), known);
  expect(data[0]).toBe(known[2]);
  expect(data[1]).toMatchObject({ id: 'private/1', label: 'renamed' });
  expect(data).toHaveLength(3);
});

it('a list in the place of an object is not taken for an object without fields', () => {
  const { data: known } = read(pageOf([2], [[0, 'image_sharing', {}]]));
  const json = pageOf([2], [[0, 'image_sharing', [{ region: 'us-east' }]]]);
  expect(read(json, known).data).toEqual(read(json).data);
});

it('unchanged images of v4.176, without the later fields, are found without parsing them', () => {
  const { tags, total_size, regions, is_shared, image_sharing, ...old } = wireImage();
  expect([tags, total_size, regions, is_shared, image_sharing]).not.toContain(undefined);
  const row = JSON.parse(JSON.stringify(old)) as object;
  const { data: known } = read({ data: [row], page: 1, pages: 1, results: 1 });
  expect(known).toEqual([
    { ...old, tags: [], total_size: null, regions: null, is_shared: null, image_sharing: null },
  ]);
  const parse = linodeImage.safeParse.bind(linodeImage);
  let parsed = 0;
  linodeImage.safeParse = (...args) => {
    parsed++;
    return parse(...args);
  };
  try {
    expect(read({ data: [row], page: 1, pages: 1, results: 1 }, known).data[0]).toBe(known[0]);
    expect(parsed).toBe(0);
  } finally {
    linodeImage.safeParse = parse;
  }
});

it.each<[string, unknown, { id: unknown; field: string; reason: string }]>([
  ['a size of null', { size: null }, { id: 'private/1', field: 'size', reason: 'Invalid input' }],
  [
    'a number as label',
    { label: 7 },
    { id: 'private/1', field: 'label', reason: 'Invalid input: expected string, received number' },
  ],
  [
    'another date format',
    { created: '20 May 2024' },
    { id: 'private/1', field: 'created', reason: 'Expected YYYY-MM-DDTHH:MM:SS' },
  ],
  [
    'a date that does not exist',
    { created: '2024-02-30T12:00:00' },
    { id: 'private/1', field: 'created', reason: 'Expected YYYY-MM-DDTHH:MM:SS' },
  ],
  [
    'a missing status',
    { status: undefined },
    { id: 'private/1', field: 'status', reason: 'Invalid input: expected string, received undefined' },
  ],
  [
    'a region without a name',
    { regions: [{ region: 7 }] },
    { id: 'private/1', field: 'regions.0.region', reason: 'Invalid input: expected string, received number' },
  ],
  [
    'no ID',
    { id: undefined },
    { id: null, field: 'id', reason: 'Invalid input: expected string, received undefined' },
  ],
])('a row with %s is left out and reported', (_, change, expected) => {
  const rows = [rowOf(0), { ...rowOf(1), ...(change as object) }, rowOf(2)];
  const page = read(JSON.parse(JSON.stringify({ data: rows, page: 1, pages: 1, results: 3 })));
  expect(page.data.map(({ id }) => id)).toEqual(['private/0', 'private/2']);
  expect(page.unreadable).toEqual([{ index: 1, ...expected }]);
  expect(page.results).toBe(3);
});

it('rows that are no objects are reported without an ID', () => {
  const page = read({ data: [null, 7, 'x', [], rowOf(1)], page: 1, pages: 1, results: 5 });
  expect(page.data).toHaveLength(1);
  expect(page.unreadable.map(({ index, id }) => [index, id])).toEqual([0, 1, 2, 3].map((i) => [i, null]));
});
