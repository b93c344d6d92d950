import { expect, it } from '@jest/globals';
import { startStack } from '../support/stack.js';

const ALICE = { token: 'alice-full' };

it('takes a size that no Int holds for an answer that makes no sense, however it is asked for', async () => {
  const { linode, gateway } = await startStack();
  linode.putImage('alice-full', { id: 'private/777', size: 3e9 });
  for (const query of [
    '{ images { nodes { size } } }',
    '{ image(id: "private/777") { size } }',
    '{ images { nodes { size latestEvent { id } } } }',
  ]) {
    const { errors } = await gateway.ask(query, ALICE);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['UPSTREAM_INVALID_RESPONSE']);
  }
  expect(gateway.bugs).toEqual([]);
});

it('lists Linodes that Linode does not say the last change of', async () => {
  const { linode, gateway } = await startStack();
  const answer = {
    data: [
      {
        id: 1,
        label: 'odd',
        status: 'running',
        type: null,
        region: 'us-east',
        image: null,
        tags: [],
        created: '2024-01-01T00:00:00',
        updated: null,
      },
    ],
    page: 1,
    pages: 1,
    results: 1,
  };
  linode.fault({ path: '/linode/instances', body: answer });
  const { data, errors } = await gateway.ask('{ linodes { nodes { label updated } } }', ALICE);
  expect([data, errors]).toEqual([{ linodes: { nodes: [{ label: 'odd', updated: null }] } }, []]);
});

it('describes its scalars to whoever asks', async () => {
  const { data } = await (
    await startStack()
  ).gateway.ask<Record<string, { description: string }>>(
    '{ time: __type(name: "DateTime") { description } url: __type(name: "URL") { description } }',
  );
  expect(data['time']?.description).toContain('RFC 3339');
  expect(data['url']?.description).toContain('byte for byte');
});
