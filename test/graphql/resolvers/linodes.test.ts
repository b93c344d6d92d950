import { describe, expect, it } from '@jest/globals';
import { callsOf, growAccount } from '../../support/grownAccount.js';
import { startStack, type Stack } from '../../support/stack.js';

const LINODES = /^GET \/linode\/instances\?/;
const token = 'alice-full';

interface Linodes {
  linodes: { totalCount: number; nodes: { id: string; label: string }[] };
}

const FIND = 'query ($filter: LinodeFilter) { linodes(filter: $filter) { totalCount nodes { id label } } }';

const headerOf = ({ linode }: Stack): string | undefined =>
  linode.requests.find(({ line }) => line.search(LINODES) === 0)?.headers['x-filter'] as string | undefined;

async function find(at: Stack, filter: unknown): Promise<string[]> {
  const { data, errors } = await at.gateway.ask<Linodes>(FIND, { token, variables: { filter } });
  expect(errors).toEqual([]);
  return data.linodes.nodes.map(({ label }) => label);
}

describe('linodes', () => {
  it.each<[string, object, object | undefined, string[]]>([
    ['a label', { label: { eq: 'db-1' } }, { label: 'db-1' }, ['db-1']],
    [
      'labels',
      { label: { in: ['db-1', 'jobs'] } },
      { '+or': [{ label: 'db-1' }, { label: 'jobs' }] },
      ['db-1', 'jobs'],
    ],
    [
      'a part of the label',
      { label: { contains: 'WEB-S' } },
      { label: { '+contains': 'WEB-S' } },
      ['web-staging'],
    ],
    [
      'what the label is not',
      { label: { neq: 'web-1', contains: 'web' } },
      { label: { '+contains': 'web' } },
      ['web-2', 'web-staging'],
    ],
    ['a tag', { tag: 'prod' }, { tags: 'prod' }, ['web-1', 'web-2', 'db-1']],
    ['a region', { region: ['regions/eu-central'] }, { region: 'eu-central' }, ['web-2']],
    [
      'regions',
      { region: ['eu-central', 'nl-ams'] },
      { '+or': [{ region: 'eu-central' }, { region: 'nl-ams' }] },
      ['web-2', 'jobs'],
    ],
    ['an image', { imageId: ['private/23849731'] }, { image: 'private/23849731' }, ['web-1', 'web-2']],
    [
      'all of these',
      { tag: 'prod', region: ['us-east'], label: { contains: 'b' } },
      { '+and': [{ label: { '+contains': 'b' } }, { region: 'us-east' }, { tags: 'prod' }] },
      ['web-1', 'db-1'],
    ],
    [
      'nothing that the API knows',
      { label: { neq: 'web-1', isNull: false } },
      undefined,
      ['web-2', 'web-staging', 'db-1', 'bastion', 'jobs', 'archive', 'scratch'],
    ],
    [
      'null, which is absent',
      { label: null, tag: null, region: null, imageId: null },
      undefined,
      ['web-1', 'web-2', 'web-staging', 'db-1', 'bastion', 'jobs', 'archive', 'scratch'],
    ],
  ])('are filtered by %s', async (_, filter, xFilter, labels) => {
    const at = await startStack();
    expect(await find(at, filter)).toEqual(labels);
    const header = headerOf(at);
    expect(header && JSON.parse(header)).toEqual(xFilter);
    expect(at.linode.requests).toHaveLength(1);
  });

  it.each([
    { region: [] },
    { region: ['../account'] },
    { imageId: [] },
    { label: { in: [] } },
    { label: { isNull: true } },
  ])('are none, without a call, by %j', async (filter) => {
    const at = await startStack();
    expect(await find(at, filter)).toEqual([]);
    expect(at.linode.requests).toEqual([]);
  });

  it('are filtered exactly where the API would let more through', async () => {
    const at = await startStack();
    at.linode.fault({
      path: '/linode/instances',
      body: {
        data: [row(1, 'web'), row(2, 'WEB'), row(3, 'web-2')],
        page: 1,
        pages: 1,
        results: 3,
      },
    });
    expect(await find(at, { label: { eq: 'web' } })).toEqual(['web']);
  });

  it('are filtered here where Linode refuses the filter', async () => {
    const at = await startStack();
    at.linode.fault({
      path: '/linode/instances',
      status: 400,
      body: { errors: [{ reason: 'Cannot filter on tags', field: 'X-Filter' }] },
      times: 1,
    });
    expect(await find(at, { tag: 'prod' })).toEqual(['web-1', 'web-2', 'db-1']);
    at.clock.advance(10_000);
    expect(await find(at, { tag: 'web' })).toEqual(['web-1', 'web-2', 'web-staging']);
    expect(at.linode.count(LINODES)).toBe(3);
    // Other filters are still tried.
    at.linode.clearRequests();
    await find(at, { region: ['us-east'] });
    expect(headerOf(at)).toBe('{"region":"us-east"}');
  });

  it('cannot be asked for with operators or letters that a header cannot carry', async () => {
    const at = await startStack();
    expect(await find(at, { label: { eq: '{"+neq":"x"}\r\nx: ü€𝄞' } })).toEqual([]);
    expect(headerOf(at)).toBe('{"label":"{\\"+neq\\":\\"x\\"}\\r\\nx: \\u00fc\\u20ac\\ud834\\udd1e"}');
  });

  it('come from all pages, the first alone and the rest at once', async () => {
    const at = await startStack();
    growAccount(at, 1203);
    const { data, errors } = await at.gateway.ask<Linodes>(
      '{ linodes(last: 2) { totalCount nodes { id label } } }',
      { token: 'rows-1203' },
    );
    expect(errors).toEqual([]);
    expect(data.linodes.totalCount).toBe(1203);
    expect(data.linodes.nodes.map(({ id }) => id)).toEqual(['linodes/60001201', 'linodes/60001202']);
    expect(at.linode.requests.map(({ query }) => query).sort()).toEqual(
      [1, 2, 3].map((page) => `page=${page}&page_size=500`),
    );
  });

  it('take a word that Linode adds tomorrow for unknown', async () => {
    const at = await startStack();
    at.linode.addAccount({
      tokens: [{ token: 'new', username: 'new', scopes: '*' }],
      linodes: [{ status: 'busy', type: null, region: 'mars' }],
    });
    const { data, errors } = await at.gateway.ask(
      '{ linodes { nodes { status typeId region { id } tags created } } }',
      { token: 'new' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      linodes: {
        nodes: [{ status: 'UNKNOWN', typeId: null, region: null, tags: [], created: '2024-05-20T12:00:00Z' }],
      },
    });
  });
});

const row = (id: number, label: string) => ({
  id,
  label,
  status: 'running',
  type: null,
  region: 'us-east',
  image: null,
  tags: [],
  created: '2024-01-01T00:00:00',
  updated: '2024-01-01T00:00:00',
});

describe('one object', () => {
  it.each([
    ['linode(id: "54933906") { id linodeId }', { linode: { id: 'linodes/54933906', linodeId: '54933906' } }],
    ['linode(id: 54933906) { label }', { linode: { label: 'web-1' } }],
    ['linode(id: "linodes/54933906") { label }', { linode: { label: 'web-1' } }],
    [
      'region(id: "us-east") { id label country status }',
      { region: { id: 'regions/us-east', label: 'Newark, NJ', country: 'us', status: 'OK' } },
    ],
    ['region(id: "regions/us-east") { slug }', { region: { slug: 'us-east' } }],
    ['region(id: "us-nowhere") { slug }', { region: null }],
    ['linode(id: 1) { id }', { linode: null }],
    [
      'viewer { id username email restricted }',
      { viewer: { id: 'users/alice', username: 'alice', email: 'alice@example.com', restricted: false } },
    ],
    [
      'node(id: "regions/us-east") { __typename id }',
      { node: { __typename: 'Region', id: 'regions/us-east' } },
    ],
    [
      'node(id: "linodes/54933906") { __typename id }',
      { node: { __typename: 'Linode', id: 'linodes/54933906' } },
    ],
    [
      'node(id: "linodes/54933906/disks/109867812") { __typename id ... on Disk { diskId label filesystem size status created linode { label } } }',
      {
        node: {
          __typename: 'Disk',
          id: 'linodes/54933906/disks/109867812',
          diskId: '109867812',
          label: 'web-1 Disk',
          filesystem: 'ext4',
          size: 25088,
          status: 'READY',
          created: '2024-02-16T03:15:27Z',
          linode: { label: 'web-1' },
        },
      },
    ],
    ['node(id: "users/dave") { __typename id }', { node: { __typename: 'User', id: 'users/dave' } }],
    ['node(id: "users/missing") { id }', { node: null }],
    [
      'node(id: "events/649332301") { __typename id }',
      { node: { __typename: 'Event', id: 'events/649332301' } },
    ],
    ['node(id: "events/1") { id }', { node: null }],
    ['node(id: "linodes/1/disks/1") { id }', { node: null }],
  ])('is found: %s', async (field, expected) => {
    const { gateway, linode } = await startStack();
    const { data, errors } = await gateway.ask(`{ ${field} }`, { token });
    expect(errors).toEqual([]);
    expect(data).toEqual(expected);
    expect(linode.requests.length).toBeLessThanOrEqual(2);
  });

  it.each([
    'region(id: "../account")',
    'region(id: "")',
    'linode(id: "54933906/disks")',
    'linode(id: "-1")',
    'linode(id: "99999999999999999999")',
    'node(id: "users/..")',
    'node(id: "users/a/b")',
    'node(id: "events/0x1")',
    'node(id: "linodes/linodes/1")',
    'node(id: "regions/regions/us-east")',
    'node(id: "54933906")',
  ])('is not, and nothing travels: %s', async (field) => {
    const { gateway, linode } = await startStack();
    const { data, errors } = await gateway.ask(`{ found: ${field} { id } }`, { token });
    expect(errors).toEqual([]);
    expect(data).toEqual({ found: null });
    expect(linode.requests).toEqual([]);
  });

  it('is one of many asked for by one call of each kind', async () => {
    const at = await startStack();
    const ids = [
      ...['linodes/54933906', 'linodes/54973909', 'linodes/1'],
      ...['users/alice', 'users/dave', 'users/erin'],
      ...['events/649332301', 'events/649332302', 'events/7'],
      ...['linodes/54973909/disks/109947818', 'linodes/54973909/disks/109947819'],
      ...['regions/us-east', 'regions/eu-west', 'private/23849731'],
    ];
    const { data, errors } = await at.gateway.ask<{ nodes: ({ id: string } | null)[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { token, variables: { ids } },
    );
    expect(errors).toEqual([]);
    const missing = ['linodes/1', 'users/erin', 'events/7'];
    expect(data.nodes.map((node) => node?.id ?? null)).toEqual(
      ids.map((id) => (missing.includes(id) ? null : id)),
    );
    expect(callsOf(at)).toEqual([
      'GET /account/events',
      'GET /account/users',
      'GET /images/private/23849731',
      'GET /linode/instances',
      'GET /linode/instances/54973909/disks',
      'GET /regions',
    ]);
  });

  it("of another account's is not found", async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask<{ nodes: unknown[] }>(
      '{ nodes(ids: ["linodes/54100001", "linodes/54100001/disks/108200002", "users/bob", "events/648110001"]) { id } }',
      { token },
    );
    expect(errors).toEqual([]);
    expect(data.nodes).toEqual([null, null, null, null]);
  });
});
