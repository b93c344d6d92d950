import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { decodeCursor, encodeCursor } from '../../../src/graphql/connections/cursor.js';
import { imageOrderOf } from '../../../src/graphql/connections/imageOrder.js';
import { positionOf } from '../../../src/graphql/connections/order.js';
import { atDepth } from '../../support/depth.js';
import { startStack } from '../../support/stack.js';
import { anImage, anOrder } from '../../support/naiveImages.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('comes back as the position that it was made of', () => {
    fc.assert(
      fc.property(anImage, anOrder, (image, orderBy) => {
        const order = imageOrderOf(orderBy);
        const position = positionOf(order, image);
        const cursor = encodeCursor(order, position);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(order, cursor, 'after')).toEqual(position);
      }),
    );
  });

  it('holds any text, half a surrogate pair too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (label, isBroken) => {
        const order = imageOrderOf([{ field: 'LABEL', direction: 'ASC' }]);
        const position = [isBroken ? `${label}\ud800` : label, 'private/1'];
        expect(decodeCursor(order, encodeCursor(order, position), 'after')).toEqual(position);
      }),
    );
  });

  it('of whatever text is taken or is a BAD_USER_INPUT, never anything else', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.array(fc.jsonValue(), { maxLength: 4 }).map(encode),
      fc.array(fc.oneof(fc.constant('SIZE'), fc.jsonValue()), { maxLength: 4 }).map(encode),
    );
    fc.assert(
      fc.property(anything, anOrder, (cursor, orderBy) => {
        const order = imageOrderOf(orderBy);
        try {
          expect(decodeCursor(order, cursor, 'after')).toHaveLength(order.keys.length + 1);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphQLError);
          expect((error as GraphQLError).extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'after' });
        }
      }),
      { numRuns: atDepth(200, 1000) },
    );
  });
});

const SIZE = imageOrderOf([{ field: 'SIZE', direction: 'ASC' }]);
const GOOD = encodeCursor(SIZE, [1500, 'linode/debian12']);

const BAD: [string, string][] = [
  ['a space', ' '],
  ['no base64', '!!!'],
  ['no JSON', Buffer.from('[').toString('base64url')],
  ['no list', encode({ 0: 'SIZE' })],
  ['an empty list', encode([])],
  ['too few values', encode(['SIZE', 1])],
  ['too many values', encode(['SIZE', 1, 2, 'linode/arch'])],
  ['another direction', encode(['-SIZE', 1, 'linode/arch'])],
  ['another field', encode(['CREATED', 1, 'linode/arch'])],
  ['Linode’s own order', encode(['', 2, 'arch', 'linode/arch'])],
  ['a nested value', encode(['SIZE', [1], 'linode/arch'])],
  ['a truth value', encode(['SIZE', true, 'linode/arch'])],
  ['text where a number sorts', encode(['SIZE', 'large', 'linode/arch'])],
  ['a number for an id', encode(['SIZE', 1, 2])],
  ['no id', encode(['SIZE', 1, null])],
  ['more behind it', `${GOOD}!`],
  ['padding', `${GOOD}==`],
  ['a space before it', ` ${GOOD}`],
  ['100 kB', 'A'.repeat(100_000)],
];

describe('a cursor over HTTP', () => {
  const ask = async (argument: 'after' | 'before', cursor: string) => {
    const { linode, gateway } = await startStack();
    const answer = await gateway.ask(
      `query ($cursor: String) { images(${argument}: $cursor, orderBy: [{ field: SIZE }]) { totalCount } }`,
      { variables: { cursor } },
    );
    return { ...answer, requests: linode.requests };
  };

  it.each(BAD)('is BAD_USER_INPUT, and nothing is asked: %s', async (_, cursor) => {
    for (const argument of ['after', 'before'] as const) {
      const { data, errors, requests } = await ask(argument, cursor);
      expect(data).toEqual({ images: null });
      expect(errors).toMatchObject([{ path: ['images'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
      expect(requests).toEqual([]);
    }
  });

  it('is good for the order that it came from', async () => {
    const { errors } = await ask('after', GOOD);
    expect(errors).toEqual([]);
  });
});
