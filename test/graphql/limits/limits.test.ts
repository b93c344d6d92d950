import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox({ rateLimits: false });
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const EVERY_FIELD =
  'id label description created updated createdBy isPublic deprecated size type status capabilities vendor expiry eol uploadExpiresAt';
/** 500 images with 500 Linodes each, ten times. */
const tenTimes = (first: string) =>
  Array.from(
    { length: 10 },
    (_, i) => `a${i}: images(first: ${first}) { nodes { linodes(first: ${first}) { nodes { id } } } }`,
  ).join(' ');

/** The refusal's facts, and that Linode was not troubled with it. */
async function refusalOf(query: string, variables: Record<string, unknown> = {}) {
  linode.clearRequests();
  const { status, data, errors } = await gateway.ask(query, {
    token: 'alice-full',
    variables,
    headers: { accept: 'application/graphql-response+json' },
  });
  expect(linode.requests).toEqual([]);
  expect(data).toBeUndefined();
  const { code, limit, maximum, found } = errors[0]?.extensions ?? {};
  return { status, code, limit, maximum, found, message: errors[0]?.message };
}
const REFUSED = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED' };

describe('the limits leave room for', () => {
  it('500 images with every field, as nodes and as edges', async () => {
    const { errors } = await gateway.ask(
      `{ images(first: 500) { totalCount pageInfo { endCursor hasNextPage } edges { cursor node { ${EVERY_FIELD} } } nodes { ${EVERY_FIELD} } } }`,
    );
    expect(errors).toEqual([]);
  });

  it('fifty images by fifty aliases, and five hundred nodes', async () => {
    const aliases = Array.from(
      { length: 50 },
      (_, i) => `a${i}: image(id: "linode/debian12") { ${EVERY_FIELD} }`,
    );
    expect((await gateway.ask(`{ ${aliases.join(' ')} }`)).errors).toEqual([]);
    const ids = Array.from({ length: 500 }, () => 'linode/debian12');
    const { errors } = await gateway.ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      variables: { ids },
    });
    expect(errors).toEqual([]);
  });

  it("GraphiQL's introspection", async () => {
    const ofType = '{ kind name '.repeat(1) + 'ofType { kind name '.repeat(9) + '}'.repeat(10);
    const { errors } = await gateway.ask(
      `{ __schema { types { name fields(includeDeprecated: true) { name args { name type ${ofType} } type ${ofType} } } } }`,
    );
    expect(errors).toEqual([]);
  });
});

describe('the cost', () => {
  it.each([
    ['literals', `{ ${tenTimes('500')} }`, {}],
    ['a variable', `query($n: Int) { ${tenTimes('$n')} }`, { n: 500 }],
    ['the default of a variable', `query($n: Int = 500) { ${tenTimes('$n')} }`, {}],
  ])('counts ten times 500 images with 500 Linodes each by %s', async (_, query, variables) => {
    expect(await refusalOf(query, variables)).toMatchObject({
      ...REFUSED,
      limit: 'cost',
      maximum: 150_000,
      found: 10 * (1 + 500 * (1 + 1 + 500)),
    });
  });

  it.each([
    ['a fragment', `query { ...F } fragment F on Query { ${tenTimes('500')} }`],
    [
      'fragments within fragments',
      `query { ${Array.from({ length: 10 }, (_, i) => `a${i}: images(last: 500) { ...C }`).join(' ')} } fragment C on ImageConnection { edges { node { ... on Image { linodes(last: 500) { ...L } } } } } fragment L on LinodeConnection { nodes { id } }`,
    ],
  ])('is not hidden by %s', async (_, query) => {
    expect(await refusalOf(query)).toMatchObject({ ...REFUSED, limit: 'cost' });
  });

  it('counts nodes by their number of IDs', async () => {
    const ids = Array.from({ length: 500 }, (_, i) => `private/${i}`);
    const query =
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Image { linodes(first: 500) { nodes { id } } } } }';
    expect(await refusalOf(query, { ids })).toMatchObject({ limit: 'cost', found: 500 * (1 + 1 + 500) });
  });

  it('counts the values of filters, for each is held against the whole collection', async () => {
    const aliases = Array.from({ length: 40 }, (_, i) => `a${i}: images(filter: $filter) { totalCount }`);
    const filter = { or: Array.from({ length: 500 }, (_, i) => ({ label: { contains: `x${i}` } })) };
    const query = `query($filter: ImageFilter) { ${aliases.join(' ')} }`;
    expect(await refusalOf(query, { filter })).toMatchObject({ limit: 'cost', found: 40 * (10 * 500 + 1) });
  });

  it('leaves a page out of bounds to the error of its own', async () => {
    const { errors } = await gateway.ask('{ images(first: 100000) { nodes { id } } }');
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});

describe('the limit of', () => {
  it.each([
    [
      'depth',
      `{ images { nodes ${'{ linodes { nodes { image '.repeat(4)} { id } ${'} } }'.repeat(4)} } }`,
      12,
    ],
    ['aliases', `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 50],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(21)} }`, 20],
    ['root fields', `{ ${'__typename '.repeat(51)} }`, 50],
  ])('%s is reported with its value', async (limit, query, maximum) => {
    const refusal = await refusalOf(query);
    expect(refusal).toMatchObject({ ...REFUSED, limit, maximum });
    expect(refusal.message).toBe(
      `The limit of ${limit} is ${maximum}; this operation has ${String(refusal.found)}`,
    );
  });

  it('tokens stops the parser', async () => {
    expect(await refusalOf(`{ ${'id '.repeat(2000)} }`)).toMatchObject({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
      message: expect.stringContaining('2000 tokens'),
    });
  });

  it('nesting is the parser’s too: 20,000 levels overflow nothing', async () => {
    const { message } = await refusalOf(`${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`);
    expect(message).toContain('2000 tokens');
  });

  it('variables: 60,000 levels overflow nothing', async () => {
    const filter = `${'{"not":'.repeat(40_000)}{}${'}'.repeat(40_000)}`;
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"query($f: ImageFilter) { images(filter: $f) { totalCount } }","variables":{"f":${filter}}}`,
    });
    expect(await response.json()).toMatchObject({
      errors: [
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 'depth of variables', maximum: 32 } },
      ],
    });
    expect(gateway.bugs).toEqual([]);
  });

  it('values in variables holds for lists too', async () => {
    const ids = Array.from({ length: 10_001 }, () => 'x');
    expect(await refusalOf('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toMatchObject({
      limit: 'values in variables',
    });
  });
});

it('fragments that run in circles are refused', async () => {
  const refusal = await refusalOf(
    '{ images { nodes { ...A } } } fragment A on Image { ...B } fragment B on Image { ...A }',
  );
  expect(refusal).toMatchObject(REFUSED);
  expect(refusal.message).toContain('Cannot spread fragment "A" within itself');
});

it('at most six errors are reported for a document', async () => {
  const { errors } = await gateway.ask(`{ ${Array.from({ length: 40 }, (_, i) => `nope${i}`).join(' ')} }`);
  expect(errors).toHaveLength(6);
});
