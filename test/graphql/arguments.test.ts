import { unwrapResolverError } from '@apollo/server/errors';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, graphql } from 'graphql';
import { formatError, isInternalError } from '../../src/graphql/errors/formatError.js';
import { startStack } from '../support/stack.js';

/** A variable may be null and has a default, which lets it stand where null may not. */
const NULLS: [name: string, document: string, argument: string][] = [
  ['an id', 'query($v: ID = "linode/debian12") { image(id: $v) { id } }', 'id'],
  ['@skip of a root field', 'query($v: Boolean = true) { regions @skip(if: $v) { id } }', 'if'],
  ['@include of a root field', 'query($v: Boolean = true) { regions @include(if: $v) { id } }', 'if'],
  ['one of several ids', 'query($v: ID = "linode/debian12") { nodes(ids: [$v]) { id } }', 'ids'],
  [
    "an order's field",
    'query($v: ImageOrderField = LABEL) { images(orderBy: [{ field: $v }]) { totalCount } }',
    'orderBy',
  ],
  [
    "an order's direction",
    'query($v: OrderDirection = ASC) { images(orderBy: [{ field: LABEL, direction: $v }]) { totalCount } }',
    'orderBy',
  ],
  [
    "a mutation's input",
    'mutation($v: DeleteImageInput = { id: "private/1" }) { deleteImage(input: $v) { deletedImageId } }',
    'input',
  ],
  [
    "a mutation's id",
    'mutation($v: ID = "private/1") { updateImage(input: { id: $v, label: "a-secret" }) { image { id } } }',
    'input',
  ],
  [
    'a region',
    'mutation($v: ID = "us-east") { initiateImageUpload(input: { label: "a-secret", region: $v }) { uploadTo } }',
    'input',
  ],
];

describe('a null variable where none may be', () => {
  it.each(NULLS)('is the client’s mistake, and asks nothing of Linode: %s', async (_, document, argument) => {
    const { linode, gateway } = await startStack();
    const answer = await gateway.ask(document, { token: 'alice-full', variables: { v: null } });
    const { requestId, ...extensions } = answer.errors[0]?.extensions ?? {};
    expect(requestId).toBe(answer.headers.get('x-request-id'));
    expect(answer.errors).toHaveLength(1);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
    expect(answer.errors[0]?.message).toContain(`Argument "${argument}"`);
    expect(answer.body).not.toContain('a-secret');
    expect(gateway.bugs).toEqual([]);
    expect(gateway.operations).toMatchObject([{ errorCodes: ['BAD_USER_INPUT'] }]);
    expect(linode.requests).toEqual([]);
  });

  it('leaves siblings alone, below the root too', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask(
      `query($v: Boolean = true) {
        bad: image(id: "linode/debian12") { id label @skip(if: $v) }
        good: image(id: "linode/debian12") { id }
      }`,
      { variables: { v: null } },
    );
    expect(data).toEqual({ bad: null, good: { id: 'linode/debian12' } });
    expect(errors).toMatchObject([{ path: ['bad'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.bugs).toEqual([]);
  });
});

it('more bad variables than are listed are the client’s mistake', async () => {
  const { linode, gateway } = await startStack();
  const names = Array.from({ length: 9 }, (_, i) => `v${i}`);
  const { errors } = await gateway.ask(
    `query(${names.map((name) => `$${name}: Int!`)}) {
      ${names.map((name) => `${name}: images(first: $${name}) { totalCount }`).join(' ')}
    }`,
  );
  expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(new Set(['BAD_USER_INPUT']));
  expect(gateway.bugs).toEqual([]);
  expect(linode.requests).toEqual([]);
});

describe('what graphql-js throws at an answer of ours stays a bug', () => {
  const schema = buildSchema(`
    type Query { text(of: String = ""): String! texts: [String!] word: Word thing: Thing }
    enum Word { GOOD }
    interface Thing { id: ID! }
    type Real implements Thing { id: ID! }
  `);
  const boom = () => {
    throw new TypeError('x is not a function');
  };
  it.each([
    ['null where none may be', '{ text }', { text: null }],
    ['null where none may be, behind an argument', '{ text(of: "x") }', { text: () => null }],
    ['null in a list', '{ texts }', { texts: ['a', null] }],
    ['no list', '{ texts }', { texts: 5 }],
    ['a word that the enum has not', '{ word }', { word: 'BAD' }],
    ['a thing of no type', '{ thing { id } }', { thing: {} }],
    ['a thing of a type that is not there', '{ thing { id } }', { thing: { __typename: 'Unreal' } }],
    ['an exception', '{ text }', { text: boom }],
  ])('%s', async (_, source, rootValue) => {
    const { errors = [] } = await graphql({ schema, source, rootValue });
    expect(errors).toHaveLength(1);
    for (const error of errors) {
      expect(isInternalError(unwrapResolverError(error))).toBe(true);
      expect(formatError(error.toJSON(), error)).toMatchObject({
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
    }
  });
});

it.each(['first: 2147483648', 'filter: { size: { gt: 99999999999 } }'])(
  'a number beyond 32 bits is a bad argument as a literal too: %s',
  async (argument) => {
    const { gateway } = await startStack();
    const { errors } = await gateway.ask(`{ images(${argument}) { totalCount } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  },
);
