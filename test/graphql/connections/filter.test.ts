import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ImageFilter } from '../../../src/generated/schema.js';
import { compileImageFilter } from '../../../src/graphql/connections/imageFilter.js';
import { atDepth } from '../../support/depth.js';
import { startStack } from '../../support/stack.js';
import { aFilter, anImage, naivelyMatches, someImages } from '../../support/naiveImages.js';

const matchesImage = (filter: ImageFilter) => compileImageFilter(filter).matches;

/** The ids of the images that match. */
const passing = (filter: ImageFilter, images: Parameters<typeof naivelyMatches>[1][]) =>
  images.filter(matchesImage(filter)).map(({ id }) => id);

describe('a filter', () => {
  it('lets exactly those images pass that the contract says', () => {
    fc.assert(
      fc.property(aFilter, someImages, (filter, images) => {
        const expected = images.filter((image) => naivelyMatches(filter, image)).map(({ id }) => id);
        expect(passing(filter, images)).toEqual(expected);
      }),
      { numRuns: atDepth(200, 1000) },
    );
  });

  it('and its negation part the images in two', () => {
    fc.assert(
      fc.property(aFilter, anImage, (filter, image) => {
        expect(matchesImage({ not: filter })(image)).toBe(!matchesImage(filter)(image));
      }),
    );
  });

  it('of nulls alone is no filter', () => {
    fc.assert(
      fc.property(aFilter, anImage, (filter, image) => {
        const nulls = Object.fromEntries(Object.keys(filter).map((key) => [key, null]));
        expect(matchesImage(nulls)(image)).toBe(true);
      }),
    );
  });
});

interface Found {
  images: { totalCount: number; nodes: { id: string }[] } | null;
}

/** Every row over HTTP: what is asked, and how many of alice's 47 images it keeps. */
const ROWS: [string, object | null, number][] = [
  ['nothing', {}, 47],
  ['null', null, 47],
  [
    'null in every place',
    { and: null, or: null, not: null, id: null, label: null, size: null, eol: null },
    47,
  ],
  ['null within', { label: { eq: null, in: null, contains: null, isNull: null }, created: { gt: null } }, 47],
  ['and: []', { and: [] }, 47],
  ['or: []', { or: [] }, 0],
  ['id: []', { id: [] }, 0],
  ['in: []', { label: { in: [] } }, 0],
  ['type: []', { type: [] }, 0],
  ['not of everything', { not: {} }, 0],
  ['not of nothing', { not: { or: [] } }, 47],
  ['eq does not match null', { vendor: { eq: 'Debian' } }, 8],
  ['neq matches null', { vendor: { neq: 'Debian' } }, 39],
  ['not matches null', { not: { vendor: { eq: 'Debian' } } }, 39],
  ['isNull', { vendor: { isNull: true } }, 8],
  ['isNull: false', { vendor: { isNull: false } }, 39],
  ['eq minds case', { label: { eq: 'DEBIAN 12' } }, 0],
  ['in minds case', { label: { in: ['DEBIAN 12', 'Debian 11'] } }, 1],
  ['contains does not mind case', { label: { contains: 'DEBIAN 1' } }, 8],
  ['contains takes a pattern literally', { label: { contains: 'Debian.12' } }, 0],
  ['contains takes a wildcard literally', { label: { contains: '%' } }, 0],
  ['contains of nothing does not match null', { vendor: { contains: '' } }, 39],
  ['the empty description is null', { description: { eq: '' } }, 0],
  ['one of several ids', { id: ['linode/arch', 'private/23849731', 'private/1'] }, 2],
  [
    'and of or',
    { and: [{ or: [{ vendor: { eq: 'Arch' } }, { vendor: { eq: 'Kali' } }] }, { size: { gte: 1536 } }] },
    1,
  ],
  ['times of any zone', { created: { gte: '2024-05-16T13:27:09+02:00' }, isPublic: false }, 3],
  ['a range does not match null', { eol: { gt: '1900-01-01T00:00:00Z' }, isPublic: false }, 0],
  ['the sentinel of an end of life is null', { id: ['linode/slackware14.2'], eol: { isNull: true } }, 1],
];

describe('a filter over HTTP', () => {
  it.each(ROWS)('%s', async (_, filter, count) => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask<Found>(
      'query ($filter: ImageFilter) { images(first: 500, filter: $filter) { totalCount nodes { id } } }',
      { token: 'alice-full', variables: { filter } },
    );
    expect(errors).toEqual([]);
    expect(data.images?.totalCount).toBe(count);
    expect(data.images?.nodes).toHaveLength(count);
  });

  it.each([
    ['a time that is none', '{ created: { gt: "yesterday" } }'],
    ['the 30th of February', '{ created: { gt: "2024-02-30T00:00:00Z" } }'],
    ['a number as a time', '{ created: { gt: 1 } }'],
  ])('is BAD_USER_INPUT with %s, and nothing is asked', async (_, filter) => {
    const { linode, gateway } = await startStack();
    const inline = await gateway.ask<Found>(`{ images(filter: ${filter}) { totalCount } }`);
    expect(inline.errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    const variables = { filter: { created: { gt: /"(.*)"/.exec(filter)?.[1] ?? 1 } } };
    const given = await gateway.ask<Found>(
      'query ($filter: ImageFilter) { images(filter: $filter) { totalCount } }',
      { variables },
    );
    expect(given.errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    expect(linode.requests).toEqual([]);
  });
});
