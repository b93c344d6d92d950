import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { getGrants, getProfile } from '../../../src/linode/api/profile.js';
import { templateOf } from '../../../src/linode/api/pathTemplate.js';
import { LinodeInvalidResponse } from '../../../src/linode/errors.js';
import { startSandbox } from '../../../src/sandbox/sandbox.js';
import { describeWithEnv } from '../../sandbox/harness.js';
import { createTestClient } from '../../support/linodeClient.js';
import { readRecording, startRecordedUpstream } from '../../support/recordedUpstream.js';
import { http, startWireUpstream } from '../../support/wireUpstream.js';

describeWithEnv('LINODE_RECORDINGS', 'the viewer as recorded', (folder) => {
  it('has a profile, and no grants for an unrestricted user', async () => {
    const upstream = await startRecordedUpstream(readRecording(folder, 'today-viewer'));
    const client = createTestClient(upstream.url);
    expect(await getProfile(client.linode, client.terms())).toEqual({
      username: 'example-user',
      email: 'user@example.com',
      restricted: false,
      timezone: 'GMT',
      user_type: 'default',
    });
    expect(await getGrants(client.linode, client.terms())).toBeNull();
    expect(upstream.requests.map(({ line }) => line)).toEqual(['GET /v4/profile', 'GET /v4/profile/grants']);
    await client.close();
    await upstream.close();
  });
});

async function grantsOf(body: unknown): Promise<unknown> {
  const upstream = await startWireUpstream((socket) => socket.write(http(200, JSON.stringify(body))));
  const client = createTestClient(upstream.url);
  try {
    return await getGrants(client.linode, client.terms()).catch((error: unknown) => error);
  } finally {
    await client.close();
    await upstream.close();
  }
}

const image = [
  { id: 7, label: 'seven', permissions: 'read_write' },
  { id: 8, label: 'eight', permissions: null },
];

it('a restricted user has the grants that Linode lists', async () => {
  expect(await grantsOf({ global: { add_images: true, add_linodes: false }, image, linode: [] })).toEqual({
    global: { add_images: true, add_linodes: false },
    image: [
      { id: 7, permissions: 'read_write' },
      { id: 8, permissions: null },
    ],
    unreadable: [],
  });
});

it.each([null, undefined])('a user without image grants, listed as %s, has none', async (none) => {
  expect(await grantsOf({ global: {}, image: none })).toEqual({
    global: { add_images: null, add_linodes: null },
    image: [],
    unreadable: [],
  });
});

it.each<[string, unknown]>([
  ['no global grants', { image }],
  ['grants that are no list', { global: {}, image: { 7: 'read_write' } }],
])('grants that cannot be read deny nothing: %s', async (_, body) => {
  expect(await grantsOf(body)).toBeInstanceOf(LinodeInvalidResponse);
});

it.each<[string, unknown, number | null]>([
  ['no ID', { permissions: 'read_write' }, null],
  ['a permission that is no text', { id: 9, permissions: 1 }, 9],
  ['no permission', { id: 9 }, 9],
  ['null in its place', null, null],
])('a grant with %s leaves the others', async (_, grant, id) => {
  const grants = await grantsOf({ global: {}, image: [grant, ...image] });
  expect(grants).toMatchObject({ image: [{ id: 7 }, { id: 8 }], unreadable: [{ index: 0, id }] });
});

it('the sandbox responds as Linode does', async () => {
  const linode = await startSandbox();
  const client = createTestClient(linode.url);
  const carol = client.of('carol-restricted');
  expect(await getProfile(carol, client.terms())).toMatchObject({ username: 'carol', restricted: true });
  expect(await getGrants(carol, client.terms())).toMatchObject({ global: { add_images: false } });
  expect(await getGrants(client.of('alice-full'), client.terms())).toBeNull();
  await client.close();
  await linode.close();
});

it('a 204 where a body is needed is invalid', async () => {
  const upstream = await startWireUpstream((socket) => socket.write(http(204, '')));
  const client = createTestClient(upstream.url);
  const read = client.linode.read({ kind: 'other', path: '/profile', shape: z.object({}) }, client.terms());
  await expect(read).rejects.toBeInstanceOf(LinodeInvalidResponse);
  await client.close();
  await upstream.close();
});

it.each([
  ['/profile/grants', '/profile/grants'],
  ['/images/private%2F7/regions', '/images/{id}/regions'],
])('%s is logged as %s', (path, template) => {
  expect(templateOf(path)).toBe(template);
});
