import { afterEach, expect, it } from '@jest/globals';
import { getImage, getImages, imagesPage, type LinodeImage } from '../../../src/linode/api/images.js';
import {
  createImage,
  deleteImage,
  setImageRegions,
  uploadImage,
} from '../../../src/linode/api/imageWrites.js';
import { ParsedBodyCache } from '../../../src/linode/client/parsedBodyCache.js';
import type { LinodePage } from '../../../src/linode/api/page.js';
import { describeWithEnv } from '../../sandbox/harness.js';
import { knownImages } from '../../support/knownImages.js';
import { createTestClient, type TestClient } from '../../support/linodeClient.js';
import {
  readRecording,
  startRecordedUpstream,
  type RecordedUpstream,
} from '../../support/recordedUpstream.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A row of today's API with the fields that are read of it. */
const readFields = (row: Record<string, unknown>) => {
  const { image_sharing, ...rest } = row as { image_sharing?: LinodeImage['image_sharing'] };
  const { shared_with = null, shared_by = null } = image_sharing ?? {};
  return {
    tags: [],
    total_size: null,
    regions: null,
    is_shared: null,
    ...rest,
    image_sharing: image_sharing
      ? {
          shared_with: shared_with && { sharegroup_count: shared_with.sharegroup_count },
          shared_by: shared_by && {
            sharegroup_uuid: shared_by.sharegroup_uuid,
            sharegroup_label: shared_by.sharegroup_label,
            source_image_id: shared_by.source_image_id,
          },
        }
      : null,
  };
};

describeWithEnv('LINODE_RECORDINGS', 'images as recorded', (folder) => {
  async function replay(name: string): Promise<TestClient & { upstream: RecordedUpstream }> {
    const upstream = await startRecordedUpstream(readRecording(folder, name));
    const client = createTestClient(upstream.url);
    closers.push(upstream.close, client.close);
    return { ...client, upstream };
  }

  it.each(['images-list', 'images-list-next-version', 'today-images-list'])(
    'every field of %s is read, and a second list yields the same objects',
    async (name) => {
      const [exchange] = readRecording(folder, name);
      const { data: rows } = exchange?.response.body as { data: Record<string, unknown>[] };
      const known = knownImages();
      const first = imagesPage(known).safeParse(exchange?.response.body);
      const second = imagesPage(known).safeParse(structuredClone(exchange?.response.body));
      if (!first.success || !second.success) throw new Error('the page cannot be read');
      expect(first.data).toEqual({
        data: rows.map(readFields),
        unreadable: [],
        page: 1,
        pages: 1,
        results: rows.length,
      });
      for (const [i, image] of second.data.data.entries()) expect(image).toBe(first.data.data[i]);
    },
  );

  it('a list is read over HTTP, and an identical body is not parsed again', async () => {
    const [exchange] = readRecording(folder, 'today-images-list');
    if (!exchange) throw new Error('nothing is recorded');
    const upstream = await startRecordedUpstream([exchange, exchange]);
    const client = createTestClient(upstream.url);
    closers.push(upstream.close, client.close);
    const { linode, terms } = client;
    const [known, cache] = [knownImages(), new ParsedBodyCache<LinodePage<LinodeImage>>()];
    const list = () => getImages(linode, 1, terms(), known, linode.rateBudget.reserve('list'), cache);
    const [first, second] = [await list(), await list()];
    expect(first.data).toHaveLength(37);
    expect(second).toEqual(first);
    for (const [i, image] of second.data.entries()) expect(image).toBe(first.data[i]);
  });

  it('images of a share group have its name and their source', async () => {
    const exchange = readRecording(folder, 'today-share-group').find(
      ({ request }) => request.method === 'GET' && request.path === '/images/sharegroups/580/images',
    );
    const page = imagesPage(knownImages()).safeParse(exchange?.response.body);
    expect(page).toMatchObject({
      data: {
        data: [
          {
            id: 'shared/289',
            type: 'shared',
            is_shared: null,
            image_sharing: { shared_with: null, shared_by: { source_image_id: 'private/63556' } },
          },
        ],
      },
    });
  });

  it('an upload becomes available, is replicated to a set of regions, and deleted', async () => {
    const { linode, terms, upstream } = await replay('today-replicate');
    const body = {
      region: 'us-east',
      label: 'linodego-image-replication',
      description: 'An image that does stuff.',
    };
    const { image } = await uploadImage(linode, body, terms());
    expect(image).toMatchObject({ id: 'private/26427080', regions: [], total_size: 0, tags: [] });
    const known = knownImages([image]);
    const pending = await getImage(linode, image.id, terms(), known);
    expect(pending).toBe(image);
    await getImage(linode, image.id, terms(), known);
    expect(await getImage(linode, image.id, terms(), known)).toMatchObject({
      status: 'available',
      regions: [{ region: 'us-east', status: 'available' }],
    });
    const replicated = await setImageRegions(linode, image.id, ['us-east', 'eu-west'], terms(), known);
    expect(replicated.regions).toEqual([
      { region: 'us-east', status: 'available' },
      { region: 'eu-west', status: 'pending replication' },
    ]);
    await deleteImage(linode, image.id, terms());
    expect(upstream.requests.map(({ line, body: sent }) => [line, sent])).toEqual([
      ['POST /v4/images/upload', body],
      ['GET /v4/images/private%2F26427080', null],
      ['GET /v4/images/private%2F26427080', null],
      ['GET /v4/images/private%2F26427080', null],
      ['POST /v4/images/private%2F26427080/regions', { regions: ['us-east', 'eu-west'] }],
      ['DELETE /v4/images/private%2F26427080', null],
    ]);
  });

  it('tags are sent, and come back sorted', async () => {
    const upload = await replay('today-upload-tags');
    const body = { region: 'us-east', label: 'x', tags: ['foo', 'bar'] };
    expect((await uploadImage(upload.linode, body, upload.terms())).image.tags).toEqual(['bar', 'foo']);
    const capture = await replay('today-capture-tags');
    const image = await createImage(
      capture.linode,
      { disk_id: 6_268_771, cloud_init: true, tags: ['test1', 'test2'] },
      capture.terms(),
    );
    expect(image).toMatchObject({
      tags: ['test1', 'test2'],
      status: 'creating',
      regions: [],
      total_size: 25_088,
    });
    expect(capture.upstream.requests[0]?.body).toMatchObject({ tags: ['test1', 'test2'] });
  });
});
