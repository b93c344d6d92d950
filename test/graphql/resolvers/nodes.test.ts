import { describe, expect, it } from '@jest/globals';
import { LIST, startStack, VIEW } from '../../support/stack.js';

interface Nodes {
  nodes: ({ __typename: string; id: string } | null)[];
}

const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

describe('node and nodes', () => {
  it('finds an image by its global id', async () => {
    const { linode, gateway } = await startStack();
    const { data } = await gateway.ask(
      '{ node(id: "private/23849731") { __typename id ... on Image { label } } }',
      { token: 'alice-full' },
    );
    expect(data).toEqual({ node: { __typename: 'Image', id: 'private/23849731', label: 'web-golden' } });
    expect(linode.requests).toHaveLength(1);
  });

  it('answers in the order asked, repeats repeated, the missing null', async () => {
    const { linode, gateway } = await startStack();
    const ids = ['linode/arch', 'private/1', 'nonsense', 'private/23849731', 'linode/arch'];
    const { data, errors } = await gateway.ask<Nodes>(NODES, { token: 'alice-full', variables: { ids } });
    expect(errors).toEqual([]);
    expect(data.nodes.map((node) => node?.id ?? null)).toEqual([
      'linode/arch',
      null,
      null,
      'private/23849731',
      'linode/arch',
    ]);
    expect(linode.count(VIEW)).toBe(3);
  });

  it('leaves the others alone when one fails', async () => {
    const { linode, gateway } = await startStack();
    linode.fault({ path: '/images/linode%2Farch', status: 500 });
    const ids = ['linode/debian12', 'linode/arch', 'linode/gentoo', 'linode/arch'];
    const { data, errors } = await gateway.ask<Nodes>(NODES, { token: 'alice-full', variables: { ids } });
    expect(data.nodes.map((node) => node?.id ?? null)).toEqual([
      'linode/debian12',
      null,
      'linode/gentoo',
      null,
    ]);
    expect(errors.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['nodes', 1], 'UPSTREAM_UNAVAILABLE'],
      [['nodes', 3], 'UPSTREAM_UNAVAILABLE'],
    ]);
    expect(linode.count('GET /images/linode%2Farch')).toBe(1);
  });

  it.each([
    ['without a token', null],
    ['with a token', 'alice-full'],
  ])('takes the word of a list for unknown ids beyond a tenth of the view budget, %s', async (_, token) => {
    const { linode, gateway } = await startStack();
    const ids = Array.from({ length: 100 }, (_, i) => `linode/nope${i}`);
    const { data, errors, extensions } = await gateway.ask<Nodes>(NODES, { token, variables: { ids } });
    expect([data.nodes, errors, extensions]).toEqual([Array(100).fill(null), [], undefined]);
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([24, 1]);
  });

  it('takes 500 ids and no more', async () => {
    const { linode, gateway } = await startStack();
    const ids = Array.from({ length: 501 }, (_, i) => `private/${i + 1}`);
    const { data, errors } = await gateway.ask<Nodes>(NODES, { token: 'alice-full', variables: { ids } });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } }]);
    expect(linode.requests).toEqual([]);
  });
});
