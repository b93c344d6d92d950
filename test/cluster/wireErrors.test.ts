import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeError, encodeError, type WireError } from '../../src/cluster/wireErrors.js';
import * as errors from '../../src/linode/errors.js';

const travelled = (error: unknown): Error =>
  decodeError(deserialize(serialize(encodeError(error))) as WireError);

const facts = fc.record(
  {
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
    path: fc.string(),
    status: fc.integer({ min: 400, max: 599 }),
    reasons: fc.array(
      fc.record(
        { reason: fc.string(), field: fc.string() },
        { requiredKeys: ['reason'], noNullPrototype: true },
      ),
    ),
    sent: fc.boolean(),
    requiredScopes: fc.array(fc.string()),
    grantedScopes: fc.array(fc.string()),
    retryAfterMs: fc.nat(),
    isWorthRetry: fc.boolean(),
  },
  {
    requiredKeys: ['method', 'path', 'requiredScopes', 'grantedScopes', 'retryAfterMs'],
    noNullPrototype: true,
  },
);

const CLASSES = Object.values(errors).filter(
  (one) => typeof one === 'function' && one.prototype instanceof errors.LinodeError,
) as (typeof errors.LinodeForbidden)[];

describe('an error that travels', () => {
  it.each(CLASSES.map((one) => [one.name, one] as const))('stays the %s it was', (_, linodeError) => {
    fc.assert(
      fc.property(fc.string(), facts, (message, given) => {
        const error = new linodeError(message, given);
        const arrived = travelled(error);
        expect(arrived).toBeInstanceOf(linodeError);
        expect({ ...arrived }).toEqual({ ...error });
        expect(arrived.message).toBe(message);
        expect((arrived as errors.LinodeError).outcomeUnknown).toBe(error.outcomeUnknown);
        expect(errors.isOutage(arrived)).toBe(errors.isOutage(error));
      }),
    );
  });

  it('knows all seven classes of Linode', () => {
    expect(CLASSES.length).toBe(7);
  });

  it('stays an aborted operation, and is a plain one where it is not of ours', () => {
    expect(travelled(new errors.OperationAborted('left'))).toEqual(new errors.OperationAborted('left'));
    expect(travelled(new errors.OperationAborted('left'))).toBeInstanceOf(errors.OperationAborted);
    expect(travelled(new TypeError('a bug'))).toMatchObject({ name: 'Error', message: 'a bug' });
    expect(travelled('no error at all')).toMatchObject({ message: 'no error at all' });
  });
});
