import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { imagesPage, imagesPageKnowing, type LinodeImage } from '../../../src/linode/api/images.js';
import type { LinodePage } from '../../../src/linode/api/page.js';
import { wireImage } from '../../support/wireImage.js';

/** With a key that is not known of images. */
const rowOf = (id: number): object => ({
  ...wireImage({ id: `private/${id}`, updated: '2024-05-20T12:00:00' }),
  regions: [{ region: 'us-east', status: 'available' }],
});
const KEYS = Object.keys(rowOf(1));

/** What Linode may send where something else was, or should be. */
const anything = fc.oneof(
  fc.constantFrom(null, undefined, '', 'seven', '2500', 2500, -1, 1.5, true, 'private/2'),
  fc.constantFrom('2024-02-30T12:00:00', '2025-01-01T00:00:00Z', [], ['cloud-init'], ['a', 7], {}),
);
const changes = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(...KEYS), anything), { maxLength: 3 });
const order = fc.shuffledSubarray([0, 1, 2, 3]);

function pageOf(ids: readonly number[], changed: readonly (readonly [number, string, unknown])[]): unknown {
  const data: unknown[] = ids.map((id) => rowOf(id));
  for (const [at, key, value] of changed) if (data[at]) data[at] = { ...(data[at] as object), [key]: value };
  const page = { data, page: 1, pages: 1, results: data.length };
  return JSON.parse(JSON.stringify(page)) as unknown;
}

it('a page is read the same, whatever page is known', () => {
  fc.assert(
    fc.property(order, changes, order, changes, (knownIds, knownChanges, ids, changed) => {
      const known = imagesPage.safeParse(pageOf(knownIds, knownChanges)).data;
      if (!known) return;
      const json = pageOf(ids, changed);
      const [alone, knowing] = [imagesPage.safeParse(json), imagesPageKnowing(known).safeParse(json)];
      expect(knowing.data).toEqual(alone.data);
      expect(knowing.error?.issues).toEqual(alone.error?.issues);
    }),
    { numRuns: 2000 },
  );
});

it.each([[null], [[]], [{ data: null }], [{ data: [null, 7, 'x'], page: 1, pages: 1, results: 3 }]])(
  'what is no page is told the same way: %j',
  (json) => {
    const known: LinodePage<LinodeImage> = { data: [], page: 1, pages: 1, results: 0 };
    expect(imagesPageKnowing(known).safeParse(json).error?.issues).toEqual(
      imagesPage.safeParse(json).error?.issues,
    );
  },
);

it('images that are as they were known are taken over, and others are not', () => {
  const known = imagesPage.safeParse(pageOf([0, 1, 2], [])).data;
  if (!known) throw new Error('a page that can be read');
  const page = imagesPageKnowing(known).safeParse(pageOf([2, 1, 3], [[1, 'label', 'renamed']])).data;
  expect(page?.data[0]).toBe(known.data[2]);
  expect(page?.data[1]).toMatchObject({ id: 'private/1', label: 'renamed' });
  expect(page?.data).toHaveLength(3);
});
