import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { startSandbox, type SandboxImage } from '../../src/sandbox/sandbox.js';
import { startStack } from '../support/stack.js';
import {
  send,
  startTestSandbox,
  type ApiReply,
  type Call,
  type Errors,
  type TestSandbox,
} from './harness.js';

const PATH = '/images/linode%2Fdebian12';
const DISK = 54933906 * 2;

function control<T = { [key: string]: unknown }>(
  { sandbox }: Pick<TestSandbox, 'sandbox'>,
  line: string,
  body?: unknown,
  headers: Call['headers'] = { 'content-type': 'application/json' },
): Promise<ApiReply<T>> {
  const [method = '', path = ''] = line.split(' ');
  return send<T>(`${sandbox.origin}/_sandbox${path}`, { method, token: null, body, headers });
}

describe('GET /_sandbox', () => {
  it('shows the settings', async () => {
    const here = await startTestSandbox({ api: '4.176', latencyMs: 1 });
    here.sandbox.fault({ status: 500, times: 1 });
    expect((await control(here, 'GET ')).body).toEqual({
      api: '4.176',
      now: '2024-05-20T12:00:00.000Z',
      speed: 1,
      latencyMs: 1,
      rateLimits: { images: 20, general: 400 },
      login: { expiresInSeconds: 7200, botFilter: false },
      faults: 1,
    });
  });

  it('is neither logged, counted, nor subject to faults', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({ status: 500 });
    expect((await control(here, 'GET ')).status).toBe(200);
    expect(here.sandbox.requests).toEqual([]);
  });
});

describe('faults over HTTP', () => {
  it('are added, listed with what is left of them, and removed', async () => {
    const here = await startTestSandbox();
    const added = await control(here, 'POST /faults', { path: PATH, status: 503, times: 2 });
    expect(added.body).toEqual({ id: 1, left: 2, path: PATH, status: 503, times: 2 });
    await control(here, 'POST /faults', { pathPattern: '^/regions', token: null, body: { odd: true } });
    expect((await here.call(PATH)).status).toBe(503);
    expect((await here.call('/regions')).body).not.toHaveProperty('odd');
    expect((await here.call('/regions', { token: null })).body).toEqual({ odd: true });
    expect((await control(here, 'GET /faults')).body).toEqual({
      data: [
        { id: 2, left: null, pathPattern: '^\\/regions', token: null, body: { odd: true } },
        { id: 1, left: 1, path: PATH, status: 503, times: 2 },
      ],
    });
    expect((await control(here, 'DELETE /faults/1')).status).toBe(200);
    expect((await control(here, 'DELETE /faults/1')).status).toBe(404);
    expect((await here.call(PATH)).status).toBe(200);
    await control(here, 'DELETE /faults');
    expect((await control(here, 'GET /faults')).body).toEqual({ data: [] });
  });

  it.each<[string, unknown, string[]]>([
    ['an unknown field', { stauts: 500 }, ['undefined']],
    [
      'wrong values',
      { status: 99, reset: 'later', headers: { 'X-A': 'a\r\nb' } },
      ['status', 'headers.X-A', 'reset'],
    ],
    ['an invalid pattern', { pathPattern: '(' }, ['pathPattern']],
    ['path and pattern', { path: '/a', pathPattern: 'a' }, ['pathPattern']],
    ['other JSON', [], ['undefined']],
    ['other text', 'status: 500', ['undefined']],
  ])('are refused for %s', async (_, body, fields) => {
    const here = await startTestSandbox();
    const { status, body: reply } = await control<Errors>(here, 'POST /faults', body);
    expect([status, reply.errors.map(({ field }) => String(field))]).toEqual([400, fields]);
    expect((await control(here, 'GET /faults')).body).toEqual({ data: [] });
  });
});

it('the documented faults are accepted', async () => {
  const here = await startTestSandbox();
  const [, states = ''] = readFileSync('docs/sandbox.md', 'utf8').split('### Error states');
  const faults = [...states.matchAll(/`(\{ "(?!seconds).*?\})`/g)].map(([, json = '']) => json);
  expect(faults.length).toBeGreaterThan(7);
  for (const json of faults)
    expect([json, (await control(here, 'POST /faults', json)).status]).toEqual([json, 200]);
});

describe('the speed', () => {
  it('changes work in progress, which keeps its percentage', async () => {
    const here = await startTestSandbox();
    const { body: image } = await here.call<SandboxImage>('/images', {
      method: 'POST',
      body: { disk_id: DISK },
    });
    const percent = async () =>
      (await here.call<{ data: { percent_complete: number }[] }>('/account/events')).body.data[0]
        ?.percent_complete;
    here.clock.ms += 46_000;
    expect(await percent()).toBe(50);
    expect((await control(here, 'PATCH ', { speed: 44 })).body).toMatchObject({ speed: 44 });
    expect(await percent()).toBe(50);
    here.clock.ms += 999;
    expect(here.sandbox.image(image.id)?.status).toBe('creating');
    here.clock.ms += 1;
    expect(here.sandbox.image(image.id)?.status).toBe('available');
    expect(await percent()).toBe(100);
  });

  it('shortens replication and uploads, but not the upload window', async () => {
    const here = await startTestSandbox({ speed: 10 });
    await here.call('/images/private%2F23912044/regions', {
      method: 'POST',
      body: { regions: ['us-east', 'nl-ams'] },
    });
    const { body } = await here.call<{ upload_to: string }>('/images/upload', {
      method: 'POST',
      body: { label: 'up', region: 'us-east' },
    });
    expect(body.upload_to).toContain(`Expires=${here.clock.ms / 1000 + 86_400}`);
    here.clock.ms += 6_000;
    expect(here.sandbox.image('private/23912044')?.regions).toEqual([
      { region: 'us-east', status: 'available' },
      { region: 'nl-ams', status: 'available' },
    ]);
    here.clock.ms += 86_000_000;
    expect(here.sandbox.image('private/24100001')?.status).toBe('pending_upload');
  });

  it('makes a capture take 10 s on the real clock', async () => {
    const sandbox = await startSandbox();
    try {
      const call: Call = { method: 'POST', body: { disk_id: DISK } };
      const { body: image } = await send<SandboxImage>(`${sandbox.url}/images`, call);
      const percent = async () =>
        (await send<{ data: { percent_complete: number }[] }>(`${sandbox.url}/account/events`)).body.data[0]
          ?.percent_complete;
      expect(await percent()).toBeLessThan(100);
      await control({ sandbox }, 'POST /advance', { seconds: 10 });
      expect([await percent(), sandbox.image(image.id)?.status]).toEqual([100, 'available']);
    } finally {
      await sandbox.close();
    }
  });
});

describe('POST /_sandbox/advance', () => {
  it('moves the clock, so that an upload window ends', async () => {
    const here = await startTestSandbox();
    await here.call('/images/upload', { method: 'POST', body: { label: 'up', region: 'us-east' } });
    expect((await control(here, 'POST /advance', { seconds: 86_400 })).body).toMatchObject({
      now: '2024-05-21T12:00:00.000Z',
    });
    const reply = await here.call('/images/private%2F24100001');
    expect([reply.status, reply.headers.get('date')]).toEqual([404, 'Tue, 21 May 2024 12:00:00 GMT']);
  });

  it.each([{ seconds: -1 }, { seconds: '5' }, {}])('refuses %j', async (body) => {
    expect((await control(await startTestSandbox(), 'POST /advance', body)).status).toBe(400);
  });
});

describe('PATCH /_sandbox', () => {
  it('sets latency and rate limits', async () => {
    const here = await startTestSandbox();
    await control(here, 'PATCH ', { latencyMs: 1, rateLimits: { images: 1 } });
    expect((await control(here, 'GET ')).body).toMatchObject({
      latencyMs: 1,
      rateLimits: { images: 1, general: 400 },
    });
    expect((await here.call('/images')).status).toBe(200);
    expect((await here.call('/images')).status).toBe(429);
  });
});

describe('POST /_sandbox/reset', () => {
  it('restores the seed, the clock and the limits, and clears faults; settings remain', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({ status: 500 });
    here.sandbox.removeImage('private/23849731');
    await control(here, 'PATCH ', { speed: 5, rateLimits: { images: 0 } });
    await control(here, 'POST /advance', { seconds: 100 });
    expect((await control(here, 'POST /reset')).body).toMatchObject({
      now: '2024-05-20T12:00:00.000Z',
      speed: 5,
      rateLimits: { images: 20 },
      faults: 0,
    });
    expect((await here.call('/images/private%2F23849731')).status).toBe(200);
  });
});

describe('access', () => {
  it('is refused for pages of other origins, by preflight and by type', async () => {
    const here = await startTestSandbox();
    const evil = { origin: 'http://evil.example', 'content-type': 'application/json' };
    for (const line of ['OPTIONS /faults', 'POST /faults', 'POST /reset', 'DELETE /faults', 'GET ']) {
      const { status, headers } = await control(here, line, line.startsWith('POST') ? {} : undefined, evil);
      expect([line, status, headers.get('access-control-allow-origin')]).toEqual([line, 403, null]);
    }
    const untyped = await control(here, 'POST /faults', '{"status":500}', { 'content-type': 'text/plain' });
    expect(untyped.status).toBe(415);
    expect((await here.call(PATH)).status).toBe(200);
  });

  it('is allowed for pages of this machine', async () => {
    const here = await startTestSandbox();
    const origin = 'http://localhost:3000';
    const preflight = await control(here, 'OPTIONS /faults', undefined, { origin });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    const added = await control(
      here,
      'POST /faults',
      { status: 500 },
      { origin, 'content-type': 'application/json' },
    );
    expect([added.status, added.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });

  const address = Object.values(networkInterfaces())
    .flat()
    .find((each) => each && !each.internal && each.family === 'IPv4')?.address;
  (address === undefined ? it.skip : it)('is refused from other addresses', async () => {
    const here = await startTestSandbox({ host: '0.0.0.0' });
    const { port } = new URL(here.sandbox.url);
    // Connecting to another address of this machine makes that address the client's.
    const status = await new Promise((resolve, reject) => {
      request({ host: address, port, path: '/_sandbox' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('does not lead through the API or the gateway', async () => {
    const { linode, gateway } = await startStack();
    const viaApi = await send(`${linode.url}/_sandbox/faults`, { token: null });
    const viaGateway = await send(`${new URL(gateway.url).origin}/_sandbox/faults`, { token: null });
    expect([viaApi.status, viaGateway.status]).toEqual([404, 404]);
    expect((await send(`${linode.origin}/_sandboxes`, { token: null })).status).toBe(404);
  });
});
