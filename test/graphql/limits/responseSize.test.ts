import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from '../../../src/config/readConfig.js';
import { jsonBytes, JsonWriter } from '../../../src/graphql/rowProjection/jsonWriter.js';
import { startStack } from '../../support/stack.js';

const containers = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, each) => sum + containers(each), 1)
    : 0;

describe('the size of a result', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'é', '語', '😀') });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      plain,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value')),
    ),
  }));

  it('is that of its JSON, but for a comma per list and object', () => {
    fc.assert(
      fc.property(value, (result) => {
        const bytes = Buffer.byteLength(JSON.stringify(result));
        expect(jsonBytes(result, Infinity)).toBeGreaterThanOrEqual(bytes);
        expect(jsonBytes(result, Infinity)).toBeLessThanOrEqual(bytes + containers(result));
      }),
    );
  });

  it('counts what long texts need to be escaped, and raw JSON as it is', () => {
    const long = '"\n\u0001'.repeat(1000);
    expect(jsonBytes(long, Infinity)).toBeGreaterThanOrEqual(JSON.stringify(long).length);
    expect(jsonBytes(new JsonWriter().raw(['["é"', ']']), Infinity)).toBe(6);
  });

  it('generates no more raw JSON, and reads no more of a list, than it takes to know', () => {
    let generated = 0;
    function* endless(): Iterable<string> {
      for (;;) {
        generated++;
        yield 'x'.repeat(100);
      }
    }
    expect(jsonBytes({ data: { rows: new JsonWriter().raw(endless()) } }, 10_000)).toBeGreaterThan(10_000);
    expect(generated).toBeLessThanOrEqual(101);
    let read = 0;
    const list = new Proxy(
      Array.from({ length: 1000 }, () => 'x'.repeat(100)),
      {
        get: (target, key) => {
          if (key !== 'length') read++;
          return Reflect.get(target, key) as unknown;
        },
      },
    );
    expect(jsonBytes([list, list, list, list], 10_000)).toBeGreaterThan(10_000);
    expect(read).toBeLessThanOrEqual(1100);
  });
});

const MAX_BYTES = 20_000;
const startSmall = () =>
  startStack({
    gateway: {
      protection: { queryLimits: { ...readConfig({}).queryLimits, maxResponseBytes: MAX_BYTES } },
    },
  });

const aliased = (count: number, selection: string): string =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: images { ${selection} }`).join(' ')} }`;

describe('a response', () => {
  it.each([
    ['rows', 'nodes { id label created description }'],
    ['rows in edges', 'edges { node { id label created description } }'],
    ['what resolvers find', 'nodes { id label progress { phase } }'],
  ])('of %s may be as large as the limit, and no larger', async (_, selection) => {
    const { gateway, linode } = await startSmall();
    const one = await gateway.ask(aliased(1, selection), { token: 'alice-full' });
    expect(one.errors).toEqual([]);
    const fitting = Math.floor(MAX_BYTES / (one.body.length * 1.05));
    expect(fitting).toBeGreaterThan(1);
    linode.clearRequests();
    const most = await gateway.ask(aliased(fitting, selection), { token: 'alice-full' });
    expect(most.errors).toEqual([]);
    const count = Math.ceil((MAX_BYTES * 1.05) / (one.body.length - 50));
    const { status, data, errors, headers } = await gateway.ask(aliased(count, selection), {
      token: 'alice-full',
    });
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors).toEqual([
      {
        message: `The limit of response bytes is ${MAX_BYTES}; select fewer fields or smaller pages`,
        extensions: {
          code: 'RESPONSE_TOO_LARGE',
          limit: 'response bytes',
          maximum: MAX_BYTES,
          requestId: headers.get('x-request-id'),
        },
      },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(gateway.operations.at(-1)?.errorCodes).toEqual(['RESPONSE_TOO_LARGE']);
    expect(linode.requests).toEqual([]);
    expect(gateway.bugs).toEqual([]);
  });

  it('to a mutation that was carried out says that its outcome is unknown', async () => {
    const { gateway, linode } = await startSmall();
    const label = 'x'.repeat(50);
    const image = Array.from({ length: 40 }, (_, i) => `i${i}: description`).join(' ');
    const { data, errors } = await gateway.ask(
      `mutation { updateImage(input: { id: "private/23849731", label: "${label}", description: "${'y'.repeat(1000)}" }) {
        image { ${image} } userErrors { code } } }`,
      { token: 'alice-full' },
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'RESPONSE_TOO_LARGE', outcome: 'unknown' } }]);
    expect(linode.requests.map(({ method }) => method)).toEqual(['PUT']);
  });

  it('counts its errors too', async () => {
    const { gateway } = await startSmall();
    const ids = Array.from({ length: 400 }, (_, i) => `private/${i + 1}`);
    const { data, errors } = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      token: 'unknown',
      variables: { ids },
    });
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions['code']).toBe('RESPONSE_TOO_LARGE');
  });
});
