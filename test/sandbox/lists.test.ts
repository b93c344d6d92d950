import { describe, expect, it } from '@jest/globals';
import type { SandboxImage } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, type Page } from './harness.js';

const IMAGES = '/images';

async function labels(filter: unknown): Promise<string[]> {
  const { call } = await startTestSandbox();
  const { body } = await call<Page<SandboxImage>>(IMAGES, { filter });
  return body.data.map((image) => image.label);
}

describe('a page', () => {
  it('is a slice of the whole list, in order', async () => {
    const { call, sandbox } = await startTestSandbox();
    sandbox.addAccount({ tokens: [{ token: 'many', username: 'm', scopes: '*' }], images: 120 });
    const all = sandbox.images('many').map((image) => image.id);
    expect(all).toHaveLength(159);
    const seen: string[] = [];
    for (let page = 1; page <= 4; page += 1) {
      const { body } = await call<Page<SandboxImage>>(`/images?page_size=50&page=${page}`, { token: 'many' });
      expect(body).toMatchObject({ page, pages: 4, results: 159 });
      seen.push(...body.data.map((image) => image.id));
    }
    expect(seen).toEqual(all);
  });

  it('is 100 rows by default', async () => {
    const { call, sandbox } = await startTestSandbox();
    sandbox.addAccount({ tokens: [{ token: 'many', username: 'm', scopes: '*' }], images: 120 });
    const { body } = await call<Page<SandboxImage>>(IMAGES, { token: 'many' });
    expect([body.data.length, body.pages]).toEqual([100, 2]);
  });

  it.each(['24', '501', '0', '-1', 'all', '25.5'])('of %s rows is a 400', async (size) => {
    const { call } = await startTestSandbox();
    const { status, body } = await call(`/images?page_size=${size}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: { errors: [{ reason: 'Must be 25-500', field: 'page_size' }] },
    });
  });

  it('below 1 is a 400, past the last a 404', async () => {
    const { call } = await startTestSandbox();
    expect((await call('/images?page=0')).body).toMatchObject({ errors: [{ field: 'page' }] });
    const { status, body } = await call('/images?page=2');
    expect({ status, body }).toEqual({ status: 404, body: { errors: [{ reason: 'Not found' }] } });
  });

  it('of no images is page 0 of 0, of nothing else page 1 of 1', async () => {
    const { call } = await startTestSandbox();
    const nothing = { label: 'there is none' };
    expect((await call(IMAGES, { filter: nothing })).body).toEqual({
      data: [],
      page: 0,
      pages: 0,
      results: 0,
    });
    const { body } = await call('/linode/instances', { filter: nothing });
    expect(body).toEqual({ data: [], page: 1, pages: 1, results: 0 });
  });
});

describe('the default order', () => {
  it('is private by number, shared by number, public by label ignoring case, deprecated last', async () => {
    const { sandbox } = await startTestSandbox({ seed: false });
    sandbox.addAccount({ tokens: [{ token: 't', username: 'u', scopes: '*' }] });
    const given: Partial<SandboxImage>[] = [
      { id: 'linode/a', label: 'Alpine', deprecated: true },
      { id: 'linode/o', label: 'openSUSE' },
      { id: 'linode/r', label: 'Rocky' },
      { id: 'linode/k', label: 'Kali' },
      { id: 'shared/10', label: 'a' },
      { id: 'shared/9', label: 'b' },
      { id: 'private/100', label: 'a' },
      { id: 'private/99', label: 'b' },
    ];
    for (const image of given) sandbox.putImage('t', image);
    expect(sandbox.images('t').map((image) => image.id)).toEqual([
      'private/99',
      'private/100',
      'shared/9',
      'shared/10',
      'linode/k',
      'linode/o',
      'linode/r',
      'linode/a',
    ]);
  });
});

describe('X-Filter', () => {
  it('treats a bare value as equality and combines keys with and', async () => {
    expect(await labels({ is_public: false, type: 'automatic' })).toEqual([
      'shop-old - AlmaLinux 8 Disk',
      'mail-2019 - Debian 10 Disk',
    ]);
    expect(await labels({ vendor: 'Kali' })).toEqual(['Kali Linux']);
  });

  it('+contains ignores case', async () => {
    expect(await labels({ label: { '+contains': 'GOLDEN' } })).toEqual([
      'web-golden',
      'db-golden',
      'web-golden',
    ]);
  });

  it('compares numbers', async () => {
    expect(await labels({ size: { '+gt': 6000 } })).toEqual(['legacy-import', 'Gentoo', 'Slackware 15.0']);
    expect(await labels({ size: { '+gte': 6500, '+lt': 11_000 } })).toEqual(['Gentoo']);
    expect(await labels({ size: { '+lte': 400 }, label: { '+neq': 'Alpine 3.16' } })).toEqual([
      'Alpine 3.17',
      'Alpine 3.18',
      'Alpine 3.19',
    ]);
  });

  it('nests +and and +or', async () => {
    const gentoo = { '+and': [{ vendor: { '+eq': 'Gentoo' } }, { deprecated: false }] };
    expect(await labels({ '+or': [{ vendor: 'Kali' }, gentoo] })).toEqual(['Gentoo', 'Kali Linux']);
    expect(await labels({ '+or': [] })).toEqual([]);
  });

  it('orders, ascending by default', async () => {
    const own = { is_public: false, '+order_by': 'size' };
    expect((await labels(own))[0]).toBe('appliance');
    expect((await labels({ ...own, '+order': 'desc' }))[0]).toBe('legacy-import');
    expect((await labels({ is_public: false, '+order_by': 'created', '+order': 'desc' }))[0]).toBe(
      'appliance',
    );
  });

  it.each(['foo', 'id', 'created', 'created_by', 'description', 'eol', 'expiry', 'capabilities'])(
    'does not filter on %s',
    async (key) => {
      const { call } = await startTestSandbox();
      const { status, body } = await call(IMAGES, { filter: { [key]: 'bar' } });
      expect(status).toBe(400);
      expect(body).toEqual({ errors: [{ reason: `Cannot filter on ${key}`, field: 'X-Filter' }] });
    },
  );

  it.each([
    '{"label": ',
    '[]',
    '"label"',
    '{"label":{"+like":"x"}}',
    '{"+or":{"label":"x"}}',
    '{"+order_by":"status"}',
    '{"+order_by":"label","+order":"up"}',
    '{"+order":"desc"}',
    '{"label":["x"]}',
  ])('refuses %s', async (filter) => {
    const { call } = await startTestSandbox();
    const { status, body } = await call(IMAGES, { filter });
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: 'X-Filter' }] } });
  });

  it('finds Linodes by image, label, region, tag and id', async () => {
    const { call } = await startTestSandbox();
    const find = async (filter: unknown) => {
      const { body } = await call<Page<{ label: string }>>('/linode/instances', { filter });
      return body.data.map((linode) => linode.label);
    };
    expect(await find({ image: 'private/23849731' })).toEqual(['web-1', 'web-2']);
    expect(await find({ '+or': [{ image: 'private/23912044' }, { image: 'linode/debian12' }] })).toEqual([
      'web-staging',
      'bastion',
    ]);
    expect(await find({ tags: 'prod', region: 'us-east' })).toEqual(['web-1', 'db-1']);
    expect(await find({ label: { '+contains': 'web' } })).toHaveLength(3);
    expect(await find({ id: 54933962 })).toEqual(['web-2']);
    expect(await find({ image: null })).toEqual(['scratch']);
    expect((await call('/linode/instances', { filter: { status: 'running' } })).status).toBe(400);
  });

  it('is refused on regions', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call('/regions', { filter: { id: 'us-east' } });
    expect(body).toEqual({ errors: [{ reason: 'Cannot filter on id', field: 'X-Filter' }] });
  });

  it('finds events by entity, not by secondary entity', async () => {
    const { call } = await startTestSandbox();
    const find = (filter: unknown) =>
      call<Page<{ id: number; action: string }>>('/account/events', { filter });
    const ofImage = await find({ 'entity.type': 'image', 'entity.id': 23849731 });
    expect(ofImage.body.data.map((event) => event.action)).toEqual(['image_update']);
    const captures = await find({ action: 'disk_imagize', '+order_by': 'id', '+order': 'asc' });
    const ids = captures.body.data.map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toHaveLength(4);
    expect((await find({ id: { '+gt': ids[2] }, action: 'disk_imagize' })).body.results).toBe(1);
    expect((await find({ created: { '+gte': '2024-05-17T00:00:00' } })).body.results).toBe(4);
    expect((await find({ 'secondary_entity.id': 23849731 })).status).toBe(400);
  });

  it('finds a user by name', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call<Page<{ username: string }>>('/account/users', {
      filter: { username: 'dave' },
    });
    expect(body.data.map((user) => user.username)).toEqual(['dave']);
  });
});
