import { describe, expect, it } from '@jest/globals';
import { startTestSandbox, type Page } from './harness.js';

const PRIVATE = '/images/private%2F23849731';

describe('without a token', () => {
  it.each([
    '/images',
    '/images/linode%2Fdebian12',
    '/images/linode/debian12',
    '/regions',
    '/regions/us-east',
  ])('GET %s is open', async (path) => {
    const { call } = await startTestSandbox();
    expect((await call(path, { token: null })).status).toBe(200);
  });

  it('lists public images only', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call<Page<{ is_public: boolean }>>('/images', { token: null });
    expect(body.results).toBe(39);
    expect(body.data.every((image) => image.is_public)).toBe(true);
  });

  it.each([
    PRIVATE,
    '/images/nonsense',
    '/linode/instances',
    '/account/events',
    '/account/users',
    '/profile',
  ])('GET %s is a 401', async (path) => {
    const { call } = await startTestSandbox();
    const { status, body } = await call(path, { token: null });
    expect({ status, body }).toEqual({ status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
  });

  it('changes nothing', async () => {
    const { call } = await startTestSandbox();
    expect((await call('/images/linode%2Fdebian12', { token: null, method: 'DELETE' })).status).toBe(401);
    expect((await call('/images', { token: null, method: 'POST', body: {} })).status).toBe(401);
  });
});

describe('a token', () => {
  it('that is unknown is refused even on open endpoints', async () => {
    const { call } = await startTestSandbox();
    const { status, body } = await call('/regions', { token: 'stolen' });
    expect({ status, body }).toEqual({ status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
  });

  it('of another scheme is unknown', async () => {
    const { call } = await startTestSandbox();
    const { status } = await call('/images', { token: null, headers: { authorization: 'token alice-full' } });
    expect(status).toBe(401);
  });

  it('without the scope is a 401 whose headers name the granted and the accepted scopes', async () => {
    const { call } = await startTestSandbox();
    const { status, body, headers } = await call('/account/events', { token: 'alice-read' });
    expect(status).toBe(401);
    expect(body).toEqual({
      errors: [{ reason: 'Your OAuth token is not authorized to use this endpoint.' }],
    });
    expect(headers.get('x-oauth-scopes')).toBe('images:read_only linodes:read_only');
    expect(headers.get('x-accepted-oauth-scopes')).toBe('events:read_only');
  });

  it('with read_write can read', async () => {
    const { call, sandbox } = await startTestSandbox();
    sandbox.addAccount({ tokens: [{ token: 'writer', username: 'w', scopes: 'images:read_write' }] });
    expect((await call('/images', { token: 'writer' })).status).toBe(200);
    expect((await call('/linode/instances', { token: 'writer' })).status).toBe(401);
  });

  it('with images:read_only cannot write; a capture requires linodes:read_only too', async () => {
    const { call, sandbox } = await startTestSandbox();
    sandbox.addAccount({ tokens: [{ token: 'writer', username: 'w', scopes: 'images:read_write' }] });
    expect((await call(PRIVATE, { token: 'alice-read', method: 'DELETE' })).status).toBe(401);
    const { status, headers } = await call('/images', {
      token: 'writer',
      method: 'POST',
      body: { disk_id: 1 },
    });
    expect(status).toBe(401);
    expect(headers.get('x-accepted-oauth-scopes')).toBe('images:read_write,linodes:read_only');
  });
});

describe('two accounts', () => {
  it('are isolated from each other', async () => {
    const { call } = await startTestSandbox();
    expect((await call(PRIVATE, { token: 'bob-full' })).body).toEqual({ errors: [{ reason: 'Not found' }] });
    for (const path of [
      '/linode/instances/54933906',
      '/linode/instances/54933906/disks',
      '/account/users/alice',
    ]) {
      expect((await call(path, { token: 'bob-full' })).status).toBe(404);
    }
    const { body } = await call<Page<{ username: string }>>('/account/events', { token: 'bob-full' });
    expect(body.data.map((event) => event.username)).toEqual(['bert']);
    for (const method of ['PUT', 'DELETE']) {
      expect((await call(PRIVATE, { token: 'bob-full', method, body: {} })).status).toBe(404);
    }
  });
});

describe('a restricted user', () => {
  const carol = { token: 'carol-restricted' };

  it('sees the images and Linodes it has a grant for', async () => {
    const { call, sandbox } = await startTestSandbox();
    const own = sandbox.images('carol-restricted').filter((image) => !image.is_public);
    expect(own.map((image) => image.id)).toEqual([
      'private/23849731',
      'private/23851696',
      'private/23912044',
    ]);
    expect((await call('/images/private%2F23851701', carol)).status).toBe(404);
    const { body } = await call<Page<{ id: number }>>('/linode/instances', carol);
    expect(body.data.map((linode) => linode.id)).toEqual([54933906]);
  });

  it('cannot change images with a read_only grant, nor add images', async () => {
    const { call } = await startTestSandbox();
    const refused = { errors: [{ reason: 'Unauthorized' }] };
    const tries = [
      call(PRIVATE, { ...carol, method: 'PUT', body: { label: 'mine' } }),
      call(PRIVATE, { ...carol, method: 'DELETE' }),
      call('/images', { ...carol, method: 'POST', body: { disk_id: 109867812 } }),
      call('/images/upload', { ...carol, method: 'POST', body: { label: 'x', region: 'us-east' } }),
    ];
    for (const { status, body } of await Promise.all(tries)) {
      expect({ status, body }).toEqual({ status: 403, body: refused });
    }
  });

  it('cannot view users, not even itself', async () => {
    const { call } = await startTestSandbox();
    expect((await call('/account/users', carol)).status).toBe(403);
    expect((await call('/account/users/carol', carol)).status).toBe(403);
  });

  it('reads its grants; unrestricted users get a 204 without a body', async () => {
    const { call } = await startTestSandbox();
    const { body } = await call<{ global: { add_images: boolean }; image: unknown[] }>(
      '/profile/grants',
      carol,
    );
    expect(body.global.add_images).toBe(false);
    expect(body.image[0]).toEqual({ id: 23849731, label: 'web-golden', permissions: 'read_only' });
    const unrestricted = await call('/profile/grants');
    expect([unrestricted.status, unrestricted.text]).toEqual([204, '']);
  });

  it('can change images it created', async () => {
    const { call, sandbox } = await startTestSandbox();
    const token = {
      token: 'adder',
      username: 'a',
      scopes: '*',
      restricted: true,
      grants: { add_images: true },
    };
    sandbox.addAccount({ tokens: [token] });
    const body = { label: 'x', region: 'us-east' };
    const made = await call<{ image: { id: string } }>('/images/upload', {
      token: 'adder',
      method: 'POST',
      body,
    });
    const path = `/images/${made.body.image.id}`;
    expect((await call(path, { token: 'adder', method: 'PUT', body: { label: 'y' } })).status).toBe(200);
  });
});

it('public images are read-only', async () => {
  const { call } = await startTestSandbox();
  for (const method of ['PUT', 'DELETE']) {
    const { status, body } = await call('/images/linode%2Fdebian12', { method, body: { label: 'x' } });
    expect({ status, body }).toEqual({ status: 403, body: { errors: [{ reason: 'Unauthorized' }] } });
  }
});
