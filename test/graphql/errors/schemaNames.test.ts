import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parse, specifiedDirectives, specifiedScalarTypes, TokenKind, visit, Lexer, Source } from 'graphql';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { PACKAGE, startTestGateway, type TestGateway } from '../../support/gateway.js';

let linode: Sandbox;
/** As in production. */
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox({ rateLimits: false });
  gateway = await startTestGateway({ linodeApiUrl: linode.url, introspection: false, explain: false });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

/** Every name that the schema defines, but those that every schema has. */
const schemaNames = (): Set<string> => {
  const directory = join(PACKAGE, 'schema');
  const names = new Set<string>();
  for (const file of readdirSync(directory)) {
    visit(parse(readFileSync(join(directory, file), 'utf8')), {
      Name: ({ value }) => {
        names.add(value);
      },
    });
  }
  const everywhere = [...specifiedScalarTypes, ...specifiedDirectives].map(({ name }) => name);
  for (const name of ['Query', 'Mutation', ...everywhere]) names.delete(name);
  return names;
};
const SCHEMA_NAMES = schemaNames();

const namesIn = (text: string): string[] => text.match(/[_A-Za-z]\w*/g) ?? [];

/** Names of the schema that a message holds and the request does not: in quotes, or of a type anywhere. */
function leaked(message: string, request: string): string[] {
  const requested = new Set(namesIn(request));
  const quoted = message.match(/"[^"]*"/g) ?? [];
  const said = [
    ...quoted.flatMap(namesIn),
    ...namesIn(message).filter((name) => /^[A-Z]\w*[a-z]\w*$/.test(name)),
  ];
  return said.filter((name) => SCHEMA_NAMES.has(name) && !requested.has(name));
}

const messagesOf = async (query: string, variables: Record<string, unknown> = {}): Promise<string[]> => {
  const { errors } = await gateway.ask(query, { variables });
  // Resolvers name the arguments that they refuse, and give examples of IDs.
  const messages = errors
    .filter(({ extensions }) => extensions['argument'] === undefined)
    .map(({ message }) => message);
  const request = query + JSON.stringify(variables);
  expect(messages.map((message) => [message, leaked(message, request)])).toEqual(
    messages.map((message) => [message, []]),
  );
  return messages;
};

describe('in production an error names nothing of the schema but what the request names', () => {
  it.each<[string, string, Record<string, unknown>?]>([
    ['{ imagez { totalCount } }', 'Cannot query field "imagez".'],
    ['{ images { nope } }', 'Cannot query field "nope".'],
    ['{ images { nodes { creator { nope } } } }', 'Cannot query field "nope".'],
    ['{ node(id: "1") { label } }', 'Cannot query field "label".'],
    ['{ node(id: "1") { ... on Imag { id } } }', 'Unknown type "Imag".'],
    ['query($v: ImageFilte) { images(filter: $v) { totalCount } }', 'Unknown type "ImageFilte".'],
    ['{ images(nope: 1) { totalCount } }', 'Unknown argument "nope" on field "images".'],
    ['{ images(filter: { nope: 1 }) { totalCount } }', 'Field "nope" is not defined.'],
    ['{ images(filter: { status: [NOPE] }) { totalCount } }', 'Value "NOPE" does not exist in the enum.'],
    ['{ images(filter: { status: [1] }) { totalCount } }', 'The enum cannot represent non-enum value: 1.'],
    ['{ images(filter: "nope") { totalCount } }', 'Unexpected value "nope".'],
    ['{ images(orderBy: { direction: ASC }) { totalCount } }', 'A required field was not provided.'],
    ['{ images }', 'Field "images" must have a selection of subfields.'],
    [
      '{ images { totalCount { nope } } }',
      'Field "totalCount" must not have a selection since it has no subfields.',
    ],
    ['{ image { id } }', 'Field "image" requires an argument that was not provided.'],
    ['{ images { ... on Region { id } } }', 'Fragment cannot be spread here, as the types never match.'],
    [
      '{ images { ...F } } fragment F on Region { id }',
      'Fragment "F" cannot be spread here, as the types never match.',
    ],
    [
      '{ node(id: "1") { ... on Image { a: label } ... on Region { a: capabilities } } }',
      'Fields "a" conflict because they return conflicting types. Use different aliases on the fields to fetch both if this was intentional.',
    ],
    [
      'query($v: Int) { images(filter: $v) { totalCount } }',
      'Variable "$v" of type "Int" used in position expecting another type.',
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      'Variable "$v" has an invalid value; Field "nope" is not defined.',
      { v: { nope: 1 } },
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      'Variable "$v" has an invalid value at "v.label"; Expected the value to be an object.',
      { v: { label: 'nope' } },
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      'Variable "$v" has an invalid value at "v.status[0]"; it does not exist in the enum.',
      { v: { status: ['NOPE'] } },
    ],
    [
      'query($v: ImageFilter) { images(filter: $v) { totalCount } }',
      'Variable "$v" has an invalid value at "v.status[0]"; Expected the value not to be null.',
      { v: { status: [null] } },
    ],
    [
      'query($v: [ImageOrder!]) { images(orderBy: $v) { totalCount } }',
      'Variable "$v" has an invalid value at "v[0]"; A required field was not provided.',
      { v: [{}] },
    ],
    ['{ __schema { types { name } } }', 'Introspection is disabled'],
  ])('%s', async (...[query, message, variables]) => {
    // Not three parameters: Jest would take the third for its callback where a row has two.
    expect(await messagesOf(query, variables)).toContain(message);
  });

  it('a message that is wrong would be seen', () => {
    expect(leaked('Cannot query field "nope" on type "ImageConnection".', '{ images { nope } }')).toEqual([
      'ImageConnection',
      'ImageConnection',
    ]);
    expect(leaked('Did you mean "totalCount"?', '{ images { total } }')).toEqual(['totalCount']);
  });

  /** Documents in which every place of a name occurs. */
  const DOCUMENTS = [
    '{ images(first: 1, filter: { label: { contains: "a" }, status: [AVAILABLE] }, orderBy: [{ field: LABEL, direction: DESC }]) { totalCount nodes { id creator { username } } } }',
    'query A($id: ID!, $f: ImageFilter) @skip(if: false) { image(id: $id) { ...F } images(filter: $f) { pageInfo { hasNextPage } } } fragment F on Image { label regions: capabilities }',
    '{ node(id: "linode/debian12") { id ... on Image { status progress { phase percent } } ... on Linode { region { slug } } } }',
    'mutation($i: UpdateImageInput!) { updateImage(input: $i) { image { id } userErrors { code field message } } }',
    'mutation { createImage(input: { diskId: "1", label: "a", cloudInit: true }) { image { id } } deleteImage(input: { id: "private/1" }) { deletedImageId } }',
    '{ linodes(first: 2, filter: { region: ["us-east"], imageId: ["a"] }) { edges { cursor node { disks { filesystem } } } } viewer { email } regions { country status } }',
  ];
  const VARIABLES = [
    {},
    {
      id: 'private/1',
      f: { size: { gt: 1 }, created: { lt: '2026-01-01T00:00:00Z' } },
      i: { id: 'private/1' },
    },
    { id: 5.5, f: { sizes: { gt: 1 } }, i: { label: null } },
    { id: null, f: { status: ['AVAILABL'], type: 'MANUAL', label: 'x' }, i: { id: [], lable: 'x' } },
    { id: {}, f: [], i: 'x' },
  ];
  /** Where a document has names, and what they are. */
  const placesOf = (document: string) => {
    const lexer = new Lexer(new Source(document));
    const places: { start: number; end: number; value: string }[] = [];
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      if (token.kind === TokenKind.NAME)
        places.push({ start: token.start, end: token.end, value: token.value });
    }
    return places;
  };
  const misspelling = (name: string): fc.Arbitrary<string> =>
    fc.tuple(fc.nat(name.length - 1), fc.constantFrom('delete', 'double', 'case', 's')).map(([at, how]) => {
      const letter = name.charAt(at);
      const swapped = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
      const by = { delete: '', double: letter + letter, case: swapped, s: `${letter}s` }[how] ?? '';
      return name.slice(0, at) + by + name.slice(at + 1) || 'x';
    });
  const brokenDocument = fc
    .constantFrom(...DOCUMENTS)
    .chain((document) =>
      fc
        .constantFrom(...placesOf(document))
        .chain(({ start, end, value }) =>
          fc
            .oneof(misspelling(value), fc.constantFrom(...SCHEMA_NAMES), fc.constant('nope'), fc.constant(''))
            .map((name) => document.slice(0, start) + name + document.slice(end)),
        ),
    );

  it('whichever name of a document is made up', async () => {
    await fc.assert(
      fc.asyncProperty(brokenDocument, fc.constantFrom(...VARIABLES), async (document, variables) => {
        await messagesOf(document, variables);
      }),
      { numRuns: 200 },
    );
  });
});
