import { expect, it } from '@jest/globals';
import type { SandboxImage } from '../../src/sandbox/sandbox.js';
import { describeWithEnv, GZIP, startTestSandbox, type Page } from './harness.js';
import { compare, expectHeaders, recordingsIn } from './recordings.js';

describeWithEnv('LINODE_RECORDINGS', 'as recorded with 4.176:', (folder) => {
  const { exchange, exchanges } = recordingsIn(folder);

  it('the image list', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const recording = exchange('images-list', 'GET', /^\/images$/);
    const reply = await compare(here, '/images', recording);
    const theirs = (recording.body as Page<SandboxImage>).data;
    const ours = (reply.body as Page<SandboxImage>).data;
    const keys = (images: SandboxImage[]) => new Set(images.flatMap((image) => Object.keys(image)));
    expect(keys(ours)).toEqual(keys(theirs));
    const nulls = (images: SandboxImage[], type: string) =>
      images
        .filter((image) => !image.is_public && image.type === type)
        .map(({ updated, created_by: by, expiry }) => {
          return [updated === null, by === null, expiry === null];
        });
    expect(nulls(ours, 'automatic')[0]).toEqual(nulls(theirs, 'automatic')[0]);
    expect(nulls(ours, 'manual')[0]).toEqual(nulls(theirs, 'manual')[0]);
    expect(ours.filter((image) => image.is_public).length).toBe(
      theirs.filter((image) => image.is_public).length,
    );
    expect(ours.filter((image) => image.deprecated).length).toBe(
      theirs.filter((image) => image.deprecated).length,
    );
  });

  it('the order of the image list', async () => {
    const { sandbox } = await startTestSandbox({ seed: false, api: '4.176' });
    sandbox.addAccount({ tokens: [{ token: 't', username: 't', scopes: '*' }] });
    for (const file of ['images-list', 'images-list-next-version', 'today-images-list']) {
      sandbox.reset();
      sandbox.addAccount({ tokens: [{ token: 't', username: 't', scopes: '*' }] });
      const { data } = exchange(file, 'GET', /^\/images$/).body as Page<SandboxImage>;
      for (const image of [...data].reverse()) sandbox.putImage('t', image);
      expect(sandbox.images('t').map((image) => image.id)).toEqual(data.map((image) => image.id));
    }
  });

  it('an image, and a missing one', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    await compare(here, '/images/linode%2Fubuntu16.04lts', exchange('image-get', 'GET', /./));
    const reply = await compare(here, '/images/does-not-exist', exchange('image-get-missing', 'GET', /./));
    expect(reply.body).toEqual(exchange('image-get-missing', 'GET', /./).body);
  });

  it('an invalid filter', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const recording = exchange('images-bad-filter', 'GET', /./);
    const reply = await compare(here, '/images?page=1', recording, { filter: { foo: 'bar' } });
    expect(reply.body).toEqual(recording.body);
  });

  it('the lifecycle of an upload', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const body = { region: 'us-ord', label: 'linodego-image-test', description: 'An image that does stuff.' };
    const begun = exchange('image-upload-lifecycle', 'POST', /./);
    const reply = await compare(here, '/images/upload', begun, { method: 'POST', body });
    const ours = reply.body as { upload_to: string; image: SandboxImage };
    const theirs = begun.body as typeof ours;
    const { id, created, updated, created_by: by } = ours.image;
    expect({ ...theirs.image, id, created, updated, created_by: by }).toEqual(ours.image);
    const form = (url: string) =>
      url.replace(/^https?:\/\/[^/]+(:\d+)?/, '').replace(/&AWSAccessKeyID=.*/, '');
    const pattern = /\/\d+\?Signature=[^&]+%3D&Expires=\d{10}$/;
    expect([form(ours.upload_to), form(theirs.upload_to)]).toEqual([
      expect.stringMatching(pattern),
      expect.stringMatching(pattern),
    ]);
    const path = `/images/${encodeURIComponent(id)}`;
    const views = exchanges('image-upload-lifecycle').filter(({ request }) => request.method === 'GET');
    await compare(here, path, views[0]?.response ?? begun);
    const headers = { 'content-type': 'application/octet-stream' };
    await fetch(ours.upload_to, { method: 'PUT', headers, body: GZIP });
    here.clock.ms += 20_000;
    const last = views.at(-1)?.response ?? begun;
    const available = (await compare(here, path, last)).body as SandboxImage;
    const recordedLast = last.body as SandboxImage;
    expect([available.status, available.size]).toEqual([recordedLast.status, recordedLast.size]);
    await compare(here, path, exchange('image-upload-lifecycle', 'DELETE', /./), { method: 'DELETE' });
  });

  it('the lifecycle of a capture', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    await compare(here, '/regions', exchange('image-capture-lifecycle', 'GET', /^\/regions$/));
    const disksPath = '/linode/instances/55007110/disks';
    await compare(here, disksPath, exchange('image-capture-lifecycle', 'GET', /.*disks$/));
    const recording = exchange('image-capture-lifecycle', 'POST', /^\/images$/);
    const body = { disk_id: 110_014_220, label: 'linodego-test-cloud-init', cloud_init: true };
    const reply = await compare(here, '/images', recording, { method: 'POST', body });
    const ours = reply.body as SandboxImage;
    const { id, created, updated, created_by: by } = ours;
    expect({ ...(recording.body as SandboxImage), id, created, updated, created_by: by }).toEqual(ours);
  });

  it('capture events, and a busy Linode', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const body = { disk_id: 54_933_906 * 2, label: 'captured' };
    await here.call('/images', { method: 'POST', body });
    const seen = exchanges('capture-events').filter(({ request }) => request.path === '/account/events');
    const filter = {
      action: 'disk_imagize',
      'entity.id': 54_933_906,
      'entity.type': 'linode',
      id: { '+gte': 7e8 },
    };
    for (const { response } of [seen[0], seen.at(-1)].filter((each) => each !== undefined)) {
      here.clock.ms += 50_000;
      const reply = await compare(here, '/account/events?page=1', response, { filter });
      const status = (page: unknown) => (page as Page<{ status: string }>).data[0]?.status;
      expect(status(reply.body)).toBe(status(response.body));
    }
    const busy = exchanges('capture-events').find(({ response }) => response.status === 400)?.response;
    await here.call('/images', { method: 'POST', body });
    const refused = await here.call('/images', { method: 'POST', body });
    expect([refused.status, refused.body]).toEqual([busy?.status, busy?.body]);
  });

  it('filtered Linodes', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const recording = exchange('linodes-list', 'GET', /^\/linode\/instances$/);
    await compare(here, '/linode/instances?page=1', recording, { filter: { id: 55_007_110 } });
  });

  it('a missing user', async () => {
    const here = await startTestSandbox({ api: '4.176' });
    const recording = exchange('user-get-missing', 'GET', /./);
    const reply = await compare(here, '/account/users/missing', recording);
    expect(reply.body).toEqual(recording.body);
  });

  it('a user, but for the keys of another version', async () => {
    const { call } = await startTestSandbox();
    const recording = exchange('user-get', 'GET', /./);
    const reply = await call<object>('/account/users/dave');
    // 4.176 has the two that were dropped since, and not the one that came.
    const ours = new Set([...Object.keys(reply.body), 'user_type']);
    for (const key of ['ssh_keys', 'verified_phone_number']) ours.delete(key);
    expect(ours).toEqual(new Set(Object.keys(recording.body as object)));
    expectHeaders(reply, recording);
  });
});
