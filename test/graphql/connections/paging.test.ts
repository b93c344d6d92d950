import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ImageModel } from '../../../src/graphql/models/image.js';
import { atDepth } from '../../support/depth.js';
import { startStack } from '../../support/stack.js';
import {
  aFilter,
  anImage,
  anOrder,
  naivelyMatches,
  naivelyOrdered,
  someImages,
} from '../../support/naiveImages.js';
import { idsOf, pageOf, walkBackwards, walkForwards, type PageQuery } from '../../support/walk.js';

const aSize = fc.integer({ min: 1, max: 12 });
const aQuery = fc.record({ orderBy: anOrder, filter: fc.option(aFilter) });

/** The filtered and ordered whole, by the model. */
function wholeOf(images: readonly ImageModel[], { filter, orderBy }: PageQuery): string[] {
  const passing = images.filter((image) => !filter || naivelyMatches(filter, image));
  return idsOf(naivelyOrdered(passing, orderBy ?? null));
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.max(1, Math.ceil(items.length / size));
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

describe('walking a collection', () => {
  it('forwards yields the filtered and ordered whole, each once, in full pages', () => {
    fc.assert(
      fc.property(someImages, aQuery, aSize, (images, query, first) => {
        const pages = walkForwards((page) => pageOf(images, { ...query, ...page }), first);
        expect(pages).toEqual(chunksOf(wholeOf(images, query), first));
      }),
      { numRuns: atDepth(60, 300) },
    );
  });

  it('backwards yields the same, cut from the back', () => {
    fc.assert(
      fc.property(someImages, aQuery, aSize, (images, query, last) => {
        const pages = walkBackwards((page) => pageOf(images, { ...query, ...page }), last);
        const fromBack = chunksOf(wholeOf(images, query).reverse(), last).map((page) => page.reverse());
        expect(pages).toEqual(fromBack.reverse());
      }),
      { numRuns: atDepth(60, 300) },
    );
  });

  it('by page numbers yields the same', () => {
    fc.assert(
      fc.property(someImages, aQuery, aSize, (images, query, first) => {
        const whole = wholeOf(images, query);
        const numbers = Array.from({ length: Math.ceil(whole.length / first) + 2 }, (_, i) => i);
        const pages = numbers.map((page) => pageOf(images, { ...query, first, offset: page * first }));
        expect(pages.flatMap(({ nodes }) => idsOf(nodes))).toEqual(whole);
        expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => whole.length));
        expect(pages.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual(
          numbers.map((page) => (page + 1) * first < whole.length),
        );
      }),
    );
  });

  it('by offset from a cursor skips just those', () => {
    fc.assert(
      fc.property(someImages, aQuery, aSize, fc.nat(10), fc.nat(40), (images, query, first, offset, at) => {
        const whole = wholeOf(images, query);
        const cursor = pageOf(images, { ...query, first: 500 }).edges[at]?.cursor;
        const start = (cursor === undefined ? 0 : at + 1) + offset;
        const { nodes } = pageOf(images, { ...query, first, offset, after: cursor ?? null });
        expect(idsOf(nodes)).toEqual(whole.slice(start, start + first));
      }),
    );
  });

  it('between two cursors yields what lies between them', () => {
    fc.assert(
      fc.property(someImages, aQuery, aSize, fc.nat(40), fc.nat(40), (images, query, size, from, to) => {
        const whole = wholeOf(images, query);
        const { edges } = pageOf(images, { ...query, first: 500 });
        const [after, before] = [edges[from]?.cursor ?? null, edges[to]?.cursor ?? null];
        const between = whole.slice(after === null ? 0 : from + 1, before === null ? whole.length : to);
        const inOrder = after !== null && before !== null && to <= from ? [] : between;
        const firsts = pageOf(images, { ...query, first: size, after, before });
        const lasts = pageOf(images, { ...query, last: size, after, before });
        expect(idsOf(firsts.nodes)).toEqual(inOrder.slice(0, size));
        expect(idsOf(lasts.nodes)).toEqual(inOrder.slice(-size));
      }),
    );
  });
});

/** What happens to a collection between two pages: some go, some come, some change their place. */
const aShift = fc.record({
  gone: fc.array(fc.nat(60), { maxLength: 6 }),
  come: fc.array(anImage, { maxLength: 6 }),
  changed: fc.array(fc.tuple(fc.nat(60), anImage), { maxLength: 3 }),
});
type Shift = typeof aShift extends fc.Arbitrary<infer S> ? S : never;

/** A collection on which each page is asked for after another shift, and the ids that never moved. */
function shifting(images: readonly ImageModel[], shifts: readonly Shift[]) {
  let now = [...images];
  let pages = 0;
  const stayed = new Set(idsOf(images));
  const seenLater = new Map<string, number>();
  const next = (): ImageModel[] => {
    const shift = shifts[pages++ - 1];
    if (!shift) return now;
    const gone = new Set(shift.gone.map((i) => now[i % Math.max(1, now.length)]?.id ?? ''));
    now = now.filter(({ id }) => !gone.has(id));
    for (const [i, as] of shift.changed) {
      const at = i % Math.max(1, now.length);
      const old = now[at];
      if (!old) continue;
      now[at] = { ...as, id: old.id, isPublic: old.isPublic };
      gone.add(old.id);
    }
    for (const image of shift.come) {
      if (now.some(({ id }) => id === image.id)) continue;
      now.push(image);
      gone.add(image.id);
    }
    for (const id of gone) stayed.delete(id);
    return now;
  };
  return { next, stayed, seenLater };
}

const someShifts = fc.array(aShift, { maxLength: 20 });

describe('a cursor on a collection that shifts between the pages', () => {
  it.each([
    ['forwards', walkForwards],
    ['backwards', walkBackwards],
  ] as const)('repeats and hides none of those that stayed, %s', (_, walk) => {
    fc.assert(
      fc.property(someImages, anOrder, aSize, someShifts, (images, orderBy, size, shifts) => {
        const collection = shifting(images, shifts);
        const seen = walk((page) => pageOf(collection.next(), { orderBy, ...page }), size).flat();
        const ofThoseThatStayed = seen.filter((id) => collection.stayed.has(id));
        const expected = idsOf(naivelyOrdered(images, orderBy)).filter((id) => collection.stayed.has(id));
        expect(ofThoseThatStayed).toEqual(expected);
      }),
      { numRuns: atDepth(80, 400) },
    );
  });

  it('repeats nothing at all where images only come and go', () => {
    fc.assert(
      fc.property(someImages, anOrder, aSize, someShifts, (images, orderBy, first, shifts) => {
        const collection = shifting(
          images,
          shifts.map((shift) => ({ ...shift, changed: [] })),
        );
        const ids = new Map<string, string>();
        const seen = walkForwards((page) => {
          const now = collection.next();
          for (const image of now) ids.set(image.id, JSON.stringify(image));
          return pageOf(now, { orderBy, ...page });
        }, first).flat();
        // An image that went and came back as another one is another one.
        const again = seen.filter((id, i) => seen.indexOf(id) !== i && collection.stayed.has(id));
        expect(again).toEqual([]);
      }),
      { numRuns: atDepth(60, 200) },
    );
  });
});

interface Page {
  images: {
    totalCount: number;
    edges: { cursor: string; node: { id: string } }[];
    nodes: { id: string }[];
    pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string | null;
      endCursor: string | null;
    };
  } | null;
}

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: ImageFilter) {
  images(first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter) {
    totalCount edges { cursor node { id } } nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('a page over HTTP', () => {
  it('has 50 images where no size is given, nulls count as absent', async () => {
    const { linode, gateway } = await startStack({ sandbox: { seed: false } });
    linode.addAccount({ tokens: [{ token: 't', username: 't', scopes: '*' }], images: 60 });
    const variables = { first: null, after: null, last: null, before: null, offset: null, filter: null };
    for (const asked of [{}, variables]) {
      const { data, errors } = await gateway.ask<Page>(PAGE, { token: 't', variables: asked });
      expect(errors).toEqual([]);
      expect(data.images).toMatchObject({
        totalCount: 60,
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      });
      expect(data.images?.nodes).toEqual(data.images?.edges.map(({ node }) => node));
      expect(data.images?.nodes).toHaveLength(50);
    }
  });

  it('is empty past the end, without cursors', async () => {
    const { gateway } = await startStack();
    const { data } = await gateway.ask<Page>(PAGE, { variables: { first: 5, offset: 39 } });
    expect(data.images).toEqual({
      totalCount: 39,
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it('goes on behind an image that was deleted meanwhile', async () => {
    const { gateway } = await startStack();
    const alice = (variables: object) =>
      gateway.ask<Page>(PAGE, { token: 'alice-full', variables: { ...variables } });
    const one = await alice({ first: 3 });
    const last = one.data.images?.edges.at(-1);
    await gateway.ask('mutation ($id: ID!) { deleteImage(input: { id: $id }) { deletedImageId } }', {
      token: 'alice-full',
      variables: { id: last?.node.id },
    });
    const two = await alice({ first: 3, after: last?.cursor });
    expect(one.data.images?.nodes.map(({ id }) => id)).toEqual([
      'private/23849498',
      'private/23849499',
      'private/23849731',
    ]);
    expect(two.data.images?.nodes.map(({ id }) => id)).toEqual([
      'private/23851696',
      'private/23851701',
      'private/23912044',
    ]);
  });

  it.each([
    ['first: 0', { hasNextPage: true, hasPreviousPage: false }],
    ['last: 0', { hasNextPage: false, hasPreviousPage: true }],
    ['first: 0, offset: 3', { hasNextPage: true, hasPreviousPage: true }],
    ['first: 0, offset: 1000', { hasNextPage: false, hasPreviousPage: true }],
    ['first: 0, filter: { id: [] }', { hasNextPage: false, hasPreviousPage: false }],
  ])('may be empty (%s): it counts, with one list', async (args, ends) => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      `{ images(${args}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      images: {
        totalCount: args.includes('filter') ? 0 : 47,
        nodes: [],
        edges: [],
        pageInfo: { ...ends, startCursor: null, endCursor: null },
      },
    });
    expect(linode.requests).toHaveLength(1);
  });

  it('starts at an end where the cursor is empty, in every connection', async () => {
    const { gateway } = await startStack();
    const connections = (args: string): string =>
      `{ images(${args}) { nodes { id } pageInfo { hasPreviousPage } }
         linodes(${args}) { nodes { id } }
         image(id: "private/23849731") { linodes(${args}) { nodes { id } } events(${args}) { nodes { id } } } }`;
    for (const end of ['first: 2', 'last: 2']) {
      const [plain, empty, both] = [
        await gateway.ask(connections(end), { token: 'alice-full' }),
        await gateway.ask(connections(`${end}, after: ""`), { token: 'alice-full' }),
        await gateway.ask(connections(`${end}, after: "", before: ""`), { token: 'alice-full' }),
      ];
      expect(plain.errors).toEqual([]);
      expect(empty.data).toEqual(plain.data);
      expect(both.data).toEqual(plain.data);
    }
  });

  it.each([
    ['first: -1', 'first'],
    ['first: 501', 'first'],
    ['last: -1', 'last'],
    ['last: 501', 'last'],
    ['first: 0, last: 0', 'last'],
    ['last: 0, offset: 1', 'offset'],
    ['first: 1, last: 1', 'last'],
    ['last: 1, offset: 1', 'offset'],
    ['last: 1, offset: 0', 'offset'],
    ['first: 1, offset: -1', 'offset'],
  ])('can’t be asked for by (%s)', async (args, argument) => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask<Page>(`{ images(${args}) { totalCount } }`);
    expect(data).toEqual({ images: null });
    expect(errors).toMatchObject([{ path: ['images'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(linode.requests).toEqual([]);
  });
});
