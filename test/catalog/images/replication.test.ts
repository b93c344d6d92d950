import { describe, expect, it } from '@jest/globals';
import { LIST, startStack, VIEW, type Stack } from '../../support/stack.js';

const ALICE = { token: 'alice-full' };

interface Polled {
  nodes: { id: string; regions: { status: string }[] }[];
}

/** Images that are `available`, and replicating. */
async function replicating(count: number): Promise<Stack & { ids: string[] }> {
  const stack = await startStack({ sandbox: { api: 'latest', rateLimits: false } });
  const ids = Array.from({ length: count }, (_, i) => `private/${1000 + i}`);
  const regions = [
    { region: 'us-east', status: 'available' },
    { region: 'us-ord', status: 'pending replication' },
  ];
  for (const id of ids) stack.linode.putImage('alice-full', { id, label: id, regions });
  await stack.gateway.ask('{ images { totalCount } }', ALICE);
  stack.linode.clearRequests();
  return { ...stack, ids };
}

const poll = async ({ gateway, ids }: Stack & { ids: string[] }) => {
  const { data, errors } = await gateway.ask<Polled>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Image { regions { status } } } }',
    { ...ALICE, variables: { ids } },
  );
  expect(errors).toEqual([]);
  return data.nodes.flatMap(({ regions }) => regions.map(({ status }) => status));
};

describe('an available image that replicates', () => {
  it.each([1, 3, 20])('is moving: polling %i of them costs as many views, and no list', async (count) => {
    const stack = await replicating(count);
    stack.clock.advance(6000);
    await poll(stack);
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([0, count]);
  });

  it('costs one list for more than 20 of them', async () => {
    const stack = await replicating(21);
    stack.clock.advance(6000);
    await poll(stack);
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 0]);
  });

  it('is read again within the freshness of a long-lived list, until its last region has it', async () => {
    const stack = await startStack({
      sandbox: { api: 'latest' },
      gateway: { settings: { maxAgeMs: 3_600_000 } },
    });
    const { gateway, linode, clock } = stack;
    const id = 'private/23912044';
    await gateway.ask('{ images { totalCount } }', ALICE);
    await gateway.ask(
      `mutation { setImageRegions(input: { id: "${id}", regions: ["us-east", "us-ord"] }) { image { id } } }`,
      ALICE,
    );
    const seen: string[] = [];
    for (let i = 0; i < 20; i++) {
      clock.advance(6000);
      seen.push((await poll({ ...stack, ids: [id] })).join());
    }
    expect([...new Set(seen)]).toEqual([
      'AVAILABLE,PENDING_REPLICATION',
      'AVAILABLE,REPLICATING',
      'AVAILABLE,AVAILABLE',
    ]);
    const moving = seen.filter((each) => each !== 'AVAILABLE,AVAILABLE').length;
    // One more view finds that it has ended.
    expect([linode.count(LIST), linode.count(VIEW)]).toEqual([1, moving + 1]);
  });
});
