import { expect, it } from '@jest/globals';
import { startStack } from '../support/stack.js';

const ALICE = { token: 'alice-full' };
const BOB = { token: 'bob-full' };

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

it('serves a list without the rows that cannot be read, and names them each time', async () => {
  const { linode, gateway } = await startStack();
  const query = '{ all: images(first: 500) { totalCount nodes { id } } }';
  const before = await gateway.ask<{ all: { totalCount: number } }>(query, BOB);
  linode.putImage('bob-full', { id: 'private/777', size: 3e9 });
  const headers = { 'cache-control': 'no-cache' };
  for (const how of [{ ...BOB, headers }, BOB, BOB]) {
    const { data, errors } = await gateway.ask<{ all: { totalCount: number; nodes: { id: string }[] } }>(
      query,
      how,
    );
    expect(data.all.totalCount).toBe(before.data.all.totalCount);
    expect(data.all.nodes.map(({ id }) => id)).not.toContain('private/777');
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^Row \d+ \(private\/777\) of Linode's list is invalid at "size"/),
        path: ['all'],
        extensions: {
          code: 'UPSTREAM_INVALID_RESPONSE',
          row: { index: expect.any(Number), id: 'private/777', field: 'size' },
          upstream: { status: 200 },
          requestId: expect.any(String),
        },
      },
    ]);
  }
  linode.putImage('bob-full', { id: 'private/777', size: 3 });
  const after = await gateway.ask<{ all: { totalCount: number } }>(query, { ...BOB, headers });
  expect([after.data.all.totalCount, after.errors]).toEqual([before.data.all.totalCount + 1, []]);
});

it.each([
  ['regions', '/regions', '{ regions { slug } }', { id: 'us-odd' }, 'us-odd', 'label'],
  ['linodes', '/linode/instances', '{ linodes { nodes { linodeId } } }', { id: 7, label: 5 }, 7, 'label'],
])('serves %s without the rows that cannot be read', async (field, path, query, row, id, key) => {
  const { linode, gateway } = await startStack();
  const response = await fetch(`${linode.url}${path}?page_size=500`, {
    headers: { authorization: 'Bearer alice-full' },
  });
  const page = (await response.json()) as { data: object[] };
  linode.fault({ path, body: { ...page, data: [row, ...page.data] } });
  for (let i = 0; i < 2; i++) {
    const { data, errors } = await gateway.ask<Record<string, unknown>>(query, ALICE);
    const list = data[field] as unknown[] | { nodes: unknown[] };
    expect(Array.isArray(list) ? list : list.nodes).toHaveLength(page.data.length);
    expect(errors).toMatchObject([
      { path: [field], extensions: { code: 'UPSTREAM_INVALID_RESPONSE', row: { index: 0, id, field: key } } },
    ]);
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

it('describes its scalars by introspection', async () => {
  const { data } = await (
    await startStack()
  ).gateway.ask<Record<string, { description: string }>>(
    '{ time: __type(name: "DateTime") { description } url: __type(name: "URL") { description } }',
  );
  expect(data['time']?.description).toContain('RFC 3339');
  expect(data['url']?.description).toContain('byte for byte');
});
