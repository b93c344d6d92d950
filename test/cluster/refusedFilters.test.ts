import { describe, expect, it } from '@jest/globals';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();

describe('a kind of filter that Linode refuses', () => {
  const tagged = (i: 0 | 1, tag: string) =>
    stack.gateways[i].ask(`{ linodes(filter: { tag: "${tag}" }) { nodes { label } } }`, {
      token: 'alice-full',
    });
  const filtered = () => stack.linode.requests.filter(({ headers }) => headers['x-filter']).length;

  it.each([
    [0, 1],
    [1, 0],
  ] as const)('through worker %d is not tried through worker %d either', async (first, second) => {
    stack.linode.fault({
      path: '/linode/instances',
      status: 400,
      body: { errors: [{ reason: 'Cannot filter on tags', field: 'X-Filter' }] },
      times: 1,
    });
    const names = ['web-1', 'web-2', 'db-1'].map((label) => ({ label }));
    expect((await tagged(first, 'prod')).data).toEqual({ linodes: { nodes: names } });
    expect(filtered()).toBe(1);
    stack.clock.advance(10_000);
    expect((await tagged(second, 'prod')).data).toEqual({ linodes: { nodes: names } });
    stack.clock.advance(10_000);
    await tagged(first, 'web');
    expect(filtered()).toBe(1);
  });
});
