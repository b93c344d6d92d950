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

  it('tags on create, upload and update, and filters by tag', async () => {
    const { image } = await sdk.uploadImage({ label: 'up', region: 'us-east', tags: ['web', 'base'] });
    expect(image.tags).toEqual(['base', 'web']);
    const { data: disks } = await sdk.getLinodeDisks(54973909);
    const captured = await sdk.createImage({ disk_id: disks[0]?.id ?? 0, tags: ['nightly'] });
    await sdk.updateImage('private/23849731', { tags: ['nightly', 'golden'] });
    expect((await sdk.getImage('private/23849731')).tags).toEqual(['golden', 'nightly']);
    const nightly = await sdk.getImages({}, { tags: 'nightly' });
    expect(nightly.data.map((each) => each.id)).toEqual(['private/23849731', captured.id]);
    expect((await sdk.updateImage(captured.id, { tags: [] })).tags).toEqual([]);
  });

  it('replicates, and reads the regions back', async () => {
    const id = 'private/23851701';
    const image = await sdk.updateImageRegions(id, { regions: ['nl-ams', 'us-ord', 'se-sto'] });
    expect(image.regions?.map(({ status }) => status)).toEqual([
      'available',
      'pending replication',
      'pending replication',
    ]);
    here.clock.ms += 60_000;
    expect(await sdk.getImage(id)).toMatchObject({
      regions: [
        { region: 'nl-ams', status: 'available' },
        { region: 'us-ord', status: 'available' },
        { region: 'se-sto', status: 'available' },
      ],
      total_size: 3 * 3980,
    });
    const stored = await sdk.getImages({}, { regions: { region: 'se-sto' } });
    expect(stored.data.map((each) => each.id)).toEqual([id]);
    await sdk.updateImageRegions(id, { regions: ['us-ord'] });
    here.clock.ms += 10_000;
    expect(await sdk.getImage(id)).toMatchObject({
      regions: [{ region: 'us-ord', status: 'available' }],
      total_size: 3980,
    });
    await expect(sdk.updateImageRegions(id, { regions: ['nl-ams'] })).rejects.toMatchObject({
      response: { status: 400, data: { errors: [{ field: 'regions' }] } },
    });
  });

  it('lists shared images, and reads permissions and the time zone', async () => {
    token = 'bob-full';
    const shared = await sdk.getImages({}, { type: 'shared' });
    expect(shared.data.map((image) => image.image_sharing?.shared_by?.sharegroup_label)).toEqual([
      'golden-images',
      'golden-images',
    ]);
    token = 'carol-restricted';
    expect((await sdk.getMyGrants()).image.map(({ permissions }) => permissions)).toEqual([
      'read_only',
      'read_only',
      'read_write',
    ]);
    expect((await sdk.getProfile()).timezone).toBe('Europe/Berlin');
    expect((await sdk.getRegion('us-den-1')).site_type).toBe('distributed');
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
