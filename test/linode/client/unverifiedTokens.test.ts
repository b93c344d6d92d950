import { expect, it } from '@jest/globals';
import { LIST, startStack, type Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const DISKS = times(60, (i) => `linodes/${i + 1}/disks/1`);
const VIEW = '{ image(id: "private/1") { id } }';
const MANY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

const OPERATIONS: readonly [name: string, query: string, variables: Record<string, unknown>][] = [
  ['a list', '{ images { totalCount } }', {}],
  ['a view', VIEW, {}],
  ['20 views', MANY, { ids: times(20, (i) => `private/${i + 1}`) }],
  ['more views than a list costs', MANY, { ids: times(60, (i) => `private/${i + 1}`) }],
  ['60 disks', MANY, { ids: DISKS }],
  [
    'a list, a view and their edges',
    `{ images { nodes { id creator { id } latestEvent { id } linodes { totalCount } viewerCan { update } } }
       image(id: "private/1") { id } viewer { id } profile { can { createImage } } linodes { totalCount } }`,
    {},
  ],
  ['a write', 'mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }', {}],
  [
    '40 writes',
    `mutation { ${times(40, (i) => `d${i}: deleteImage(input: { id: "private/${i + 1}" }) { deletedImageId }`).join('\n')} }`,
    {},
  ],
];

const codesOf = async (
  { gateway }: Stack,
  query: string,
  token: string,
  variables?: Record<string, unknown>,
) => {
  const { errors } = await gateway.ask(query, { token, ...(variables && { variables }) });
  return new Set(errors.map(({ extensions }) => extensions['code']));
};

it.each(OPERATIONS)('a token that Linode refuses costs few calls for %s', async (_, query, variables) => {
  const stack = await startStack({ sandbox: { rateLimits: false } });
  expect(await codesOf(stack, query, 'invented', variables)).toEqual(new Set(['UNAUTHENTICATED']));
  const first = stack.linode.requests.length;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(6);
  // From then on one at a time, and less and less often.
  const sent: number[] = [];
  for (let second = 4; second <= 60; second += 4) {
    stack.clock.advance(4000);
    const before = stack.linode.requests.length;
    await codesOf(stack, query, 'invented', variables);
    if (stack.linode.requests.length > before) sent.push(second);
    expect(stack.linode.requests.length - before).toBeLessThanOrEqual(1);
  }
  expect(sent).toEqual([4, 8, 16, 32]);
});

it('a view that shows that the token is refused is followed by no list, for any number of tokens', async () => {
  const stack = await startStack();
  for (let i = 0; i < 420; i += 30)
    await Promise.all(times(30, (j) => codesOf(stack, VIEW, `invented-${i + j}`)));
  // Beyond 400 a minute Linode responds with 429 to all tokens that it does not know.
  expect(stack.linode.requests).toHaveLength(420);
  expect(stack.linode.count(LIST)).toBe(0);
});

it.each([
  ['without a Retry-After', {}],
  ['with a Retry-After that fits', { 'retry-after': '1' }],
])('nor is one that shows a 429 %s', async (_, headers) => {
  const stack = await startStack();
  stack.linode.fault({ status: 429, headers });
  const asked = times(20, (i) => codesOf(stack, VIEW, `invented-${i}`));
  const all = Promise.all(asked);
  let isDone = false;
  void all.then(() => (isDone = true));
  await until(() => {
    stack.clock.advance(100);
    return isDone;
  }, 'the responses');
  expect(new Set((await all).flatMap((codes) => [...codes]))).toEqual(new Set(['RATE_LIMITED']));
  expect(stack.linode.count(LIST)).toBe(0);
  expect(stack.linode.requests.length).toBeLessThanOrEqual(60);
});

it('one address causes few calls with invented tokens, however much each of them requests', async () => {
  const stack = await startStack({
    sandbox: { rateLimits: false },
    gateway: { protection: { rateLimitPerMinute: 1000 } },
  });
  for (let i = 0; i < 25; i++) await codesOf(stack, MANY, `invented-${i}`, { ids: DISKS });
  expect(stack.linode.requests.length).toBeLessThanOrEqual(20 * 6);
});

it('a token that Linode accepts has all its calls at once after the first response', async () => {
  const stack = await startStack({ sandbox: { rateLimits: false } });
  const token = 'alice-full';
  let arrived = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  stack.linode.fault({
    before: () => {
      arrived++;
      return arrived > 1 ? gate : Promise.resolve();
    },
  });
  const answer = codesOf(stack, MANY, token, { ids: DISKS });
  await until(() => arrived >= 24, 'all calls that one caller may have in flight');
  open();
  expect(await answer).toEqual(new Set());
});

it('a token that Linode accepts again after it was refused works as before', async () => {
  const stack = await startStack();
  const repair = stack.linode.fault({ token: 'alice-full', status: 401 });
  expect(await codesOf(stack, '{ images { totalCount } }', 'alice-full')).toEqual(
    new Set(['UNAUTHENTICATED']),
  );
  repair();
  stack.clock.advance(2000);
  expect(await codesOf(stack, '{ images { totalCount } viewer { id } }', 'alice-full')).toEqual(new Set());
});
