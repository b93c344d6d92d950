import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/sandbox/api/uploads.js';
import type { Fault, SandboxEvent, SandboxImage } from '../../src/sandbox/sandbox.js';
import { GZIP, startTestSandbox, send, type TestSandbox, type Page } from './harness.js';

const DISK = 54933906 * 2;
const HOUR = 60 * 60_000;
const BYTES = { 'content-type': 'application/octet-stream' };

interface Started {
  upload_to: string;
  image: SandboxImage;
}

async function startUpload({ call }: TestSandbox): Promise<Started> {
  const body = { label: 'up', region: 'us-east' };
  return (await call<Started>('/images/upload', { method: 'POST', body })).body;
}

async function newestEvent({ call }: TestSandbox): Promise<SandboxEvent | undefined> {
  return (await call<Page<SandboxEvent>>('/account/events')).body.data[0];
}

function put(url: string, body: string | Uint8Array = GZIP, headers: Record<string, string> = BYTES) {
  return send(url, { method: 'PUT', token: null, body, headers });
}

describe('a capture', () => {
  it('is creating at the size of its disk, then available and smaller', async () => {
    const here = await startTestSandbox();
    const made = await here.call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK } });
    const path = `/images/${made.body.id}`;
    here.clock.ms += 89_999;
    expect((await here.call(path)).body).toMatchObject({ status: 'creating', size: 25_088 });
    here.clock.ms += 1;
    expect((await here.call(path)).body).toMatchObject({
      status: 'available',
      size: 1756,
      updated: '2024-05-20T12:01:30',
    });
  });

  it('is updated at the time it was due, however late it is read', async () => {
    const here = await startTestSandbox();
    const made = await here.call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK } });
    here.clock.ms += 5 * HOUR;
    expect(here.sandbox.image(made.body.id)?.updated).toBe('2024-05-20T12:01:30');
  });

  it('reports progress in an event of the Linode, with the image as secondary entity', async () => {
    const here = await startTestSandbox();
    await here.call('/images', { method: 'POST', body: { disk_id: DISK, label: 'gold' } });
    expect(await newestEvent(here)).toEqual({
      id: 700_000_001,
      created: '2024-05-20T12:00:00',
      seen: false,
      read: false,
      percent_complete: 0,
      time_remaining: null,
      rate: null,
      duration: null,
      action: 'disk_imagize',
      username: 'alice',
      entity: { id: 54933906, label: 'web-1', type: 'linode', url: '/v4/linode/instances/54933906' },
      status: 'scheduled',
      secondary_entity: { id: 24_100_001, label: 'gold', type: 'image', url: '/v4/images/private/24100001' },
      message: '',
    });
    const percents: (number | null | undefined)[] = [];
    for (const seconds of [30, 30, 29, 1]) {
      here.clock.ms += seconds * 1000;
      percents.push((await newestEvent(here))?.percent_complete);
    }
    expect(percents).toEqual([31, 65, 98, 100]);
    expect(await newestEvent(here)).toMatchObject({ status: 'finished', time_remaining: 0, duration: 88 });
  });

  it('fails, or never ends, by a fault', async () => {
    const here = await startTestSandbox();
    here.sandbox.fault({
      method: 'POST',
      path: '/images',
      outcome: 'failed',
      message: 'Disk is broken',
      times: 1,
    });
    const made = await here.call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK } });
    expect(made.body.status).toBe('creating');
    here.clock.ms += 90_000;
    expect(await newestEvent(here)).toMatchObject({ status: 'failed', message: 'Disk is broken' });
    expect(here.sandbox.image(made.body.id)?.status).toBe('creating');

    here.sandbox.fault({ method: 'POST', path: '/images', outcome: 'stuck', times: 1 });
    expect((await here.call('/images', { method: 'POST', body: { disk_id: DISK } })).status).toBe(200);
    here.clock.ms += HOUR;
    expect(await newestEvent(here)).toMatchObject({ status: 'started', percent_complete: 0 });
    expect((await here.call('/images', { method: 'POST', body: { disk_id: DISK } })).status).toBe(400);
  });

  it('fails if its image is deleted', async () => {
    const here = await startTestSandbox();
    const made = await here.call<SandboxImage>('/images', { method: 'POST', body: { disk_id: DISK } });
    await here.call(`/images/${made.body.id}`, { method: 'DELETE' });
    here.clock.ms += HOUR;
    const { body } = await here.call<Page<SandboxEvent>>('/account/events', {
      filter: { id: { '+gt': 700_000_000 } },
    });
    expect(body.data.map((event) => [event.action, event.status])).toEqual([
      ['image_delete', 'finished'],
      ['disk_imagize', 'failed'],
    ]);
    expect(here.sandbox.image(made.body.id)).toBeUndefined();
  });
});

describe('an upload', () => {
  it('waits for its bytes, is processed, and then available', async () => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    expect(image).toMatchObject({ status: 'pending_upload', size: 0 });
    expect(await newestEvent(here)).toMatchObject({ action: 'image_upload', status: 'scheduled' });
    here.clock.ms += HOUR;
    expect((await put(url)).status).toBe(200);
    expect(here.sandbox.image(image.id)?.status).toBe('pending_upload');
    here.clock.ms += 20_000;
    expect(here.sandbox.image(image.id)).toMatchObject({
      status: 'available',
      size: 1,
      updated: '2024-05-20T13:00:20',
    });
    expect(await newestEvent(here)).toMatchObject({ status: 'finished', percent_complete: 100 });
  });

  it('of an empty file has the smallest size', async () => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    await put(url, gzipSync(''));
    here.clock.ms += 20_000;
    expect(here.sandbox.image(image.id)).toMatchObject({ status: 'available', size: 1, total_size: 1 });
  });

  it('has the uncompressed size of the file', async () => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    await put(url, gzipSync('x'.repeat(3 * 1024 * 1024 + 1)));
    here.clock.ms += 20_000;
    expect(here.sandbox.image(image.id)?.size).toBe(4);
    expect(here.sandbox.requests.at(-1)?.body).toBe('');
  });

  it.each<[string, Uint8Array]>([
    ['is not gzip', Buffer.from('raw disk')],
    ['is empty', Buffer.alloc(0)],
    ['is cut off', GZIP.subarray(0, GZIP.length - 5)],
    ['only starts like gzip', Buffer.concat([GZIP.subarray(0, 12), Buffer.alloc(100_000, 'x')])],
  ])('fails if the file %s: the image stays pending until the upload window ends', async (_, file) => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    expect((await put(url, file)).status).toBe(200);
    here.clock.ms += 10_000;
    expect(await newestEvent(here)).toMatchObject({ status: 'started', percent_complete: 50, message: '' });
    here.clock.ms += 10_000;
    expect(await newestEvent(here)).toMatchObject({
      action: 'image_upload',
      status: 'failed',
      percent_complete: 100,
      message: 'Failed to decompress image',
      entity: { id: 24_100_001 },
    });
    expect(here.sandbox.image(image.id)).toMatchObject({ status: 'pending_upload', size: 0, regions: [] });
    here.clock.ms += 24 * HOUR;
    expect((await here.call(`/images/${image.id}`)).status).toBe(404);
    expect(await newestEvent(here)).toMatchObject({ message: 'Failed to decompress image' });
  });

  it('fails if the uncompressed file is larger than 6 GB', () => {
    const file = { bytes: 1, isGzip: true, unpackedBytes: 6 * 1024 ** 3 };
    expect(failureOf(file)).toBeUndefined();
    expect(failureOf({ ...file, unpackedBytes: file.unpackedBytes + 1 })).toBe(
      'Image too large when uncompressed',
    );
  });

  it.each<[string, Partial<Fault>]>([
    ['of the upload URL', { method: 'POST', path: '/images/upload', token: 'alice-full' }],
    ['of the upload itself', { method: 'PUT', path: /^\/uploads\// }],
  ])('fails, or never ends, by a fault %s', async (_, where) => {
    const here = await startTestSandbox();
    here.sandbox.fault({
      ...where,
      times: 1,
      outcome: 'failed',
      message: 'Image too large when uncompressed',
    });
    const failing = await startUpload(here);
    await put(failing.upload_to);
    here.clock.ms += 20_000;
    expect(await newestEvent(here)).toMatchObject({
      status: 'failed',
      message: 'Image too large when uncompressed',
    });
    here.sandbox.fault({ ...where, times: 1, outcome: 'stuck' });
    await put((await startUpload(here)).upload_to);
    here.clock.ms += HOUR;
    expect(await newestEvent(here)).toMatchObject({ status: 'started', percent_complete: 0 });
  });

  it('has a URL signed for 24 hours', async () => {
    const here = await startTestSandbox();
    const [first, second] = [await startUpload(here), await startUpload(here)];
    const expires = here.clock.ms / 1000 + 86_400;
    const prefix = `${here.sandbox.origin}/uploads/24100001?Signature=`;
    expect(first.upload_to.startsWith(prefix)).toBe(true);
    expect(first.upload_to.endsWith(`%3D&Expires=${expires}`)).toBe(true);
    expect(second.upload_to.split('Signature=')[1]).not.toBe(first.upload_to.split('Signature=')[1]);
  });

  it('refuses another signature, content type or expiry', async () => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    const refused = [
      await put(url.replace('Signature=', 'Signature=x')),
      await put(url.replace('Expires=', 'Expires=9')),
      await put(url, GZIP, { 'content-type': 'application/gzip' }),
      await put(url.replace('24100001', '24100009')),
    ];
    for (const { status, text, headers } of refused) {
      expect([status, headers.get('content-type')]).toEqual([403, 'application/xml']);
      expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
    }
    here.clock.ms += 24 * HOUR - 1;
    expect(here.sandbox.image(image.id)?.status).toBe('pending_upload');
    here.clock.ms += 1;
    expect((await put(url)).text).toContain('Request has expired');
  });

  it('without bytes is removed after 24 hours, with a failed event', async () => {
    const here = await startTestSandbox();
    const { image } = await startUpload(here);
    here.clock.ms += 24 * HOUR;
    expect((await here.call(`/images/${image.id}`)).status).toBe(404);
    expect(await newestEvent(here)).toMatchObject({
      action: 'image_upload',
      status: 'failed',
      percent_complete: 100,
      message: 'Upload window expired',
    });
  });

  it('is canceled by deleting its image', async () => {
    const here = await startTestSandbox();
    const { upload_to: url, image } = await startUpload(here);
    await here.call(`/images/${image.id}`, { method: 'DELETE' });
    const { body } = await here.call<Page<SandboxEvent>>('/account/events', {
      filter: { action: 'image_upload' },
    });
    expect(body.data[0]).toMatchObject({ status: 'failed', message: 'Upload canceled' });
    expect((await put(url)).status).toBe(403);
  });
});

describe('a change', () => {
  it('is an event, a notification without a percent', async () => {
    const here = await startTestSandbox();
    await here.call('/images/private%2F23849731', { method: 'PUT', body: { label: 'renamed' } });
    expect(await newestEvent(here)).toMatchObject({
      action: 'image_update',
      status: 'notification',
      percent_complete: null,
      entity: { id: 23849731, label: 'renamed', type: 'image', url: '/v4/images/private/23849731' },
      secondary_entity: null,
    });
  });
});
