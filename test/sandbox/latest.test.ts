import { describe, expect, it } from '@jest/globals';
import type { SandboxImage, SandboxRegion } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, type Errors, type Page, type TestSandbox } from './harness.js';

const DISK = 54933906 * 2;
const PATH = '/images/private%2F23849731';

async function idsOf({ call }: TestSandbox, filter: unknown, token = 'alice-full'): Promise<string[]> {
  const { body } = await call<Page<SandboxImage>>('/images', { filter, token });
  return body.data.map((image) => image.id);
}

describe('tags', () => {
  it('are stored sorted and without duplicates, on all three writes', async () => {
    const { call } = await startTestSandbox();
    const tags = ['web', 'Prod', 'a=b', 'web'];
    const sorted = ['Prod', 'a=b', 'web'];
    const captured = await call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK, tags } });
    expect(captured.body.tags).toEqual(sorted);
    const upload = { label: 'up', region: 'us-east', tags };
    const uploaded = await call<{ image: SandboxImage }>('/images/upload', { method: 'POST', body: upload });
    expect(uploaded.body.image.tags).toEqual(sorted);
    expect((await call(PATH, { method: 'PUT', body: { tags } })).body).toMatchObject({
      label: 'web-golden',
      tags: sorted,
    });
    expect((await call(PATH, { method: 'PUT', body: { label: 'renamed' } })).body).toMatchObject({
      tags: sorted,
    });
    expect((await call(PATH, { method: 'PUT', body: { tags: [] } })).body).toMatchObject({ tags: [] });
  });

  it.each<[string, unknown, string[]]>([
    ['not a list', 'web', ['tags']],
    ['null', null, ['tags']],
    ['more than 500', Array.from({ length: 501 }, (_, i) => `tag-${i}`), ['tags']],
    ['empty and too long', ['web', '', 'x'.repeat(51)], ['tags[1]', 'tags[2]']],
    ['not strings', [1, 'web'], ['tags[0]']],
  ])('are refused if %s', async (_, tags, fields) => {
    const { call } = await startTestSandbox();
    const { status, body } = await call<Errors>(PATH, { method: 'PUT', body: { tags } });
    expect([status, body.errors.map((error) => error.field)]).toEqual([400, fields]);
  });

  it('may be shorter than documented, and are counted in characters', async () => {
    const { call } = await startTestSandbox();
    const tags = Array.from({ length: 500 }, (_, i) => `${'😀'.repeat(46)}${1000 + i}`);
    expect((await call(PATH, { method: 'PUT', body: { tags } })).status).toBe(200);
    expect((await call(PATH, { method: 'PUT', body: { tags: ['aa'] } })).body).toMatchObject({
      tags: ['aa'],
    });
  });
});

describe('X-Filter', () => {
  it('filters on tags and regions at top level', async () => {
    const here = await startTestSandbox();
    expect(await idsOf(here, { tags: 'prod' })).toEqual(['private/23849731', 'private/23851696']);
    expect(await idsOf(here, { tags: 'pro' })).toEqual([]);
    expect(await idsOf(here, { tags: { '+contains': 'PRO' } })).toEqual([
      'private/23849731',
      'private/23851696',
    ]);
    expect(await idsOf(here, { tags: 'prod', label: { '+contains': 'web' } })).toEqual(['private/23849731']);
    expect(await idsOf(here, { regions: { region: 'us-ord' } })).toEqual(['private/23851696']);
    expect(await idsOf(here, { is_shared: true, type: 'manual' })).toEqual([
      'private/23849731',
      'private/23851696',
      'private/23912377',
    ]);
  });

  it.each([
    [{ '+or': [{ tags: 'prod' }, { label: 'x' }] }, 'tags'],
    [{ '+or': [{ status: 'available' }, { label: 'x' }] }, 'status'],
    [{ '+and': [{ status: 'available' }] }, 'status'],
    [{ '+and': [{ regions: { region: 'us-east' } }] }, 'regions'],
    [{ '+or': [{ '+and': [{ tags: 'prod' }] }] }, 'tags'],
    [{ total_size: 1 }, 'total_size'],
    [{ image_sharing: null }, 'image_sharing'],
  ])('does not filter on %j', async (filter, key) => {
    const { call } = await startTestSandbox();
    const { status, body } = await call('/images', { filter });
    expect([status, body]).toEqual([
      400,
      { errors: [{ reason: `Cannot filter on ${key}`, field: 'X-Filter' }] },
    ]);
  });

  it.each([{ regions: 'us-east' }, { regions: { status: 'available' } }, { '+order_by': 'tags' }])(
    'refuses %j',
    async (filter) => {
      const { call } = await startTestSandbox();
      expect((await call('/images', { filter })).status).toBe(400);
    },
  );

  it('filters on tags in +and', async () => {
    const here = await startTestSandbox();
    expect(await idsOf(here, { '+and': [{ tags: 'prod' }, { tags: 'db' }] })).toEqual(['private/23851696']);
  });

  it('filters regions by country and site type', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call<Page<SandboxRegion>>('/regions', {
      filter: { site_type: 'distributed', country: 'us' },
    });
    expect(body.data.map((region) => region.id)).toEqual(['us-den-1']);
  });
});

describe('shared images', () => {
  it('are listed for the member of the group only, without the source', async () => {
    const here = await startTestSandbox();
    const { sandbox } = here;
    expect(await idsOf(here, { type: 'shared' }, 'bob-full')).toEqual(['shared/301', 'shared/302']);
    expect(await idsOf(here, { type: 'shared' })).toEqual([]);
    expect(sandbox.image('shared/301')).toMatchObject({
      type: 'shared',
      created_by: null,
      updated: null,
      is_shared: null,
      tags: [],
      total_size: 3508,
      image_sharing: {
        shared_with: null,
        shared_by: { sharegroup_label: 'golden-images', source_image_id: null },
      },
    });
  });

  it('are counted for their owner, and stay `is_shared` without a group', async () => {
    const { sandbox } = await startTestSandbox();
    const sharingOf = (id: string) => {
      const image = sandbox.image(id);
      return [image?.is_shared, image?.image_sharing?.shared_with?.sharegroup_count];
    };
    expect(sharingOf('private/23849731')).toEqual([true, 1]);
    expect(sharingOf('private/23851696')).toEqual([true, 0]);
    expect(sharingOf('private/23851701')).toEqual([false, 0]);
  });

  it('are read-only', async () => {
    const { call } = await startTestSandbox();
    for (const request of [{ method: 'PUT', body: { label: 'mine' } }, { method: 'DELETE' }]) {
      expect((await call('/images/shared%2F301', { ...request, token: 'bob-full' })).status).toBe(403);
    }
  });
});

describe('the profile', () => {
  it('has the time zone of the user', async () => {
    const { call } = await startTestSandbox();
    const zoneOf = async (token: string) => (await call('/profile', { token })).body;
    expect(await zoneOf('alice-full')).toMatchObject({ timezone: 'America/New_York', user_type: 'default' });
    expect(await zoneOf('carol-restricted')).toMatchObject({ timezone: 'Europe/Berlin', restricted: true });
    expect(await zoneOf('bob-full')).toMatchObject({ timezone: 'GMT' });
  });

  it('comes with grants that allow some images and not others', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call<{ image: { id: number; permissions: string }[] }>('/profile/grants', {
      token: 'carol-restricted',
    });
    expect(body.image.map(({ id, permissions }) => [id, permissions])).toEqual([
      [23849731, 'read_only'],
      [23851696, 'read_only'],
      [23912044, 'read_write'],
    ]);
    const rename = (id: number) =>
      call(`/images/private%2F${id}`, { token: 'carol-restricted', method: 'PUT', body: { label: 'x' } });
    expect((await rename(23849731)).status).toBe(403);
    expect((await rename(23912044)).status).toBe(200);
  });
});

describe('a capture', () => {
  it('is stored in the region of the Linode, or in the nearest with storage', async () => {
    const { sandbox, call, clock } = await startTestSandbox();
    sandbox.addAccount({
      tokens: [{ token: 't', username: 't', scopes: '*' }],
      linodes: ['nl-ams', 'us-west', 'ca-central'].map((region, i) => ({ id: 100 + i, region })),
    });
    for (const id of [200, 202, 204])
      await call('/images', { token: 't', method: 'POST', body: { disk_id: id } });
    clock.ms += 90_000;
    const own = sandbox.images('t').filter((image) => !image.is_public);
    expect(own.map((image) => image.regions?.[0]?.region)).toEqual(['nl-ams', 'us-iad', 'us-iad']);
    expect(own.map((image) => image.capabilities)).toEqual(own.map(() => ['distributed-sites']));
    expect(own.every((image) => image.total_size === image.size)).toBe(true);
  });
});

describe('with 4.176', () => {
  it('nothing newer exists: no tags, regions, shared images or replication', async () => {
    const { call, sandbox } = await startTestSandbox({ api: '4.176' });
    const body = { disk_id: DISK, tags: ['web'] };
    const { body: made } = await call('/images', { method: 'POST', body });
    for (const key of ['tags', 'regions', 'total_size', 'is_shared', 'image_sharing']) {
      expect(made).not.toHaveProperty(key);
    }
    expect(sandbox.image('private/23849731')).not.toHaveProperty('tags');
    expect(sandbox.image('shared/301')).toBeUndefined();
    expect((await call(`${PATH}/regions`, { method: 'POST', body: { regions: ['us-east'] } })).status).toBe(
      405,
    );
    expect((await call('/images', { filter: { tags: 'web' } })).status).toBe(400);
    expect((await call<Page<object>>('/regions')).body.data).toHaveLength(25);
    const { headers } = await call('/images');
    expect(headers.get('x-spec-version')).toBe('4.176.0');
  });
});
