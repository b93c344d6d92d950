import { expect, it } from '@jest/globals';
import { RowErrors } from '../../src/graphql/rowErrors.js';
import { startStack, type Stack } from '../support/stack.js';

/** Values that Linode does not send for a required field of this type. */
const ODD = {
  text: [null, undefined, 7, true, [], {}],
  count: [null, undefined, -1, 1.5, 3e9, 'seven', true, [], {}],
  flag: [null, undefined, 'true', 1, [], {}],
  time: [null, undefined, '', 'yesterday', '20 May 2024', '2024-02-30T12:00:00', 1716206400, {}],
  number: [null, undefined, 0, -1, 1.5, 'x', [], {}],
  name: [null, undefined, '', 7, [], {}],
} as const;
const NO_ROWS = [null, 7, '', 'row', true, [], [[]], {}];

interface List {
  path: string;
  query: string;
  /** Of the list, in the response. */
  at: readonly string[];
  /** Its required fields. */
  fields: Readonly<Record<string, keyof typeof ODD>>;
}

const LISTS: Readonly<Record<string, List>> = {
  images: {
    path: '/images',
    query: '{ images(first: 500) { nodes { id } } }',
    at: ['images'],
    fields: {
      id: 'name',
      label: 'text',
      created: 'time',
      is_public: 'flag',
      size: 'count',
      type: 'text',
      status: 'text',
    },
  },
  'image tags': {
    path: '/images',
    query: '{ imageTags { label } }',
    at: ['imageTags'],
    fields: { id: 'name', label: 'text', size: 'count' },
  },
  regions: {
    path: '/regions',
    query: '{ regions { id } }',
    at: ['regions'],
    fields: { id: 'name', label: 'text', country: 'text', status: 'text' },
  },
  linodes: {
    path: '/linode/instances',
    query: '{ linodes(first: 500) { nodes { id } } }',
    at: ['linodes'],
    fields: { id: 'number', label: 'text', status: 'text', region: 'text', created: 'time' },
  },
  'Linodes of an image': {
    path: '/linode/instances',
    query: '{ image(id: "private/23849731") { linodes { nodes { id } } } }',
    at: ['image', 'linodes'],
    fields: { id: 'number', label: 'text', status: 'text', region: 'text', created: 'time' },
  },
  'events of an image': {
    path: '/account/events',
    query: '{ image(id: "private/23849731") { events { nodes { id } } } }',
    at: ['image', 'events'],
    fields: { id: 'number', action: 'text', status: 'text', created: 'time' },
  },
  'disks of a Linode': {
    path: '/linode/instances/54933906/disks',
    query: '{ linode(id: 54933906) { disks { id } } }',
    at: ['linode', 'disks'],
    fields: { id: 'number', label: 'text', status: 'text', size: 'count' },
  },
};

const TOKEN = 'alice-full';
const noCache = { 'cache-control': 'no-cache' };

const listIn = (data: unknown, at: readonly string[]): object[] => {
  let value = data as Record<string, unknown> | object[];
  for (const key of at) value = (value as Record<string, Record<string, unknown>>)[key] ?? {};
  return Array.isArray(value) ? value : (value['nodes'] as object[]);
};

async function rowsOf({ linode }: Stack, path: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${linode.url}${path}?page_size=500`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return ((await response.json()) as { data: Record<string, unknown>[] }).data;
}

const respondWith = ({ linode }: Stack, path: string, rows: readonly unknown[]): void => {
  linode.clearFaults();
  linode.fault({ path, body: { data: rows, page: 1, pages: 1, results: rows.length } });
};

it.each(Object.entries(LISTS))('%s: an odd row costs no other row', async (_, list) => {
  const stack = await startStack({ sandbox: { api: 'latest', rateLimits: false } });
  const ask = async () => {
    stack.clock.advance(301_000);
    const { data, errors } = await stack.gateway.ask(list.query, { token: TOKEN, headers: noCache });
    return { rows: listIn(data, list.at), errors };
  };
  const rows = await rowsOf(stack, list.path);
  const sample = rows.find((row) => JSON.stringify(row).includes('private/23849731')) ?? rows[0];
  const idKey = 'id';
  const newId = list.fields[idKey] === 'number' ? 777 : 'odd-one';
  respondWith(stack, list.path, rows);
  const expected = await ask();
  expect(expected.errors).toEqual([]);
  expect(expected.rows.length).toBeGreaterThan(0);

  const odd: { row: unknown; id: unknown; field: string }[] = [
    ...NO_ROWS.map((row) => ({ row, id: null, field: isObject(row) ? idKey : '' })),
    ...Object.entries(list.fields).flatMap(([field, kind]) =>
      ODD[kind].map((value) => ({
        row: { ...sample, [idKey]: newId, [field]: value },
        id: field === idKey ? null : newId,
        field,
      })),
    ),
  ];
  for (const { row, id, field } of odd) {
    const [before, ...after] = rows;
    respondWith(stack, list.path, [before, row, ...after]);
    const { rows: served, errors } = await ask();
    expect({ row, served }).toEqual({ row, served: expected.rows });
    expect({ row, errors }).toEqual({
      row,
      errors: [
        {
          message: expect.stringMatching(/^Row 1( \(.*\))? of Linode's list is invalid at "/),
          path: list.at,
          extensions: {
            code: 'UPSTREAM_INVALID_RESPONSE',
            row: { index: 1, id, field },
            upstream: { status: 200 },
            requestId: expect.any(String),
          },
        },
      ],
    });
    expect(stack.gateway.upstreamCalls.at(-1)?.unreadable).toHaveLength(1);
  }
  expect(stack.gateway.bugs).toEqual([]);
});

const isObject = (value: unknown): boolean => Object(value) === value && !Array.isArray(value);

const IMAGES = `{ nodes(ids: ["private/23849731", "private/23912044"]) {
  ... on Image { id linodes { totalCount } latestEvent { eventId } }
} }`;

it.each([
  ['entity', { entity: { id: 1, label: 'x', type: 'image', url: '/v4/images/private/23912044' } }, [1]],
  [
    'secondary entity',
    { secondary_entity: { id: 1, label: 'x', type: 'image', url: '/v4/images/private%2F23849731' } },
    [0],
  ],
  ['entity that is a Linode', { entity: { id: 7, url: '/v4/linode/instances/7' } }, []],
  ['unreadable entity', { entity: 'image' }, [0, 1]],
  ['missing entity', { entity: undefined }, [0, 1]],
])('an odd event with an %s is reported for the images that it may concern', async (_, change, nodes) => {
  const stack = await startStack();
  const rows = await rowsOf(stack, '/account/events');
  const odd = { ...rows[0], id: 999999999, status: null, entity: null, secondary_entity: null, ...change };
  respondWith(stack, '/account/events', [odd, ...rows]);
  const { data, errors } = await stack.gateway.ask<{ nodes: { latestEvent: unknown }[] }>(IMAGES, {
    token: TOKEN,
  });
  expect(data.nodes.map(({ latestEvent }) => latestEvent)).not.toContain(null);
  expect(errors.map(({ path }) => path)).toEqual(nodes.map((i) => ['nodes', i, 'latestEvent']));
});

it.each([
  ['another image', 'private/23912044', [1]],
  ['no image', null, []],
  ['an unreadable image', 7, [0, 1]],
])('an odd Linode of %s is reported for the images that it may concern', async (_, image, nodes) => {
  const stack = await startStack();
  const rows = await rowsOf(stack, '/linode/instances');
  respondWith(stack, '/linode/instances', [{ ...rows[0], id: 777, label: null, image }, ...rows]);
  const { errors } = await stack.gateway.ask(IMAGES, { token: TOKEN });
  expect(errors.map(({ path }) => path)).toEqual(nodes.map((i) => ['nodes', i, 'linodes']));
});

it.each([
  [
    'users',
    '/account/users',
    ['users/alice', 'users/carol'],
    { username: 'carol', email: 'c' },
    { username: 7 },
  ],
  ['events', '/account/events', ['events/1', 'events/2'], { id: 2, status: 7 }, { status: 'failed' }],
  ['Linodes', '/linode/instances', ['linodes/1', 'linodes/2'], { id: 2, label: 7 }, { label: 'x' }],
  ['disks', '/linode/instances/1/disks', ['linodes/1/disks/1', 'linodes/1/disks/2'], { id: 2, size: -1 }, 7],
])(
  'nodes: %s that cannot be read are null with an error, also where the ID cannot be read',
  async (...given) => {
    const [name, path, ids, known, unknown] = given;
    for (const odd of name === 'users' ? [unknown] : [known, unknown]) {
      const stack = await startStack();
      const fixed =
        name === 'users' ? { username: 'alice' } : { id: 1, label: 'one', size: 1, region: 'us-east' };
      const rest = { status: 'ready', action: 'x', created: '2024-05-20T12:00:00' };
      respondWith(stack, path, [{ ...rest, ...fixed }, typeof odd === 'object' ? { ...rest, ...odd } : odd]);
      const { data, errors } = await stack.gateway.ask<{ nodes: ({ id: string } | null)[] }>(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        { token: TOKEN, variables: { ids } },
      );
      expect({ name, nodes: data.nodes }).toEqual({ name, nodes: [{ id: ids[0] }, null] });
      expect(errors).toMatchObject([
        { path: ['nodes', 1], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } },
      ]);
    }
  },
);

it.each([
  ['permissions of a number', { id: 23912044, permissions: 7 }, [1]],
  ['no permissions', { id: 23912044 }, [1]],
  ['no ID', { permissions: 'read_write' }, [1]],
  ['text', 'grant', [1]],
  ['another image', { id: 5, permissions: 7 }, []],
])('a grant with %s leaves the grants of other images', async (_, odd, nodes) => {
  const stack = await startStack();
  const global = { add_images: true, add_linodes: true };
  const image = [odd, { id: 23849731, label: 'x', permissions: 'read_write' }];
  stack.linode.fault({ path: '/profile/grants', body: { global, image } });
  const { data, errors } = await stack.gateway.ask(
    `{ profile { can { createImage } } nodes(ids: ["private/23849731", "private/23912044", "linode/debian12"]) {
         ... on Image { viewerCan { update deploy } } } }`,
    { token: 'carol-restricted' },
  );
  expect(data).toEqual({
    profile: { can: { createImage: true } },
    nodes: [
      { viewerCan: { update: true, deploy: true } },
      { viewerCan: null },
      { viewerCan: { update: false, deploy: true } },
    ],
  });
  expect(errors.map(({ path }) => path)).toEqual(nodes.map((i) => ['nodes', i, 'viewerCan']));
  expect(stack.gateway.upstreamCalls.find(({ path }) => path === '/profile/grants')?.unreadable).toHaveLength(
    1,
  );
});

it('many rows on many paths make a bounded number of errors', () => {
  const errors = new RowErrors();
  const rows = Array.from({ length: 600 }, (_, index) => ({
    index,
    id: null,
    field: '',
    reason: 'no object',
  }));
  for (const key of ['a', 'b', 'c']) {
    errors.report(rows, { path: { key, prev: undefined, typename: undefined } });
  }
  expect(errors.all).toHaveLength(1001);
  expect(errors.all.at(-1)?.message).toBe("Rows of Linode's lists are invalid 800 times more");
});
