import { beforeEach, describe, expect, it } from '@jest/globals';
import { GZIP, startTestSandbox, type TestSandbox } from './harness.js';
import { sdk } from './sdk.js';

/** The SDK has one client per process; an interceptor points it at the sandbox. */
let here: TestSandbox;
let token = '';

sdk.baseRequest.interceptors.request.use((config) => {
  config.url = (config.url ?? '').replace('https://api.linode.com', here.sandbox.origin);
  config.headers.set('Authorization', `Bearer ${token}`);
  return config;
});

beforeEach(async () => {
  here = await startTestSandbox();
  token = 'alice-full';
});

describe('the official SDK, unchanged,', () => {
  it('lists images, in pages and filtered', async () => {
    expect((await sdk.getImages()).results).toBe(47);
    const page = await sdk.getImages({ page: 2, page_size: 25 });
    expect([page.page, page.pages, page.data.length]).toEqual([2, 2, 22]);
    const own = await sdk.getImages(
      { page_size: 500 },
      { is_public: false, '+order_by': 'label', '+order': 'desc' },
    );
    expect(own.data.map((image) => image.label).slice(0, 2)).toEqual(['web-golden', 'web-golden']);
    expect((await sdk.getImages({}, { label: { '+contains': 'nothing' } })).pages).toBe(0);
  });

  it('views an image by its encoded ID', async () => {
    const image = await sdk.getImage('private/23849731');
    expect(image.label).toBe('web-golden');
    expect(here.sandbox.requests[0]?.line).toBe('GET /images/private%2F23849731');
  });

  it('captures a disk and follows the event', async () => {
    const { data: disks } = await sdk.getLinodeDisks(54973909);
    const image = await sdk.createImage({ disk_id: disks[0]?.id ?? 0, label: 'db', description: 'Nightly' });
    expect(image.status).toBe('creating');
    here.clock.ms += 45_000;
    const running = await sdk.getEvents(
      {},
      { action: 'disk_imagize', 'entity.id': 54973909, '+order_by': 'id' },
    );
    expect(running.data.at(-1)?.percent_complete).toBe(48);
    here.clock.ms += 45_000;
    expect((await sdk.getImage(image.id)).status).toBe('available');
  });

  it('updates and deletes', async () => {
    const image = await sdk.updateImage('private/23849731', { label: 'renamed', description: ' ' });
    expect([image.label, image.description]).toEqual(['renamed', ' ']);
    expect(await sdk.deleteImage(image.id)).toEqual({});
    await expect(sdk.getImage(image.id)).rejects.toMatchObject({ response: { status: 404 } });
  });

  it('uploads', async () => {
    const { upload_to: url, image } = await sdk.uploadImage({
      label: 'up',
      region: 'us-east',
      cloud_init: true,
    });
    expect([image.status, image.capabilities]).toEqual(['pending_upload', ['cloud-init']]);
    const headers = { 'Content-Type': 'application/octet-stream' };
    expect((await fetch(url, { method: 'PUT', headers, body: GZIP })).status).toBe(200);
    here.clock.ms += 20_000;
    expect(await sdk.getImage(image.id)).toMatchObject({ status: 'available', size: 1 });
  });

  it('reads related resources', async () => {
    expect((await sdk.getRegion('us-east')).country).toBe('us');
    expect((await sdk.getRegions({ page_size: 500 })).results).toBe(30);
    expect((await sdk.getLinodes({}, { image: 'private/23849731' })).results).toBe(2);
    expect((await sdk.getLinode(54933906)).image).toBe('private/23849731');
    expect((await sdk.getUser('dave')).email).toBe('dave@example.com');
    expect((await sdk.getProfile()).username).toBe('alice');
    token = 'carol-restricted';
    expect((await sdk.getMyGrants()).image).toHaveLength(3);
  });

  it('receives errors', async () => {
    await expect(sdk.getImages({}, { foo: 'bar' })).rejects.toMatchObject({
      response: { status: 400, data: { errors: [{ reason: 'Cannot filter on foo', field: 'X-Filter' }] } },
    });
    token = 'alice-read';
    await expect(sdk.deleteImage('private/23849731')).rejects.toMatchObject({ response: { status: 401 } });
  });
});
