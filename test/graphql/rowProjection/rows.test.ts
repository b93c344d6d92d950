import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  execute,
  getNamedType,
  introspectionFromSchema,
  isLeafType,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  printSchema,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
} from 'graphql';
import { join } from 'node:path';
import { contextFactory, type GraphQLContext } from '../../../src/graphql/context.js';
import { createRowProjection } from '../../../src/graphql/rowProjection/rowProjection.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { callerOf } from '../../../src/linode/caller.js';
import { LiveImages } from '../../../src/live/liveImages.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { atDepth } from '../../support/depth.js';
import { PACKAGE, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { manualClock } from '../../support/manualClock.js';

const RUNS = atDepth(250, 1500);

const FIELDS =
  '__typename id label description created updated createdBy isPublic deprecated size type status capabilities vendor expiry eol uploadExpiresAt tags totalSize isShared shareGroupCount'.split(
    ' ',
  );

const field = fc.constantFrom(...FIELDS);
const isAliased = fc.boolean();
const directive = fc.constantFrom(
  '',
  '',
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @skip(if: $yes)',
  ' @skip(if: false)',
);

/** Selections on an image: fields, aliases, fragments, directives, a connection now and then. */
const { selection } = fc.letrec<{ selection: string; part: string }>((tie) => ({
  selection: fc.array(tie('part'), { minLength: 1, maxLength: 6 }).map((parts) => `{ ${parts.join(' ')} }`),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(isAliased, field, directive)
      .map(([is, what, when]) => `${is ? `the_${what}: ` : ''}${what}${when}`),
    fc.constantFrom(
      '...F',
      '...F @include(if: $yes)',
      'creator { username }',
      'linodes(first: 1) { totalCount }',
      'regions { regionId status }',
      'regions { ...R }',
      'regions { status here: regionId __typename ... on ImageRegion { regionId } }',
      'where: regions { regionId region { slug } }',
      'sharedBy { shareGroupLabel }',
    ),
    fc.constantFrom('... on Node { id }', '... on Node @skip(if: $yes) { id }'),
    fc
      .tuple(fc.constantFrom('', ' on Image'), directive, tie('selection'))
      .map(([on, when, inner]) => `...${on}${when} ${inner}`),
  ),
}));

const connection = fc
  .array(
    fc.oneof(
      selection.map((inner) => `nodes ${inner}`),
      selection.map((inner) => `more: nodes ${inner}`),
      selection.map((inner) => `edges { cursor node ${inner} }`),
      selection.map((inner) => `edges { it: node ${inner} node { id } }`),
      fc.constantFrom(
        'totalCount',
        'pageInfo { hasNextPage endCursor }',
        '__typename',
        '...C',
        'nodes @include(if: $yes) { id }',
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => `{ ${parts.join(' ')} }`);

const document = fc
  .record({
    connections: fc.array(
      fc.tuple(fc.constantFrom('', 'x: ', 'y: '), fc.integer({ min: 1, max: 60 }), connection),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    fragment: selection.filter((inner) => !inner.includes('...F')),
    last: fc.constantFrom(
      '',
      'bad: images(first: 501) { nodes { id } }',
      'one: image(id: "linode/debian12") { id label }',
    ),
  })
  .map(
    ({ connections, fragment, last }) => `query Q($yes: Boolean!) {
      ${connections.map(([name, first, inner]) => `${name}images(first: ${first}) ${inner}`).join('\n')} ${last}
    }
    fragment F on Image ${fragment}
    fragment C on ImageConnection { totalCount nodes { size } }
    fragment R on ImageRegion { status }`,
  );

/** What is generated need not use all that it declares. */
const RULES = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule,
);

describe('lists of images taken as rows', () => {
  const schema = createSchema(join(PACKAGE, 'schema'));
  const schemaWithRows = createSchema(join(PACKAGE, 'schema'));
  const { project, stringify } = createRowProjection(schemaWithRows);
  const clock = manualClock();
  let linode: Sandbox;
  let gateway: TestGateway;

  beforeAll(async () => {
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    gateway = await startTestGateway({ linodeApiUrl: linode.url, clock });
  });
  afterAll(async () => {
    await gateway.close();
    await linode.close();
  });

  const live = (): LiveImages =>
    new LiveImages({
      catalogs: gateway.catalogs,
      clock,
      settings: { maxAgeMs: 5000, anonymousMaxAgeMs: 60_000, requestTimeoutMs: 10_000 },
      reportInternalError: () => undefined,
    });
  const context = (): GraphQLContext =>
    contextFactory({ catalogs: gateway.catalogs, clock, imageRegionsExcept: [], live: live() })({
      caller: callerOf('alice-full'),
      requestId: 'test',
      terms: { deadlineAt: Infinity, signal: new AbortController().signal },
      maxAgeMs: undefined,
      explains: false,
      onObserved: () => undefined,
    });

  async function executeRows(parsed: DocumentNode, variableValues: object): Promise<ExecutionResult> {
    return execute({
      schema: schemaWithRows,
      document: project(parsed),
      variableValues: { ...variableValues },
      contextValue: context(),
    });
  }

  it('are nothing that a client could see', () => {
    expect(printSchema(schemaWithRows)).toBe(printSchema(schema));
    expect(introspectionFromSchema(schemaWithRows)).toEqual(introspectionFromSchema(schema));
    const [shown, hidden] = [schema, schemaWithRows].map((one) => one.getTypeMap());
    expect(Object.keys(hidden ?? {})).toEqual(Object.keys(shown ?? {}));
    const text = '{ images { nodes as rows } }';
    const errors = validate(schemaWithRows, parse(text)).map(({ message }) => message);
    expect(errors).toEqual(validate(schema, parse(text)).map(({ message }) => message));
    expect(errors.length).toBeGreaterThan(0);
  });

  it('answer as graphql-js does, to the byte, over thousands of documents', async () => {
    let valid = 0;
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(document, fc.boolean(), async (text, yes) => {
        const parsed = parse(text);
        if (validate(schema, parsed, RULES).length > 0) return;
        valid++;
        if (project(parsed) !== parsed) taken++;
        const [rows, plain] = [
          await executeRows(parsed, { yes }),
          await execute({ schema, document: parsed, variableValues: { yes }, contextValue: context() }),
        ];
        expect(stringify(rows).toString()).toBe(`${JSON.stringify(plain)}\n`);
      }),
      { numRuns: RUNS },
    );
    // Else the generator would show nothing.
    expect(valid).toBeGreaterThan(RUNS / 3);
    expect(taken).toBeGreaterThan(RUNS / 15);
    expect(valid - taken).toBeGreaterThan(RUNS / 15);
  }, 120_000);

  it.each([
    ['nodes in plain fields', '{ images { nodes { id label } } }', true],
    [
      'edges in plain fields',
      '{ images { edges { cursor node { id ...F } } } } fragment F on Image { size }',
      true,
    ],
    ['nodes under other names', '{ images { nodes { id: label label: id } } }', true],
    [
      'nodes with plain objects',
      '{ images { nodes { id regions { regionId status } sharedBy { sourceImageId } } } }',
      true,
    ],
    [
      'nodes with a resolver in an object',
      '{ images { nodes { regions { regionId region { slug } } } } }',
      false,
    ],
    [
      'nodes with an object that is asked for twice',
      '{ images { nodes { regions { regionId } regions { status } } } }',
      false,
    ],
    ['nodes with a connection', '{ images { nodes { id creator { username } } } }', false],
    ['nodes with a directive', '{ images { nodes { id @skip(if: true) } } }', false],
    ['nodes that are asked for twice', '{ images { nodes { id } nodes { label } } }', false],
    [
      'nodes beside a fragment',
      '{ images { nodes { id } ...C } } fragment C on ImageConnection { nodes { label } }',
      false,
    ],
    ['connections that are asked for twice', '{ images { nodes { id } } images { nodes { label } } }', false],
    ['nodes under a forbidden name', '{ images { nodes { __proto__: id } } }', false],
    ['a mutation', 'mutation { deleteImage(input: { id: "x" }) { deletedImageId } }', false],
  ])('are %s, or not', (_, text, isTaken) => {
    const parsed = parse(text);
    expect(validate(schema, parsed)).toEqual([]);
    expect(project(parsed) !== parsed).toBe(isTaken);
  });

  it('hold every field of an image that has no resolver', () => {
    const image = schema.getType('Image') as GraphQLObjectType;
    const leaves = Object.values(image.getFields()).filter(({ type }) => isLeafType(getNamedType(type)));
    expect(leaves.map(({ name }) => name)).toEqual(expect.arrayContaining(FIELDS.slice(1)));
    for (const { name } of leaves) {
      const parsed = parse(`{ images { nodes { ${name} } } }`);
      expect([name, project(parsed) !== parsed]).toEqual([name, true]);
    }
  });

  it('look at a fragment once, however often fragments spread it', () => {
    const depth = 20;
    const text = Array.from(
      { length: depth },
      (_, i) => `fragment F${i} on Image { ...F${i + 1} ...F${i + 1} }`,
    ).join(' ');
    const parsed = parse(`{ images { nodes { ...F0 } } } ${text} fragment F${depth} on Image { id }`);
    const last = parsed.definitions.at(-1) as FragmentDefinitionNode;
    const { selectionSet } = last;
    let looks = 0;
    Object.defineProperty(last, 'selectionSet', {
      get: () => {
        looks++;
        return selectionSet;
      },
    });
    expect(project(parsed)).not.toBe(parsed);
    expect(looks).toBe(1);
  });

  it('leave an unknown operation name to graphql-js', async () => {
    for (const operationName of ['B', 'a']) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'query A { images { nodes { id } } }', operationName }),
      });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    }
    expect(gateway.bugs).toEqual([]);
  });

  it('are no reason to take a subscription for a bug', async () => {
    const { errors } = await gateway.ask('subscription { imageChanges { imageId } }');
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(gateway.bugs).toEqual([]);
  });

  it('are invisible to clients', async () => {
    const { body } = await gateway.ask('{ __type(name: "ImageConnection") { fields { name } } }');
    expect(body).not.toContain('_nodes');
    const { errors } = await gateway.ask('{ images { _nodes } }');
    expect(errors[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
