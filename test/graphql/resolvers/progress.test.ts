import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ImageProgress } from '../../../src/generated/schema.js';
import { startStack, type Stack } from '../../support/stack.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { manualClock } from '../../support/manualClock.js';
import {
  readRecording,
  startRecordedUpstream,
  type Exchange,
  type RecordedUpstream,
} from '../../support/recordedUpstream.js';

const token = 'alice-full';
const POLL = `query ($id: ID!) {
  image(id: $id) { progress { phase percent failureReason } latestEvent { action status percentComplete } }
}`;

interface Poll {
  image: {
    progress: ImageProgress | null;
    latestEvent: { action: string; status: string; percentComplete: number | null } | null;
  } | null;
}

type Ask = Pick<TestGateway, 'ask'>;

const poll = async ({ ask }: Ask, id: string, as = token): Promise<Poll['image']> => {
  const { data, errors } = await ask<Poll>(POLL, { token: as, variables: { id } });
  expect(errors).toEqual([]);
  return data.image;
};

const progressIn = async (gateway: Ask, id: string): Promise<ImageProgress | null | undefined> =>
  (await poll(gateway, id))?.progress;

const phase = (name: string, percent: number | null, failureReason: string | null = null) => ({
  phase: name,
  percent,
  failureReason,
});

async function upload({ gateway }: Stack): Promise<{ id: string; uploadTo: string }> {
  const { data } = await gateway.ask<{ initiateImageUpload: { uploadTo: string; image: { id: string } } }>(
    'mutation { initiateImageUpload(input: { label: "up", region: "us-east" }) { uploadTo image { id progress { phase percent } } } }',
    { token },
  );
  expect(data).toMatchObject({
    initiateImageUpload: { image: { progress: { phase: 'AWAITING_UPLOAD', percent: null } } },
  });
  const { uploadTo, image } = data.initiateImageUpload;
  return { id: image.id, uploadTo };
}

describe('progress', () => {
  it('of a capture runs from its first answer to READY', async () => {
    const { clock, gateway } = await startStack();
    // The events of before do not serve on.
    await gateway.ask('{ image(id: "private/23849731") { latestEvent { id } } }', { token });
    const { data } = await gateway.ask<{ createImage: { image: { id: string; progress: ImageProgress } } }>(
      'mutation { createImage(input: { diskId: "109867812" }) { image { id progress { phase percent failureReason } } } }',
      { token },
    );
    const { id, progress } = data.createImage.image;
    expect(progress).toEqual(phase('CAPTURING', 0));
    clock.advance(46_000);
    expect(await progressIn(gateway, id)).toEqual(phase('CAPTURING', 50));
    clock.advance(44_000);
    expect(await progressIn(gateway, id)).toEqual(phase('READY', 100));
  });

  it('of an upload waits for the bytes, processes them, and is READY', async () => {
    const at = await startStack();
    const { id, uploadTo } = await upload(at);
    at.clock.advance(60_000);
    expect(await progressIn(at.gateway, id)).toEqual(phase('AWAITING_UPLOAD', null));
    at.clock.advance(10_000);
    await fetch(uploadTo, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync('a disk'),
    });
    // It takes 20 seconds.
    at.clock.advance(10_000);
    expect(await progressIn(at.gateway, id)).toEqual(phase('PROCESSING', 50));
    at.clock.advance(10_000);
    expect(await progressIn(at.gateway, id)).toEqual(phase('READY', 100));
  });

  it('of an upload that is not gzip fails', async () => {
    const at = await startStack();
    const { id, uploadTo } = await upload(at);
    await fetch(uploadTo, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: 'a raw disk',
    });
    at.clock.advance(20_000);
    expect(await progressIn(at.gateway, id)).toEqual(phase('FAILED', null, 'Failed to decompress image'));
  });

  it('of an upload that failed says why', async () => {
    const at = await startStack();
    const { id } = await upload(at);
    at.clock.advance(10_000);
    at.linode.fault({ path: '/account/events', body: eventsPage([{ ...uploadOf(id), status: 'failed' }]) });
    expect(await progressIn(at.gateway, id)).toEqual(phase('FAILED', null, 'Failed to decompress image'));
  });

  it('of an upload whose bytes did not come in a day is EXPIRED as long as the image is there', async () => {
    const at = await startStack();
    at.linode.putImage(token, {
      id: 'private/31000001',
      status: 'pending_upload',
      created: '2024-05-19T12:00:00',
    });
    expect(await progressIn(at.gateway, 'private/31000001')).toEqual(phase('EXPIRED', null));
    at.linode.putImage(token, {
      id: 'private/31000002',
      status: 'pending_upload',
      created: '2024-05-19T12:00:01',
    });
    expect(await progressIn(at.gateway, 'private/31000002')).toEqual(phase('AWAITING_UPLOAD', null));
  });

  it('of a new status is UNKNOWN', async () => {
    const at = await startStack();
    at.linode.putImage(token, { id: 'private/31000001', status: 'resting' });
    expect(await progressIn(at.gateway, 'private/31000001')).toEqual(phase('UNKNOWN', null));
  });

  it('of a capture whose event is not there yet is CAPTURING without a percent', async () => {
    const at = await startStack();
    at.linode.putImage(token, { id: 'private/31000001', status: 'creating' });
    expect(await progressIn(at.gateway, 'private/31000001')).toEqual(phase('CAPTURING', null));
  });

  it('needs no events of an image that is available, and tells of no other without them', async () => {
    const at = await startStack();
    at.linode.putImage('alice-read', { id: 'private/31000001', status: 'creating' });
    const { data, errors } = await at.gateway.ask(
      '{ ready: image(id: "private/23849731") { progress { phase percent } } busy: image(id: "private/31000001") { status progress { phase } } }',
      { token: 'alice-read' },
    );
    expect(data).toEqual({
      ready: { progress: { phase: 'READY', percent: 100 } },
      busy: { status: 'CREATING', progress: null },
    });
    expect(errors).toMatchObject([{ path: ['busy', 'progress'], extensions: { code: 'FORBIDDEN' } }]);
    at.linode.clearRequests();
    await at.gateway.ask('{ images { nodes { progress { phase } } } }', { token: 'bob-full' });
    expect(at.linode.count(/events/)).toBe(0);
  });
});

describe("Linode's percents that run backwards", () => {
  it('never make a phase fall, and are returned as the event has them', async () => {
    const at = await startStack();
    at.linode.putImage(token, { id: 'private/31000001', status: 'creating' });
    const told: unknown[] = [];
    for (const percent of [83, 87, 90, 0, 0, 95, 100]) {
      const disarm = at.linode.fault({
        path: '/account/events',
        body: eventsPage([{ ...captureOf(31000001), percent_complete: percent }]),
      });
      const image = await poll(at.gateway, 'private/31000001');
      told.push([image?.progress?.percent, image?.latestEvent?.percentComplete]);
      disarm();
      at.clock.advance(10_000);
    }
    expect(told).toEqual([
      [83, 83],
      [87, 87],
      [90, 90],
      [90, 0],
      [90, 0],
      [95, 95],
      [100, 100],
    ]);
  });

  it('are remembered for each caller alone', async () => {
    const at = await startStack();
    at.linode.putImage(token, { id: 'private/31000001', status: 'creating' });
    const tell = (percent: number) =>
      at.linode.fault({
        path: '/account/events',
        body: eventsPage([{ ...captureOf(31000001), percent_complete: percent }]),
      });
    at.linode.addAccount({
      tokens: [{ token: 'other', username: 'other', scopes: '*' }],
      images: [{ id: 'private/31000002' }],
    });
    tell(90);
    await poll(at.gateway, 'private/31000001');
    tell(10);
    at.linode.fault({
      path: '/images/private%2F31000001',
      token: 'other',
      body: at.linode.image('private/31000001'),
    });
    expect((await poll(at.gateway, 'private/31000001', 'other'))?.progress?.percent).toBe(10);
  });
});

const entity = (id: number | string, type: string, path: string) => ({
  id,
  type,
  label: 'some',
  url: `/v4/${path}`,
});

const event = {
  id: 800000001,
  created: '2024-05-20T12:00:00',
  status: 'started',
  percent_complete: 0,
  username: 'alice',
  message: '',
  secondary_entity: null,
};

/** Its entity is the Linode, its secondary entity the image. */
const captureOf = (image: number) => ({
  ...event,
  action: 'disk_imagize',
  entity: entity(54933906, 'linode', 'linode/instances/54933906'),
  secondary_entity: entity(image, 'image', `images/private/${image}`),
});

const uploadOf = (id: string) => ({
  ...event,
  action: 'image_upload',
  message: 'Failed to decompress image',
  entity: entity(Number(id.replace('private/', '')), 'image', `images/${id}`),
});

const eventsPage = (data: unknown[]) => ({ data, page: 1, pages: 1, results: data.length });

const open: { gateway: TestGateway; upstream: RecordedUpstream }[] = [];

afterEach(async () => {
  for (const { gateway, upstream } of open.splice(0)) {
    await gateway.close();
    await upstream.close();
  }
});

const recordings = process.env['LINODE_RECORDINGS'];
if (!recordings) console.warn('SKIPPED: the recorded capture; set LINODE_RECORDINGS to its folder.');
const describeRecorded = recordings ? describe : describe.skip;

describeRecorded('the recorded capture', () => {
  const IMAGE = 'private/23818909';

  /** The recording has the events alone: its image is as the events tell of it. */
  const imageAs = (status: string): Exchange => ({
    request: { method: 'GET', path: `/images/${IMAGE}`, body: null },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: {
        id: IMAGE,
        label: 'go-test-image-it4l6zvi9837',
        description: '',
        created: '2018-01-02T03:04:05',
        updated: '2018-01-02T03:04:05',
        created_by: 'example-user',
        is_public: false,
        deprecated: false,
        size: 2000,
        type: 'manual',
        status,
        capabilities: [],
        vendor: null,
        expiry: null,
        eol: null,
      },
    },
  });

  it('drives progress, latestEvent and sourceLinode', async () => {
    const clock = manualClock();
    const recorded = readRecording(recordings ?? '', 'capture-events');
    const views = ['creating', 'creating', 'creating', 'available'].map(imageAs);
    const upstream = await startRecordedUpstream([...recorded, ...views]);
    const gateway = await startTestGateway({ linodeApiUrl: upstream.url, clock });
    open.push({ gateway, upstream });
    const told: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await gateway.ask<{ image: Record<string, unknown> }>(
        `{ image(id: "${IMAGE}") {
          progress { phase percent } latestEvent { eventId action status percentComplete username }
          sourceLinode { id linodeId label }
        } }`,
        { token },
      );
      expect(errors).toEqual([]);
      told.push(data.image);
      clock.advance(15_000);
    }
    const at = (name: string, percent: number, status: string) => ({
      progress: { phase: name, percent },
      latestEvent: {
        eventId: '649332307',
        action: 'disk_imagize',
        status,
        percentComplete: percent,
        username: 'example-user',
      },
      sourceLinode: { id: 'linodes/54933906', linodeId: '54933906', label: 'go-test-ins-v3n5as9q33a8' },
    });
    expect(told).toEqual([
      at('CAPTURING', 83, 'STARTED'),
      at('CAPTURING', 87, 'STARTED'),
      at('CAPTURING', 90, 'STARTED'),
      at('READY', 100, 'FINISHED'),
    ]);
    expect(upstream.requests.filter(({ line }) => line.includes('events'))).toHaveLength(4);
  });
});
