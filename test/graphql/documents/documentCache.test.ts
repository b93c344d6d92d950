import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, validate, type DocumentNode } from 'graphql';
import { join } from 'node:path';
import { DocumentCache } from '../../../src/graphql/documents/documentCache.js';
import { shapeOf } from '../../../src/graphql/documents/documentShape.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { atDepth } from '../../support/depth.js';
import { PACKAGE } from '../../support/gateway.js';

const schema = createSchema(join(PACKAGE, 'schema'));

/** What is filled in where documents of one shape may differ: good values, bad ones, the same ones. */
const value = fc.constantFrom(
  '1',
  '2',
  '501',
  '99999999999',
  '1.5',
  '"a"',
  '"b"',
  '"""a"""',
  '"2024-01-01T00:00:00Z"',
);
const name = fc.constantFrom('a', 'b', 'id', 'label', 'nodes', 'images');
const field = fc.constantFrom('id', 'label', 'size', 'nope');

/** A document with holes: `V` is a literal, `N` a name in the answer, `F` a field. */
const template = fc
  .array(
    fc.constantFrom(
      'N: images(first: V) { nodes { F N: F } }',
      'N: images(filter: { label: { neq: V } }) { N: nodes { N: F N: F } }',
      'N: images(filter: { size: { gt: V, lt: V } }) { edges { node { ...P } } }',
      'images(filter: { created: { gt: V } }) { totalCount }',
      'images(first: V) { totalCount } images(first: V) { totalCount }',
      'N: image(id: V) { F } N: image(id: V) { N: F }',
      'N: nodes(ids: [V, V]) { id ... on Image { F } }',
      '...Q @include(if: $yes)',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => {
    const text = `query Q($yes: Boolean = true, $n: Int = V) { ${parts.join(' ')} n: images(first: $n) { totalCount } x: __typename @skip(if: $yes) }`;
    const spread = (mark: string, fragment: string): string => (text.includes(mark) ? fragment : '');
    return `${text} ${spread('...P', 'fragment P on Image { F N: F }')} ${spread('...Q', 'fragment Q on Query { N: image(id: V) { F } }')}`;
  });

const filled = (text: string, fill: { values: string[]; names: string[]; fields: string[] }): string => {
  const next = { V: 0, N: 0, F: 0 };
  const lists = { V: fill.values, N: fill.names, F: fill.fields };
  return text.replace(/\b[VNF]\b/g, (hole) => {
    const list = lists[hole as 'V' | 'N' | 'F'];
    return list[next[hole as 'V' | 'N' | 'F']++ % list.length] ?? '';
  });
};

const fill = fc.record({
  values: fc.array(value, { minLength: 1, maxLength: 4 }),
  names: fc.array(name, { minLength: 1, maxLength: 4 }),
});

const RUNS = atDepth(600, 3000);

const isValid = (document: DocumentNode): boolean => validate(schema, document).length === 0;

describe('the cache of documents', () => {
  let cache: DocumentCache;

  beforeEach(() => {
    cache = new DocumentCache(schema, { maxTokens: 2000 });
  });

  /** One request on its way through Apollo: the document that it need not validate, if there is one. */
  async function ask(source: string): Promise<DocumentNode | undefined> {
    const hash = createHash('sha256').update(source).digest('hex');
    cache.hooks.didResolveSource?.({ queryHash: hash, source } as never);
    const known = await cache.store.get(`schema:${hash}`);
    if (known) return known;
    const document = parse(source);
    if (isValid(document)) await cache.store.set(`schema:${hash}`, document);
    return undefined;
  }

  it('takes no document for valid that is not, over thousands of pairs of one shape', async () => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        template,
        fill,
        fill,
        fc.array(field, { minLength: 1, maxLength: 4 }),
        async (text, a, b, fields) => {
          const [first, second] = [filled(text, { ...a, fields }), filled(text, { ...b, fields })];
          await ask(first);
          const known = await ask(second);
          const parsed = parse(second);
          if (known) {
            expect(validate(schema, parsed)).toEqual([]);
            expect(known.loc?.source.body).toBe(second);
            if (first !== second) taken++;
          } else if (!isValid(parsed)) {
            refused++;
          }
        },
      ),
      { numRuns: RUNS },
    );
    // Else the generator would show nothing.
    expect(taken).toBeGreaterThan(atDepth(0, 30));
    expect(refused).toBeGreaterThan(RUNS / 30);
  }, 60_000);

  it('knows a document that differs in a value and in an alias', async () => {
    expect(await ask('{ images(filter: { label: { neq: "a" } }) { nodes { x: id } } }')).toBeUndefined();
    const other = '{ images(filter: { label: { neq: "b" } }) { nodes { y: id } } }';
    expect((await ask(other))?.loc?.source.body).toBe(other);
  });

  it.each([
    [
      'a number too large for its type',
      '{ images(first: 3) { totalCount } }',
      '{ images(first: 99999999999) { totalCount } }',
    ],
    ['a time that is none', time('2024-01-01T00:00:00Z'), time('yesterday')],
    [
      'arguments that differ where they were the same',
      '{ a: image(id: "x") { id } a: image(id: "x") { id } }',
      '{ a: image(id: "x") { id } a: image(id: "y") { id } }',
    ],
    [
      'an alias that meets another',
      '{ image(id: "x") { a: id b: label } }',
      '{ image(id: "x") { a: id a: label } }',
    ],
    [
      'an alias that meets a field',
      '{ image(id: "x") { a: id label } }',
      '{ image(id: "x") { label: id label } }',
    ],
    [
      'an enumeration of another word',
      '{ images(orderBy: [{ field: ID }]) { totalCount } }',
      '{ images(orderBy: [{ field: NOPE }]) { totalCount } }',
    ],
    [
      'another directive',
      '{ images { totalCount @skip(if: true) } }',
      '{ images { totalCount @nope(if: true) } }',
    ],
  ])('does not know %s', async (_, good, bad) => {
    expect(await ask(good)).toBeUndefined();
    expect(isValid(parse(good))).toBe(true);
    expect(isValid(parse(bad))).toBe(false);
    expect(await ask(bad)).toBeUndefined();
  });

  it('keeps the parsed document of one that came twice', async () => {
    const text = '{ images { totalCount } }';
    await ask(text);
    const second = await ask(text);
    expect(await ask(text)).toBe(second);
  });

  it('gives types no shape', () => {
    expect(shapeOf(parse('type A { b: Int }'))).toBeUndefined();
  });

  function time(text: string): string {
    return `{ images(filter: { created: { gt: "${text}" } }) { totalCount } }`;
  }
});
