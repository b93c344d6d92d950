import { expect, it } from '@jest/globals';
import type { SandboxImage } from '../../src/sandbox/sandbox.js';
import { describeWithEnv, GZIP, startTestSandbox, type Page } from './harness.js';
import { compare, expectHeaders, recordingsIn } from './recordings.js';

const BYTES = { 'content-type': 'application/octet-stream' };

/** Without the keys that cannot be equal, and those that came after the recording. */
function comparable(ours: SandboxImage, theirs: SandboxImage): SandboxImage {
  const { id, created, updated, created_by: by } = theirs;
  const entries = Object.entries({ ...ours, id, created, updated, created_by: by });
  return Object.fromEntries(entries.filter(([key]) => key in theirs)) as unknown as SandboxImage;
}

/** A recording of 2024 lacks the keys about sharing: adds them, so that shapes can be compared. */
function withSharing<T extends { body: unknown }>(recording: T): T {
  const sharing = { is_shared: false, image_sharing: { shared_by: null, shared_with: {} } };
  Object.assign(sharing.image_sharing, { shared_with: { sharegroup_count: 0, sharegroup_list_url: '' } });
  const body = recording.body as { image?: object };
  return {
    ...recording,
    body: body.image ? { ...body, image: { ...body.image, ...sharing } } : { ...body, ...sharing },
  };
}

describeWithEnv('LINODE_RECORDINGS', 'as recorded with the latest API:', (folder) => {
  const { exchange, exchanges } = recordingsIn(folder);

  it('the image list', async () => {
    const here = await startTestSandbox();
    const recording = exchange('today-images-list', 'GET', /^\/images$/);
    const reply = await here.call<Page<SandboxImage>>('/images');
    expectHeaders(reply, recording);
    const theirs = (recording.body as Page<SandboxImage>).data;
    const ours = reply.body.data;
    const keysOf = (rows: SandboxImage[], isPublic: boolean) =>
      rows.filter((each) => each.is_public === isPublic).map((each) => Object.keys(each).sort().join());
    for (const isPublic of [true, false]) {
      expect(new Set(keysOf(ours, isPublic))).toEqual(new Set(keysOf(theirs, isPublic)));
    }
    const ownPublic = (rows: SandboxImage[]) =>
      new Set(
        rows
          .filter((each) => each.is_public)
          .map((each) => [each.regions, each.is_shared, each.image_sharing].join()),
      );
    expect(ownPublic(ours)).toEqual(ownPublic(theirs));
  });

  it('an upload with tags', async () => {
    const here = await startTestSandbox();
    const { request, response } = exchanges('today-upload-tags')[0] ?? fail();
    const reply = await compare(here, '/images/upload', withSharing(response), {
      method: 'POST',
      body: request.body,
    });
    const theirs = (response.body as { image: SandboxImage }).image;
    const ours = (reply.body as { image: SandboxImage }).image;
    expect(comparable(ours, theirs)).toEqual(theirs);
    await compare(here, `/images/${ours.id}`, exchange('today-upload-tags', 'DELETE', /./), {
      method: 'DELETE',
    });
  });

  it('a capture with tags', async () => {
    const here = await startTestSandbox();
    await compare(here, '/linode/instances/55007110/disks', exchange('today-capture-tags', 'GET', /./));
    const { request, response } = exchanges('today-capture-tags')[1] ?? fail();
    const body = { ...(request.body as object), disk_id: 110_014_220 };
    const reply = await compare(here, '/images', withSharing(response), { method: 'POST', body });
    const theirs = response.body as SandboxImage;
    expect(comparable(reply.body as SandboxImage, theirs)).toEqual(theirs);
  });

  it('a replication', async () => {
    const here = await startTestSandbox();
    const [start, , , available, replicate, remove] = exchanges('today-replicate');
    if (!start || !available || !replicate || !remove) return fail();
    const begun = await compare(here, '/images/upload', withSharing(start.response), {
      method: 'POST',
      body: start.request.body,
    });
    const { upload_to: url, image } = begun.body as { upload_to: string; image: SandboxImage };
    await fetch(url, { method: 'PUT', headers: BYTES, body: GZIP });
    here.clock.ms += 20_000;
    const path = `/images/${encodeURIComponent(image.id)}`;
    for (const { response, request } of [available, replicate]) {
      // Images have been encrypted since the recording.
      const theirs = { ...(response.body as SandboxImage), capabilities: ['distributed-sites'] };
      const isPost = request.method === 'POST';
      const call = isPost ? { method: 'POST', body: request.body } : {};
      const reply = await compare(
        here,
        isPost ? `${path}/regions` : path,
        withSharing({ ...response, body: theirs }),
        call,
      );
      expect(comparable(reply.body as SandboxImage, theirs)).toEqual(theirs);
    }
    await compare(here, path, remove.response, { method: 'DELETE' });
  });

  it('a profile, and the grants of an unrestricted user', async () => {
    const here = await startTestSandbox();
    const of = (path: string) => {
      const found = exchanges('today-viewer').find(({ request }) => request.path === path) ?? fail();
      // Those of another account than the other recordings'.
      delete found.response.headers['x-ratelimit-limit'];
      return found.response;
    };
    await compare(here, '/profile', of('/profile'));
    const { status, text, headers } = await compare(here, '/profile/grants', {
      ...of('/profile/grants'),
      body: undefined,
    });
    expect([status, text, headers.get('content-type')]).toEqual([204, '', null]);
  });
});

function fail(): never {
  throw new Error('The recording is missing');
}
