import { expect, it } from '@jest/globals';
import { LIST, startStack, VIEW } from '../../support/stack.js';

const ALIASES = 49;
const IDS = ['private/23849731', 'private/23849498', 'linode/debian12'];

it('resolves many aliases of nodes in many turns of the event loop, by one list', async () => {
  const { gateway, linode } = await startStack();
  await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
  const ids = Array.from({ length: 300 }, (_, i) => IDS[i % IDS.length]);
  const aliases = Array.from({ length: ALIASES }, (_, i) => `a${i}: nodes(ids: $ids) { id }`);
  let turns = 0;
  let isDone = false;
  const countTurns = (): void => {
    turns++;
    if (!isDone) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  const { data, errors } = await gateway.ask<Record<string, { id: string }[]>>(
    `query ($ids: [ID!]!) { ${aliases.join(' ')} }`,
    { token: 'alice-full', variables: { ids } },
  );
  isDone = true;
  expect(errors).toEqual([]);
  expect(Object.values(data).map((nodes) => nodes.map(({ id }) => id))).toEqual(aliases.map(() => ids));
  // One to look its IDs up, and one to resolve its fields.
  expect(turns).toBeGreaterThan(2 * ALIASES);
  expect([linode.count(LIST), linode.count(VIEW)]).toEqual([1, 0]);
});
