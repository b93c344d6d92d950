import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { callsOf, growAccount, type Grown } from '../support/grownAccount.js';
import { PACKAGE, type Answer } from '../support/gateway.js';
import { startStack, type Stack } from '../support/stack.js';

const OPERATIONS = join(PACKAGE, 'examples', 'operations');

interface Screen {
  /** Its file in examples/operations. */
  name: string;
  variables?: (account: Grown) => Record<string, unknown>;
  /** What it costs a gateway that has just started. */
  calls: (account: Grown) => string[];
}

const LIST = 'GET /images';
const LINODES = 'GET /linode/instances';
const EVENTS = 'GET /account/events';
const REGIONS = 'GET /regions';
const PROFILE = 'GET /profile';
const GRANTS = 'GET /profile/grants';

const SCREENS: Screen[] = [
  { name: 'landing', calls: () => [EVENTS, LIST] },
  {
    name: 'poll',
    variables: ({ imageIds }) => ({ ids: imageIds.slice(0, 2) }),
    calls: ({ imageIds }) => [EVENTS, ...imageIds.slice(0, 2).map((id) => `GET /images/${id}`)],
  },
  { name: 'search', variables: () => ({ text: 'web' }), calls: () => [EVENTS, LIST] },
  {
    name: 'delete',
    variables: ({ imageIds: [id] }) => ({ id }),
    calls: ({ imageIds: [id] }) => [`DELETE /images/${id}`],
  },
  {
    name: 'create-from-disk',
    variables: ({ linodeIds: [id] }) => ({ linode: `linodes/${id}`, isChosen: true }),
    calls: ({ linodeIds: [id] }) => [LINODES, `${LINODES}/${id}/disks`, REGIONS],
  },
  {
    name: 'capture',
    variables: ({ linodeIds: [id = 0] }) => ({ input: { diskId: String(id * 2), label: 'captured' } }),
    calls: () => ['POST /images'],
  },
  { name: 'upload-regions', calls: () => [REGIONS] },
  {
    name: 'upload',
    variables: () => ({ input: { label: 'uploaded', region: 'regions/us-east' } }),
    calls: () => ['POST /images/upload'],
  },
  {
    name: 'deploy',
    variables: () => ({ supportedSince: '2023-11-20T00:00:00Z' }),
    calls: () => [LIST, REGIONS],
  },
  { name: 'linode-picker', calls: () => [LIST, LINODES, REGIONS] },
  {
    name: 'linode-detail',
    variables: ({ linodeIds: [id] }) => ({ id: String(id) }),
    calls: ({ imageIds: [image], linodeIds: [id] }) => [`GET /images/${image}`, `${LINODES}/${id}`],
  },
  {
    name: 'image-page',
    variables: ({ imageIds: [id] }) => ({ id }),
    calls: ({ token, imageIds: [id] }) => [
      EVENTS,
      `GET /account/users/${token}`,
      `GET /images/${id}`,
      LINODES,
      REGIONS,
    ],
  },
  {
    name: 'owned-by-me',
    calls: () => [EVENTS, LIST, GRANTS, PROFILE, REGIONS],
  },
  {
    name: 'search-by-tag',
    variables: () => ({ tag: 'web', region: 'us-east' }),
    calls: () => [LIST, REGIONS],
  },
  {
    name: 'edit-tags',
    variables: ({ imageIds: [id] }) => ({ id, tags: ['web', 'golden'] }),
    calls: ({ imageIds: [id] }) => [`PUT /images/${id}`],
  },
  {
    name: 'manage-replicas',
    variables: ({ imageIds: [id] }) => ({
      input: { id, regions: ['us-east'], expectedRegions: ['us-east'] },
    }),
    calls: ({ imageIds: [id] }) => [`GET /images/${id}`, `POST /images/${id}/regions`],
  },
  {
    name: 'row-menu',
    variables: ({ imageIds: [id] }) => ({ id }),
    calls: ({ imageIds: [id] }) => [`GET /images/${id}`, GRANTS],
  },
];

/** The calls of a query while the caller's images and the regions are known. */
const WARM: Record<string, number> = {
  landing: 1,
  poll: 1,
  search: 1,
  'create-from-disk': 2,
  'upload-regions': 0,
  deploy: 0,
  'linode-picker': 1,
  'linode-detail': 1,
  'image-page': 3,
  'owned-by-me': 3,
  'search-by-tag': 0,
  'row-menu': 1,
};

const TWO_ROWS: Grown = { token: 't', imageIds: ['private/1', 'private/2'], linodeIds: [1, 2] };

const read = (name: string): string => readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8');

function show(
  { gateway }: Stack,
  { name, variables }: Screen,
  account: Grown,
): Promise<Answer<Record<string, unknown>>> {
  return gateway.ask(read(name), { token: account.token, variables: variables?.(account) ?? {} });
}

describe('the screens', () => {
  it('are each told by one operation file', () => {
    const files = readdirSync(OPERATIONS).map((file) => file.replace('.graphql', ''));
    expect(files.sort()).toEqual(SCREENS.map(({ name }) => name).sort());
    for (const name of files) expect(read(name).match(/^(query|mutation) \w+/gm)).toHaveLength(1);
  });

  it.each(SCREENS)('$name costs what the docs say, however many rows it has', async (screen) => {
    for (const rows of [2, 60]) {
      const at = await startStack({ sandbox: { api: 'latest' } });
      const account = growAccount(at, rows);
      const { data, errors } = await show(at, screen, account);
      expect(errors).toEqual([]);
      expect(Object.values(data).filter((field) => field === null)).toEqual([]);
      expect(callsOf(at)).toEqual(screen.calls(account).sort());
    }
  });

  it.each(SCREENS)('$name is in the table of the docs with its calls', ({ name, calls }) => {
    const table = readFileSync(join(PACKAGE, 'docs', 'screens.md'), 'utf8');
    const row = table.split('\n').find((line) => line.includes(`operations/${name}.graphql`));
    const count = String(calls(TWO_ROWS).length);
    expect(row?.split('|')[3]?.trim()).toBe(name === 'poll' ? '_n_ + 1' : count);
    expect(row?.split('|')[5]?.trim()).toBe(String(WARM[name] ?? count));
  });

  it('poll lists instead when more than 20 images are asked for', async () => {
    const at = await startStack({ sandbox: { api: 'latest' } });
    const account = growAccount(at, 30);
    const { data } = await at.gateway.ask<{ nodes: unknown[] }>(read('poll'), {
      token: account.token,
      variables: { ids: account.imageIds },
    });
    expect(data.nodes).toHaveLength(30);
    expect(callsOf(at)).toEqual([EVENTS, LIST]);
  });

  it('cost less on a gateway that knows the images and the regions', async () => {
    const costs: Record<string, number> = {};
    for (const screen of SCREENS.filter(({ name }) => name in WARM)) {
      const at = await startStack({ sandbox: { api: 'latest' } });
      const account = growAccount(at, 10);
      await at.gateway.ask('{ images { totalCount } regions { id } }', { token: account.token });
      at.linode.clearRequests();
      await show(at, screen, account);
      costs[screen.name] = at.linode.requests.length;
    }
    expect(costs).toEqual(WARM);
  });
});
