import { describe, expect, it } from '@jest/globals';
import { SANDBOX_TOKENS, type SandboxImage } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, send, type Page } from './harness.js';

describe('paths', () => {
  it.each(['/v4', '/v4beta'])('start with %s; IDs may be plain or encoded', async (version) => {
    const { sandbox } = await startTestSandbox();
    for (const id of ['private/23849731', 'private%2F23849731', 'linode/ubuntu16.04lts']) {
      const { status } = await send(`${sandbox.origin}${version}/images/${id}`);
      expect(status).toBe(200);
    }
  });

  it.each(['/nothing', '/images/', '/images/private%2F1%2F..', '/images/%E0%A4', '/linode/instances/x'])(
    'GET %s does not crash it',
    async (path) => {
      const { call } = await startTestSandbox();
      const { status } = await call(path);
      expect(status).toBe(path === '/images/' ? 200 : 404);
    },
  );

  it('with other methods respond 405', async () => {
    const { call } = await startTestSandbox();
    const { status, body } = await call('/images', { method: 'DELETE' });
    expect({ status, body }).toEqual({ status: 405, body: { errors: [{ reason: 'Method Not Allowed' }] } });
  });
});

describe('the log', () => {
  it('records every request as sent', async () => {
    const { sandbox, call, clock } = await startTestSandbox();
    await call('/images?page_size=500');
    await call('/images/private%2F7', { token: null });
    await call('/images/upload', { method: 'POST', body: { label: 'x' } });
    expect(sandbox.requests.map(({ line, status }) => [line, status])).toEqual([
      ['GET /images?page_size=500', 200],
      ['GET /images/private%2F7', 401],
      ['POST /images/upload', 400],
    ]);
    expect(sandbox.requests[0]).toMatchObject({
      path: '/images',
      query: 'page_size=500',
      token: 'alice-full',
    });
    expect(sandbox.requests[1]).toMatchObject({ path: '/images/private%2F7', query: '', token: null });
    expect(sandbox.requests[2]).toMatchObject({ body: '{"label":"x"}', at: clock.ms });
    expect(sandbox.count('GET /images')).toBe(0);
    expect(sandbox.count(/^GET \/images/)).toBe(2);
    sandbox.clearRequests();
    expect(sandbox.requests).toEqual([]);
  });

  it('can be disabled', async () => {
    const { sandbox, call } = await startTestSandbox({ log: false });
    await call('/images');
    expect(sandbox.requests).toEqual([]);
  });
});

describe('the seed', () => {
  it('has a caller for every listed token', async () => {
    const { call } = await startTestSandbox();
    for (const { token } of SANDBOX_TOKENS) expect((await call('/profile', { token })).status).toBe(200);
  });

  it('has the quirks of the real collection', async () => {
    const { sandbox } = await startTestSandbox();
    const images = sandbox.images('alice-full');
    const having = (test: (image: SandboxImage) => boolean) => images.filter(test).map((image) => image.id);
    expect(having((image) => image.deprecated)).toHaveLength(8);
    expect(having((image) => image.is_public && image.eol === null)).toEqual([
      'linode/arch',
      'linode/gentoo',
      'linode/kali',
      'linode/slackware15.0',
    ]);
    expect(having((image) => image.eol?.startsWith('1970') === true)).toEqual(['linode/slackware14.2']);
    expect(having((image) => image.description === null)).toHaveLength(2);
    expect(having((image) => image.description === ' ')).toHaveLength(1);
    expect(having((image) => image.created_by === '')).toHaveLength(1);
    expect(new Set(images.map((image) => image.vendor)).size).toBe(14);
    for (const image of images.filter((each) => each.type === 'automatic')) {
      expect(image).toMatchObject({ updated: null, created_by: null, expiry: expect.any(String) });
    }
    expect(having((image) => image.status !== 'available')).toEqual([]);
  });

  it('has Linodes with two disks, one of them without its image', async () => {
    const { call, sandbox } = await startTestSandbox();
    const { body } = await call<Page<{ id: number; image: string | null }>>('/linode/instances');
    expect(body.results).toBe(8);
    const gone = body.data.filter(({ image }) => image !== null && !sandbox.image(image));
    expect(gone.map((linode) => linode.id)).toEqual([55010001]);
    const disks = await call<Page<{ filesystem: string; size: number }>>('/linode/instances/55007110/disks');
    expect(disks.body.data.map(({ filesystem, size }) => [filesystem, size])).toEqual([
      ['ext4', 25_088],
      ['swap', 512],
    ]);
    expect((await call('/linode/instances/55007110/disks/110014220')).status).toBe(200);
  });

  it('has events in order of their IDs', async () => {
    const { call } = await startTestSandbox();
    const { body } =
      await call<Page<{ id: number; created: string; percent_complete: number | null }>>('/account/events');
    const byTime = [...body.data].sort((a, b) => (a.created < b.created ? 1 : -1));
    expect(body.data).toEqual(byTime);
    expect(body.data.some((event) => event.percent_complete === null)).toBe(true);
    expect((await call(`/account/events/${body.data[0]?.id}`)).body).toEqual(body.data[0]);
  });

  it('can be omitted', async () => {
    const { sandbox, call } = await startTestSandbox({ seed: false });
    expect(sandbox.images(null)).toEqual([]);
    expect((await call('/regions', { token: null })).body).toMatchObject({ results: 30 });
  });
});

describe('a test', () => {
  it('adds accounts, images and Linodes', async () => {
    const { sandbox, call } = await startTestSandbox();
    sandbox.addAccount({
      name: 'big',
      tokens: [{ token: 'big', username: 'b', scopes: '*' }],
      images: 2000,
      linodes: [{ label: 'one', image: null }, { label: 'two' }],
    });
    expect(sandbox.images('big')).toHaveLength(2039);
    expect((await call('/images?page_size=500', { token: 'big' })).body).toMatchObject({
      pages: 5,
      results: 2039,
    });
    const { body } = await call<Page<{ label: string }>>('/linode/instances', { token: 'big' });
    expect(body.data.map((linode) => linode.label)).toEqual(['one', 'two']);
  });

  it('adds and removes images, visible to the next request', async () => {
    const { sandbox, call } = await startTestSandbox();
    await call('/images');
    const image = sandbox.putImage('alice-full', { id: 'private/7', status: 'deleted', label: 'odd' });
    expect((await call('/images')).text).toContain(JSON.stringify(image));
    sandbox.putImage('alice-full', { id: 'private/7', label: 'even' });
    expect(sandbox.image('private/7')).toEqual({ ...image, label: 'even' });
    sandbox.removeImage('private/7');
    expect((await call('/images/private/7')).status).toBe(404);
    expect(() => sandbox.putImage('unknown', {})).toThrow('no token "unknown"');
  });

  it('gets copies: changing them has no effect', async () => {
    const { sandbox } = await startTestSandbox();
    sandbox.image('linode/debian12')?.capabilities.push('mine');
    sandbox.images(null)[0]?.capabilities.push('mine');
    const all = [...sandbox.images('alice-full')].flatMap((image) => image.capabilities);
    expect(new Set(all)).toEqual(new Set(['cloud-init']));
  });

  it('resets everything', async () => {
    const { sandbox, call } = await startTestSandbox();
    const before = sandbox.images('alice-full');
    await call('/images/private%2F23849731', { method: 'DELETE' });
    sandbox.addAccount({ tokens: [{ token: 't', username: 't', scopes: '*' }] });
    sandbox.fault({ status: 500 });
    sandbox.reset();
    expect(sandbox.images('alice-full')).toEqual(before);
    expect(sandbox.requests).toEqual([]);
    expect((await call('/images', { token: 't' })).status).toBe(401);
  });
});

it('serves requests in the form of the Python SDK', async () => {
  const { call } = await startTestSandbox();
  const headers = { 'content-type': 'application/json' };
  const image = await call<SandboxImage>('/images/private/23849731', { headers });
  const { label, description, tags } = image.body;
  const saved = { label, description, tags: [...tags, 'added'] };
  expect((await call('/images/private/23849731', { headers, method: 'PUT', body: saved })).status).toBe(200);
  const body = { regions: ['us-east', 'nl-ams'] };
  const replicated = await call<SandboxImage>('/images/private/23849731/regions', {
    headers,
    method: 'POST',
    body,
  });
  expect(replicated.body).toMatchObject({ id: 'private/23849731', tags: ['added', 'prod', 'web'] });
  const filter = {
    '+and': [{ '+and': [{ is_public: false }, { type: 'manual' }] }, { label: { '+contains': 'db' } }],
  };
  expect((await call<Page<SandboxImage>>('/images', { headers, filter })).body.results).toBe(1);
  const events = {
    '+order': 'asc',
    '+order_by': 'created',
    'entity.id': 23849731,
    'entity.type': 'image',
    action: 'image_update',
  };
  expect((await call<Page<object>>('/account/events', { headers, filter: events })).body.results).toBe(2);
  expect((await call('/images/private/23849731', { headers, method: 'DELETE' })).body).toEqual({});
});

it('allows other origins', async () => {
  const { sandbox } = await startTestSandbox();
  const preflight = await send(`${sandbox.url}/images`, { method: 'OPTIONS', token: null });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});
