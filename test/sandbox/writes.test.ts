import { describe, expect, it } from '@jest/globals';
import type { SandboxImage } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, type Errors, type TestSandbox } from './harness.js';

const DISK = 54933906 * 2;
const PATH = '/images/private%2F23849731';

async function refusal({ call }: TestSandbox, method: string, path: string, body: unknown) {
  const reply = await call<Errors>(path, { method, body });
  return { status: reply.status, fields: reply.body.errors.map((error) => error.field) };
}

describe('POST /images', () => {
  it('captures a disk, labelled as the disk by default', async () => {
    const { call } = await startTestSandbox();
    const { status, body } = await call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK } });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'private/24100001',
      label: 'web-1 Disk',
      description: '',
      created: '2024-05-20T12:00:00',
      updated: '2024-05-20T12:00:00',
      size: 25_088,
      created_by: 'alice',
      type: 'manual',
      is_public: false,
      deprecated: false,
      vendor: null,
      expiry: null,
      eol: null,
      status: 'creating',
      capabilities: [],
      tags: [],
      regions: [],
      total_size: 25_088,
      is_shared: false,
      image_sharing: {
        shared_with: { sharegroup_count: 0, sharegroup_list_url: '/images/private/24100001/sharegroups' },
        shared_by: null,
      },
    });
  });

  it('stores label, description and cloud_init', async () => {
    const { call } = await startTestSandbox();
    const body = { disk_id: DISK, label: 'gold', description: ' ', cloud_init: true };
    const made = await call<SandboxImage>('/images', { method: 'POST', body });
    expect(made.body).toMatchObject({ label: 'gold', description: ' ', capabilities: ['cloud-init'] });
  });

  it('counts the characters of a label, not its UTF-16 units', async () => {
    const here = await startTestSandbox();
    const post = (label: string) => here.call('/images', { method: 'POST', body: { disk_id: DISK, label } });
    expect((await post('😀'.repeat(51))).status).toBe(400);
    expect((await post('😀'.repeat(50))).body).toMatchObject({ label: '😀'.repeat(50) });
  });

  it('reports the errors of all fields at once', async () => {
    const here = await startTestSandbox();
    const wrong = { disk_id: '5', label: '', description: '', cloud_init: 'yes' };
    expect(await refusal(here, 'POST', '/images', wrong)).toEqual({
      status: 400,
      fields: ['disk_id', 'label', 'description', 'cloud_init'],
    });
    const tooLong = { disk_id: DISK, label: 'x'.repeat(51), description: 'x'.repeat(65_001) };
    expect((await refusal(here, 'POST', '/images', tooLong)).fields).toEqual(['label', 'description']);
    expect(await refusal(here, 'POST', '/images', {})).toEqual({ status: 400, fields: ['disk_id'] });
    expect(await refusal(here, 'POST', '/images', '{"disk_id"')).toEqual({
      status: 400,
      fields: [undefined],
    });
  });

  it('responds 404 for a missing disk, or one of another account', async () => {
    const here = await startTestSandbox();
    expect((await refusal(here, 'POST', '/images', { disk_id: 1 })).status).toBe(404);
    expect((await refusal(here, 'POST', '/images', { disk_id: 54100001 * 2 })).status).toBe(404);
  });

  it('refuses a second capture of a disk with Linode busy', async () => {
    const { call, clock } = await startTestSandbox();
    const capture = () => call('/images', { method: 'POST', body: { disk_id: DISK } });
    await capture();
    const { status, body } = await capture();
    expect({ status, body }).toEqual({ status: 400, body: { errors: [{ reason: 'Linode busy.' }] } });
    clock.ms += 90_000;
    expect((await capture()).status).toBe(200);
  });

  it('numbers images and never reuses a number', async () => {
    const { call } = await startTestSandbox();
    const make = async () => {
      const body = { label: 'x', region: 'us-east' };
      return (await call<{ image: SandboxImage }>('/images/upload', { method: 'POST', body })).body.image.id;
    };
    const first = await make();
    await call(`/images/${first}`, { method: 'DELETE' });
    expect([first, await make()]).toEqual(['private/24100001', 'private/24100002']);
  });
});

describe('POST /images/upload', () => {
  it.each(['mars-1', 'us-west', 'gb-lon', 'us-den-1'])('refuses the region %s', async (region) => {
    const here = await startTestSandbox();
    expect(await refusal(here, 'POST', '/images/upload', { label: 'x', region })).toEqual({
      status: 400,
      fields: ['region'],
    });
    expect(
      (await here.call('/images/upload', { method: 'POST', body: { label: 'x', region: 'us-east' } })).status,
    ).toBe(200);
  });

  it('requires a label and a known region', async () => {
    const here = await startTestSandbox();
    expect(await refusal(here, 'POST', '/images/upload', {})).toEqual({
      status: 400,
      fields: ['label', 'region'],
    });
    expect(await refusal(here, 'POST', '/images/upload', { label: 'x', region: 'moon' })).toEqual({
      status: 400,
      fields: ['region'],
    });
  });
});

describe('PUT /images/{id}', () => {
  it('changes the given fields and `updated`, and ignores read-only fields', async () => {
    const { call } = await startTestSandbox();
    const body = { label: 'renamed', size: 1, status: 'creating', id: 'private/1' };
    const { status, body: image } = await call<SandboxImage>(PATH, { method: 'PUT', body });
    expect(status).toBe(200);
    expect(image).toMatchObject({
      id: 'private/23849731',
      label: 'renamed',
      description: 'nginx, node 20, hardened sshd',
      size: 1754,
      status: 'available',
      created: '2024-03-02T14:20:05',
      updated: '2024-05-20T12:00:00',
    });
    expect((await call(PATH)).body).toEqual(image);
  });

  it('accepts one space as description and refuses an empty one', async () => {
    const here = await startTestSandbox();
    const { body } = await here.call<SandboxImage>(PATH, { method: 'PUT', body: { description: ' ' } });
    expect(body.description).toBe(' ');
    expect((await refusal(here, 'PUT', PATH, { description: '' })).fields).toEqual(['description']);
    expect((await refusal(here, 'PUT', PATH, { label: null })).fields).toEqual(['label']);
  });

  it('is visible in the list at once', async () => {
    const { call } = await startTestSandbox();
    await call('/images');
    await call(PATH, { method: 'PUT', body: { label: 'renamed' } });
    expect((await call('/images')).text).toContain('"renamed"');
  });
});

describe('DELETE /images/{id}', () => {
  it('responds with an empty object and removes the image', async () => {
    const { call } = await startTestSandbox();
    const { status, text } = await call(PATH, { method: 'DELETE' });
    expect([status, text]).toEqual([200, '{}']);
    expect((await call(PATH)).status).toBe(404);
    expect((await call('/images')).text).not.toContain('23849731');
    expect((await call(PATH, { method: 'DELETE' })).status).toBe(404);
  });

  it('is delayed by the option', async () => {
    const { call, clock } = await startTestSandbox({ deletionMs: 5_000 });
    await call(PATH, { method: 'DELETE' });
    expect((await call(PATH)).status).toBe(200);
    clock.ms += 5_000;
    expect((await call(PATH)).status).toBe(404);
  });
});
