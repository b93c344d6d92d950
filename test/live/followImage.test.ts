import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';

const token = 'alice-full';
/** One of Alice's, available in us-east. */
const IMAGE = 'private/23912044';

const FOLLOW = `subscription ($id: ID!) {
  image(id: $id) { id status regions { regionId status } progress { phase percent failureReason } }
}`;

interface Followed {
  image: {
    id: string;
    status: string;
    regions: { regionId: string; status: string }[] | null;
    progress: { phase: string; percent: number | null; failureReason: string | null };
  } | null;
}

const follow = ({ gateway }: Stack, id: string): Promise<Subscriber<Followed>> =>
  subscribe<Followed>(gateway.url, FOLLOW, { token, variables: { id } });

/** Moves time on until the subscription is complete. */
const completed = ({ clock }: Stack, subscriber: Subscriber<Followed>): Promise<void> =>
  whileTimePasses(
    clock,
    500,
    until(() => subscriber.isComplete, 'the end of the subscription'),
  );

const imagesOf = ({ results }: Subscriber<Followed>) => results.map(({ data }) => data?.image ?? null);

/** That no state came twice in a row, and no percentage fell. */
function expectSteps(images: Followed['image'][]): void {
  const texts = images.map((image) => JSON.stringify(image));
  expect(new Set(texts).size).toBe(texts.length);
  const percents = images.flatMap((image) => image?.progress.percent ?? []);
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
}

async function capture({ gateway }: Stack): Promise<string> {
  const { data } = await gateway.ask<{ createImage: { image: { id: string } } }>(
    'mutation { createImage(input: { diskId: "109867812" }) { image { id } } }',
    { token },
  );
  return data.createImage.image.id;
}

describe('a subscription to one image', () => {
  it('follows a capture to its end: each state once, the percentage rising, the last one final', async () => {
    const stack = await startStack();
    const subscriber = await follow(stack, await capture(stack));
    await completed(stack, subscriber);
    const images = imagesOf(subscriber);
    expectSteps(images);
    expect(images[0]).toMatchObject({ status: 'CREATING', progress: { phase: 'CAPTURING' } });
    expect(images.length).toBeGreaterThan(10);
    expect(images.at(-1)).toMatchObject({ status: 'AVAILABLE', progress: { phase: 'READY', percent: 100 } });
    expect(images.slice(0, -1).every((image) => image?.status === 'CREATING')).toBe(true);
    expect(subscriber.results.every(({ errors, extensions }) => !errors && !extensions)).toBe(true);
  });

  it('follows an upload from the waiting to the end', async () => {
    const stack = await startStack();
    const { data } = await stack.gateway.ask<{
      initiateImageUpload: { image: { id: string }; uploadTo: string };
    }>(
      'mutation { initiateImageUpload(input: { label: "up", region: "us-east" }) { image { id } uploadTo } }',
      { token },
    );
    const { image, uploadTo } = data.initiateImageUpload;
    const subscriber = await follow(stack, image.id);
    await until(() => subscriber.results.length === 1, 'the present state');
    await fetch(uploadTo, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync(Buffer.alloc(10_000)),
    });
    await completed(stack, subscriber);
    const phases = imagesOf(subscriber).map((each) => each?.progress.phase);
    expectSteps(imagesOf(subscriber));
    expect([...new Set(phases)]).toEqual(['AWAITING_UPLOAD', 'PROCESSING', 'READY']);
  });

  it('follows a replication, of which no event tells, until every region has the image', async () => {
    const stack = await startStack({ sandbox: { api: 'latest' } });
    await stack.gateway.ask(
      `mutation { setImageRegions(input: { id: "${IMAGE}", regions: ["us-east", "us-ord"] }) { image { id } } }`,
      { token },
    );
    const subscriber = await follow(stack, IMAGE);
    await completed(stack, subscriber);
    const statuses = imagesOf(subscriber).map((image) => image?.regions?.map(({ status }) => status).join());
    expect(statuses).toEqual([
      'AVAILABLE,PENDING_REPLICATION',
      'AVAILABLE,REPLICATING',
      'AVAILABLE,AVAILABLE',
    ]);
  });

  it.each([IMAGE, 'linode/debian12'])(
    'sends the present state of %s, which is final, and ends',
    async (id) => {
      const stack = await startStack();
      const subscriber = await follow(stack, id);
      await until(() => subscriber.isComplete, 'the end');
      expect(imagesOf(subscriber)).toMatchObject([{ id, status: 'AVAILABLE' }]);
    },
  );

  it('sends null for an image that does not exist, and ends', async () => {
    const subscriber = await follow(await startStack(), 'private/999999999');
    await until(() => subscriber.isComplete, 'the end');
    expect(imagesOf(subscriber)).toEqual([null]);
  });

  it('ends with null when the image is deleted through the gateway, without a poll', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    const subscriber = await follow(stack, id);
    await until(() => subscriber.results.length === 1, 'the present state');
    await stack.gateway.ask(`mutation { deleteImage(input: { id: "${id}" }) { deletedImageId } }`, { token });
    await until(() => subscriber.isComplete, 'the end');
    expect(imagesOf(subscriber)).toMatchObject([{ id }, null]);
  });

  it('ends with null when the image is deleted elsewhere', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    const subscriber = await follow(stack, id);
    await until(() => subscriber.results.length === 1, 'the present state');
    stack.linode.removeImage(id);
    await completed(stack, subscriber);
    expect(imagesOf(subscriber).at(-1)).toBeNull();
  });

  it('ends when the upload has expired, which no response of Linode tells', async () => {
    const stack = await startStack();
    const created = new Date(stack.clock.now() - 24 * 3_600_000 + 10_000).toISOString().slice(0, 19);
    const id = 'private/4711';
    stack.linode.putImage(token, { id, status: 'pending_upload', created, regions: [] });
    const subscriber = await follow(stack, id);
    await completed(stack, subscriber);
    expect(imagesOf(subscriber).map((image) => image?.progress.phase)).toEqual([
      'AWAITING_UPLOAD',
      'EXPIRED',
    ]);
  });

  it('ends when the upload has failed', async () => {
    const stack = await startStack();
    stack.linode.fault({ method: 'POST', path: '/images/upload', outcome: 'failed', message: 'Not gzip' });
    const { data } = await stack.gateway.ask<{
      initiateImageUpload: { image: { id: string }; uploadTo: string };
    }>(
      'mutation { initiateImageUpload(input: { label: "up", region: "us-east" }) { image { id } uploadTo } }',
      { token },
    );
    const { image, uploadTo } = data.initiateImageUpload;
    const subscriber = await follow(stack, image.id);
    await fetch(uploadTo, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync(Buffer.alloc(10_000)),
    });
    await completed(stack, subscriber);
    expect(imagesOf(subscriber).at(-1)).toMatchObject({
      progress: { phase: 'FAILED', failureReason: 'Not gzip' },
    });
  });

  it('sees an update through the gateway at once, and only what it selects counts as a change', async () => {
    const stack = await startStack();
    const id = await capture(stack);
    const labels = await subscribe<{ image: { label: string } }>(
      stack.gateway.url,
      'subscription ($id: ID!) { image(id: $id) { label } }',
      { token, variables: { id } },
    );
    await until(() => labels.results.length === 1, 'the present state');
    await whileTimePasses(
      stack.clock,
      500,
      until(() => stack.linode.count(/^GET \/account\/events/) > 3, 'polls'),
    );
    expect(labels.results).toHaveLength(1);
    await stack.gateway.ask(
      `mutation { updateImage(input: { id: "${id}", label: "new" }) { image { id } } }`,
      {
        token,
      },
    );
    await until(() => labels.results.length === 2, 'the new label');
    expect(labels.results[1]).toEqual({ data: { image: { label: 'new' } } });
  });

  it('refuses a text that is not an image ID', async () => {
    const { gateway } = await startStack();
    const subscriber = await subscribe(gateway.url, FOLLOW, { token, variables: { id: '../profile' } });
    await until(() => subscriber.isComplete, 'the end');
    expect(subscriber.results).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  });
});
