import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ImageFilter } from '../../../src/generated/schema.js';
import { filterOrdered } from '../../../src/graphql/connections/filterOrdered.js';
import { compileImageFilter } from '../../../src/graphql/connections/imageFilter.js';
import { ImageModels } from '../../../src/graphql/connections/imageModels.js';
import { imageOrderOf } from '../../../src/graphql/connections/imageOrder.js';
import { sortBy } from '../../../src/graphql/connections/order.js';
import { CollectionWork, WORK } from '../../../src/graphql/work/collectionWork.js';
import { Turns } from '../../../src/graphql/work/turns.js';
import { toImage } from '../../../src/graphql/models/image.js';
import type { LinodeImage } from '../../../src/linode/api/images.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startImagesUpstream, type ImagesUpstream } from '../../support/imagesUpstream.js';
import { wireImage } from '../../support/wireImage.js';

const images = (count: number, changes: (i: number) => Partial<LinodeImage> = () => ({})): LinodeImage[] =>
  Array.from({ length: count }, (_, i) => wireImage({ id: `private/${i + 1}`, ...changes(i) }));

const conditions = (count: number): ImageFilter[] =>
  Array.from({ length: count }, (_, i) => ({ created: { gt: `2020-01-01T00:00:${10 + (i % 50)}Z` } }));

/** Counts the work of each turn of an event loop that runs on by itself. */
function countedTurns() {
  const units: number[] = [];
  const turns = new Turns(WORK.maxPerTurn);
  const work = new CollectionWork({
    take: (n) => {
      const turn = turns.take(n);
      if (turn || units.length === 0) units.push(n);
      else units[units.length - 1] = (units.at(-1) ?? 0) + n;
      return turn;
    },
  } as Turns);
  return { work, units };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a filter', () => {
  const ordered = sortBy(images(450).map(toImage), imageOrderOf(null));

  it('parses dates once per row and folds case once per row, however many conditions it has', async () => {
    const filter: ImageFilter = {
      and: [
        ...conditions(300),
        ...Array.from({ length: 100 }, () => ({ not: { label: { contains: 'NONE' } } })),
      ],
    };
    const compiled = compileImageFilter(filter);
    const parses = jest.spyOn(Date, 'parse');
    const folds = jest.spyOn(String.prototype, 'toLowerCase');
    const { nodes } = await filterOrdered(ordered, compiled, countedTurns().work);
    expect([parses.mock.calls.length, folds.mock.calls.length]).toEqual([450, 450]);
    expect(nodes).toHaveLength(450);
  });

  it('yields to the event loop before a turn holds more than its share of work', async () => {
    const { work, units } = countedTurns();
    const compiled = compileImageFilter({ and: conditions(3000) });
    expect((await filterOrdered(ordered, compiled, work)).nodes).toHaveLength(450);
    expect(units.length).toBeGreaterThanOrEqual((450 * 3000) / WORK.maxPerTurn);
    for (const each of units) expect(each).toBeLessThanOrEqual(WORK.maxPerTurn);
  });

  it('counts conditions times rows, and the text that is searched', () => {
    const [row] = images(1, () => ({ description: 'x'.repeat(60_000) })).map(toImage);
    if (!row) throw new Error('no row');
    const unitsOf = (filter: ImageFilter): number => compileImageFilter(filter).work.workFor(row);
    expect(unitsOf({ or: conditions(10) })).toBe(11);
    expect(unitsOf({ label: { eq: 'a', neq: 'b', in: ['c', 'd'], isNull: false } })).toBe(4);
    const searches = (count: number) => ({
      or: Array.from({ length: count }, () => ({ description: { contains: 'y' } })),
    });
    // One folding, and each search.
    expect(unitsOf(searches(1))).toBe(2 + (2 * 60_000) / WORK.charactersPerUnit);
    expect(unitsOf(searches(3))).toBe(4 + (4 * 60_000) / WORK.charactersPerUnit);
  });
});

describe('an order', () => {
  it('waits for its turn as filters do, unless the collection is sorted already', async () => {
    const { work, units } = countedTurns();
    const models = new ImageModels();
    const rows = images(2000);
    const orders = (['LABEL', 'SIZE', 'CREATED', 'LABEL'] as const).map((field) =>
      imageOrderOf([{ field, direction: 'ASC' }]),
    );
    for (const order of orders) await models.sorted(rows, order, work);
    expect(units.reduce((sum, each) => sum + each, 0)).toBe(3 * 2000 * WORK.perSortedRow);
    for (const each of units) expect(each).toBeLessThanOrEqual(WORK.maxPerTurn);
    expect(units).toHaveLength(3);
  });
});

describe('an operation over HTTP', () => {
  const open: (TestGateway | ImagesUpstream)[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  async function serve(rows: LinodeImage[]) {
    const linode = await startImagesUpstream(rows);
    const gateway = await startTestGateway({ linodeApiUrl: linode.url });
    open.push(linode, gateway);
    return { linode, gateway };
  }

  const aliased = (count: number): string =>
    `query ($f: ImageFilter!) { ${Array.from({ length: count }, (_, i) => `a${i}: images(first: 1, filter: $f) { totalCount }`).join(' ')} }`;

  it('with 49 aliases of 300 conditions over 450 images is served', async () => {
    const { linode, gateway } = await serve(images(450));
    const { data, errors } = await gateway.ask<Record<string, { totalCount: number }>>(aliased(49), {
      token: 'any',
      variables: { f: { and: conditions(300) } },
    });
    expect(errors).toEqual([]);
    expect(Object.values(data).map(({ totalCount }) => totalCount)).toEqual(Array(49).fill(450));
    expect(linode.requests).toHaveLength(1);
  });

  it.each([
    ['25 long descriptions by 300 searches', 25, 300, 1, 'comparisons of a row'],
    ['25 long descriptions by 20 searches in 49 aliases', 25, 20, 49, 'comparisons of an operation'],
    ['120 long descriptions by 49 aliases', 120, 1, 49, 'comparisons of an operation'],
  ])('is refused where it searches %s', async (_, rows, searches, aliases, limit) => {
    const description = 'é'.repeat(65_000);
    const { linode, gateway } = await serve(images(rows, () => ({ description })));
    const f = { or: Array.from({ length: searches }, () => ({ description: { contains: 'ée' } })) };
    const { status, errors } = await gateway.ask(aliased(aliases), { token: 'any', variables: { f } });
    expect(status).toBe(200);
    expect(errors.at(-1)).toMatchObject({
      message: expect.stringMatching(/^The limit of comparisons of .* Use fewer conditions\.$/),
      path: [`a${aliases - 1}`],
      extensions: { code: 'BAD_USER_INPUT', argument: 'filter', limit },
    });
    expect(linode.requests).toHaveLength(1);
    expect(gateway.bugs).toEqual([]);
  });

  it('searches many long descriptions once', async () => {
    const { gateway } = await serve(images(240, (i) => ({ description: 'x'.repeat(65_000) + i })));
    const f = { description: { contains: 'X239' } };
    const { data, errors } = await gateway.ask(aliased(1), { token: 'any', variables: { f } });
    expect(errors).toEqual([]);
    expect(data).toEqual({ a0: { totalCount: 1 } });
  });
});
