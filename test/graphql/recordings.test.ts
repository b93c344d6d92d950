import { afterEach, expect, it } from '@jest/globals';
import { describeWithEnv } from '../sandbox/harness.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { expectedImage, IMAGE_FIELDS, type WireImage } from '../support/imageFields.js';
import {
  readRecording,
  startRecordedUpstream,
  type Exchange,
  type RecordedUpstream,
} from '../support/recordedUpstream.js';

interface Images {
  images: { totalCount: number; nodes: { id: string }[] };
}
interface Recorded {
  linode: RecordedUpstream;
  gateway: TestGateway;
}

const LIST = `{ images(first: 500) { totalCount nodes { ${IMAGE_FIELDS} } } }`;
const VIEW = `query ($id: ID!) { image(id: $id) { ${IMAGE_FIELDS} } }`;
const DELETE = `mutation ($id: ID!) { deleteImage(input: { id: $id }) { deletedImageId userErrors { code } } }`;

/** Past what the gateway knows already. */
const NO_CACHE = { token: 'recorded', headers: { 'cache-control': 'no-cache' } };

const open: Recorded[] = [];

async function serve(exchanges: Exchange[]): Promise<Recorded> {
  const linode = await startRecordedUpstream(exchanges);
  const gateway = await startTestGateway({ linodeApiUrl: linode.url });
  const recorded = { linode, gateway };
  open.push(recorded);
  return recorded;
}

afterEach(async () => {
  for (const { gateway, linode } of open.splice(0)) {
    await gateway.close();
    await linode.close();
  }
});

const rowsOf = (exchange: Exchange | undefined): WireImage[] =>
  (exchange?.response.body as { data: WireImage[] }).data;

describeWithEnv('LINODE_RECORDINGS', 'the gateway before recorded answers of the real API', (folder) => {
  it('tells every field of the 42 listed images, in the order in which Linode lists them', async () => {
    const exchanges = readRecording(folder, 'images-list');
    const rows = rowsOf(exchanges[0]);
    const { gateway, linode } = await serve(exchanges);
    const { data, errors } = await gateway.ask<Images>(LIST, { token: 'recorded' });
    expect(errors).toEqual([]);
    expect(data.images.totalCount).toBe(42);
    expect(data.images.nodes).toEqual(rows.map(expectedImage));
    expect(linode.requests).toEqual([{ line: 'GET /v4/images?page=1&page_size=500', body: null }]);
  });

  it('meets in that list all the oddities that it claims to translate', async () => {
    const rows = rowsOf(readRecording(folder, 'images-list')[0]);
    const count = (is: (row: WireImage) => boolean) => rows.filter(is).length;
    expect(count((row) => row.is_public)).toBe(39);
    expect(count((row) => row.deprecated)).toBe(8);
    const isAutomatic = ({ type, created_by: by, updated, expiry }: WireImage) =>
      type === 'automatic' && by === null && updated === null && expiry !== null;
    expect(count(isAutomatic)).toBe(2);
    expect(count((row) => row.description === '')).toBeGreaterThan(0);
    expect(count((row) => row.description === null)).toBeGreaterThan(0);
    expect(count((row) => row.eol === null)).toBeGreaterThan(0);
  });

  it('leaves unknown keys of the next version aside and tells all the others', async () => {
    const exchanges = readRecording(folder, 'images-list-next-version');
    const rows = rowsOf(exchanges[0]);
    expect(rows.every((row) => 'tags' in row)).toBe(true);
    const { gateway } = await serve(exchanges);
    const { data, errors } = await gateway.ask<Images>(LIST, { token: 'recorded' });
    expect(errors).toEqual([]);
    expect(data.images.totalCount).toBe(37);
    expect(data.images.nodes).toEqual(rows.map(expectedImage));
  });

  it('views one image', async () => {
    const exchanges = readRecording(folder, 'image-get');
    const { gateway, linode } = await serve(exchanges);
    const { data, errors } = await gateway.ask(VIEW, {
      token: 'recorded',
      variables: { id: 'linode/ubuntu16.04lts' },
    });
    expect(errors).toEqual([]);
    expect(data).toEqual({ image: expectedImage(exchanges[0]?.response.body as WireImage) });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /v4/images/linode%2Fubuntu16.04lts']);
  });

  it('tells the recorded 404 as null; the id that got it does not even travel', async () => {
    const [missing] = readRecording(folder, 'image-get-missing');
    if (!missing) throw new Error('the recording is empty');
    const request = { ...missing.request, path: '/images/private/404' };
    const { gateway, linode } = await serve([{ ...missing, request }]);
    const ask = (id: string) => gateway.ask(VIEW, { token: 'recorded', variables: { id } });
    expect(await ask('private/404')).toMatchObject({ data: { image: null }, errors: [] });
    expect(await ask('does-not-exist')).toMatchObject({
      data: { image: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /v4/images/private%2F404']);
  });

  it('follows an upload from its start to its end', async () => {
    const exchanges = readRecording(folder, 'image-upload-lifecycle');
    const [start, pending, available] = exchanges;
    const { gateway, linode } = await serve(exchanges);

    const begun = await gateway.ask(
      `mutation ($input: InitiateImageUploadInput!) {
        initiateImageUpload(input: $input) { uploadTo expiresAt image { ${IMAGE_FIELDS} } userErrors { code } }
      }`,
      { token: 'recorded', variables: { input: start?.request.body } },
    );
    const upload = start?.response.body as { upload_to: string; image: WireImage };
    expect(begun.errors).toEqual([]);
    expect(begun.data).toEqual({
      initiateImageUpload: {
        uploadTo: upload.upload_to,
        expiresAt: '2024-02-17T17:47:59Z',
        image: expectedImage(upload.image),
        userErrors: [],
      },
    });

    const variables = { id: upload.image.id };
    const known = await gateway.ask(VIEW, { token: 'recorded', variables });
    const second = await gateway.ask(VIEW, { ...NO_CACHE, variables });
    const third = await gateway.ask(VIEW, { ...NO_CACHE, variables });
    expect(known.data).toEqual({ image: expectedImage(upload.image) });
    expect(second.data).toEqual({ image: expectedImage(pending?.response.body as WireImage) });
    expect(third.data).toEqual({ image: expectedImage(available?.response.body as WireImage) });
    expect(third.data).toMatchObject({ image: { status: 'AVAILABLE', size: 1, uploadExpiresAt: null } });

    const gone = await gateway.ask(DELETE, { token: 'recorded', variables });
    expect(gone.data).toEqual({ deleteImage: { deletedImageId: upload.image.id, userErrors: [] } });
    expect(await gateway.ask(VIEW, { token: 'recorded', variables })).toMatchObject({
      data: { image: null },
    });
    expect(linode.requests).toEqual([
      { line: 'POST /v4/images/upload', body: start?.request.body },
      { line: 'GET /v4/images/private%2F23851696', body: null },
      { line: 'GET /v4/images/private%2F23851696', body: null },
      { line: 'DELETE /v4/images/private%2F23851696', body: null },
    ]);
  });

  it('captures a disk and deletes the image', async () => {
    const exchanges = readRecording(folder, 'image-capture-lifecycle');
    const post = exchanges.find(({ request }) => request.method === 'POST' && request.path === '/images');
    const wire = post?.response.body as WireImage;
    const { gateway, linode } = await serve(exchanges);

    const made = await gateway.ask(
      `mutation { createImage(input: { diskId: "108889104", label: "linodego-test-cloud-init", cloudInit: true }) {
        image { ${IMAGE_FIELDS} } userErrors { code }
      } }`,
      { token: 'recorded' },
    );
    expect(made.errors).toEqual([]);
    expect(made.data).toEqual({ createImage: { image: expectedImage(wire), userErrors: [] } });
    expect(made.data).toMatchObject({ createImage: { image: { status: 'CREATING', size: 25_088 } } });

    const gone = await gateway.ask(DELETE, { token: 'recorded', variables: { id: wire.id } });
    expect(gone.data).toEqual({ deleteImage: { deletedImageId: wire.id, userErrors: [] } });
    expect(linode.requests).toEqual([
      { line: 'POST /v4/images', body: post?.request.body },
      { line: 'DELETE /v4/images/private%2F23851701', body: null },
    ]);
  });

  it('takes a recorded refusal of a list for nonsense', async () => {
    const [refused] = readRecording(folder, 'images-bad-filter');
    const { gateway } = await serve(refused ? [refused] : []);
    const { data, errors } = await gateway.ask(LIST, { token: 'recorded' });
    expect(data).toEqual({ images: null });
    expect(errors).toMatchObject([
      {
        path: ['images'],
        extensions: {
          code: 'UPSTREAM_INVALID_RESPONSE',
          upstream: { status: 400, reasons: ['Cannot filter on foo'] },
        },
      },
    ]);
  });

  it('tells every field of the list of today, and finds by them what they say', async () => {
    const exchanges = readRecording(folder, 'today-images-list');
    const rows = rowsOf(exchanges[0]);
    const { gateway, linode } = await serve(exchanges);
    const { data, errors } = await gateway.ask<Images>(LIST, { token: 'recorded' });
    expect(errors).toEqual([]);

    expect(data.images.nodes).toEqual(rows.map(expectedImage));
    expect(rows.filter(({ regions }) => regions === null)).toHaveLength(34);
    const found = await gateway.ask(
      `{ shared: images(filter: { isShared: true }) { nodes { id shareGroupCount } }
         unshared: images(filter: { isShared: false }) { totalCount }
         neither: images(filter: { not: { or: [{ isShared: true }, { isShared: false }] } }) { totalCount }
         here: images(filter: { region: ["regions/pl-labkrk-2"] }) { totalCount }
         large: images(filter: { totalSize: { gte: 25088 } }) { totalCount }
         unknown: images(filter: { totalSize: { neq: 0 }, isPublic: true }) { totalCount }
         imageTags { label count } }`,
      { token: 'recorded' },
    );
    expect(found.errors).toEqual([]);
    expect(found.data).toEqual({
      shared: { nodes: [{ id: 'private/63556', shareGroupCount: 1 }] },
      unshared: { totalCount: 2 },
      neither: { totalCount: 34 },
      here: { totalCount: 1 },
      large: { totalCount: 2 },
      unknown: { totalCount: 34 },
      imageTags: [],
    });
    expect(linode.requests).toHaveLength(1);
  });

  it('replicates as recorded, and takes the image for moving until all its regions have it', async () => {
    const exchanges = readRecording(folder, 'today-replicate');
    const post = exchanges.find(({ request }) => request.path.endsWith('/regions'));
    const replicated = post?.response.body as WireImage;
    const views = exchanges.filter(({ request }) => request.method === 'GET');
    const view = views.at(-1);
    if (!post || !view) throw new Error('the recording is not complete');
    // A view of the expected regions, and one after the write.
    const after = { ...view, response: { ...view.response, body: replicated } };
    const { gateway, linode } = await serve([view, post, after]);
    const { id } = replicated;
    const { data, errors } = await gateway.ask(
      `mutation ($input: SetImageRegionsInput!) {
        setImageRegions(input: $input) { image { ${IMAGE_FIELDS} } userErrors { code message field } }
      }`,
      {
        token: 'recorded',
        variables: { input: { id, regions: ['us-east', 'regions/eu-west'], expectedRegions: ['us-east'] } },
      },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ setImageRegions: { image: expectedImage(replicated), userErrors: [] } });
    const again = await gateway.ask(VIEW, { ...NO_CACHE, variables: { id } });
    expect(again.data).toEqual({ image: expectedImage(replicated) });
    expect(linode.requests).toEqual([
      { line: 'GET /v4/images/private%2F26427080', body: null },
      { line: 'POST /v4/images/private%2F26427080/regions', body: { regions: ['us-east', 'eu-west'] } },
      { line: 'GET /v4/images/private%2F26427080', body: null },
    ]);
  });

  it.each([
    [
      'today-upload-tags',
      'POST /v4/images/upload',
      `mutation { made: initiateImageUpload(input: { region: "us-east", label: "linodego-image-create-upload", description: "An image that does stuff.", cloudInit: true, tags: ["foo", "bar"] }) { image { ${IMAGE_FIELDS} } userErrors { code } } }`,
    ],
    [
      'today-capture-tags',
      'POST /v4/images',
      `mutation { made: createImage(input: { diskId: "6268771", label: "linodego-test-cloud-init", cloudInit: true, tags: ["test1", "test2"] }) { image { ${IMAGE_FIELDS} } userErrors { code } } }`,
    ],
  ])('sends tags as recorded: %s', async (name, line, mutation) => {
    const exchanges = readRecording(folder, name);
    const post = exchanges.find(({ request }) => request.method === 'POST');
    const body = post?.response.body as { image?: WireImage } & WireImage;
    const { gateway, linode } = await serve(exchanges);
    const { data, errors } = await gateway.ask(mutation, { token: 'recorded' });
    expect(errors).toEqual([]);
    expect(data).toEqual({ made: { image: expectedImage(body.image ?? body), userErrors: [] } });
    expect(linode.requests).toEqual([{ line, body: post?.request.body }]);
  });

  it('tells the recorded images of a share group apart, on both sides of it', async () => {
    const exchanges = readRecording(folder, 'today-share-group');
    const image = exchanges.filter(({ request }) => request.path === '/images/private/63556');
    const shared = exchanges.find(({ request }) => request.path === '/images/sharegroups/580/images');
    const [first, last] = [image[0], image.at(-1)];
    const row = rowsOf(shared)[0];
    if (!first || !last || !row) throw new Error('the recording is not complete');
    const view = { ...first, request: { ...first.request, path: `/images/${row.id}` } };
    const { gateway } = await serve([first, last, { ...view, response: { ...view.response, body: row } }]);
    const ask = async (id: string) => (await gateway.ask(VIEW, { ...NO_CACHE, variables: { id } })).data;
    const [before, after] = [first, last].map(({ response }) => response.body as WireImage);
    expect(await ask('private/63556')).toEqual({ image: expectedImage(before as WireImage) });
    // Linode's flag stays true.
    expect(after?.is_shared).toBe(true);
    expect(await ask('private/63556')).toMatchObject({ image: { isShared: false, shareGroupCount: 0 } });
    expect(await ask('shared/289')).toEqual({ image: expectedImage(row) });
    expect(row.image_sharing?.shared_by?.sharegroup_label).toBeDefined();
  });

  it('tells the recorded profile, and grants without a body as everything', async () => {
    const exchanges = readRecording(folder, 'today-viewer');
    const { gateway, linode } = await serve(exchanges);
    const { data, errors } = await gateway.ask(
      '{ profile { user { username restricted } timezone userType can { createImage uploadImage createLinode } } }',
      { token: 'recorded' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      profile: {
        user: { username: 'example-user', restricted: false },
        timezone: 'GMT',
        userType: 'default',
        can: { createImage: true, uploadImage: true, createLinode: true },
      },
    });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /v4/profile', 'GET /v4/profile/grants']);
  });
});
