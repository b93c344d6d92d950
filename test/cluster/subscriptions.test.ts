import { describe, expect, it } from '@jest/globals';
import { VIEW, whileTimePasses } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();
const token = 'alice-full';
const MOVING = 'private/9601';
const REPLICATING = [{ region: 'us-ord', status: 'replicating' }];

const open = (i: 0 | 1, query: string): Promise<Subscriber> =>
  subscribe(stack.gateways[i].url, query, { token });

const passing = (condition: () => boolean, what: string): Promise<void> =>
  whileTimePasses(stack.clock, 500, until(condition, what, 30_000));

async function capture(i: 0 | 1): Promise<string> {
  const { data } = await stack.gateways[i].ask<{ createImage: { image: { id: string } } }>(
    'mutation { createImage(input: { diskId: "109867812", label: "followed" }) { image { id } } }',
    { token },
  );
  return data.createImage.image.id;
}

describe('subscriptions of two workers', () => {
  it('follow a capture to its end, of which the other worker learns first', async () => {
    const all = await open(
      0,
      'subscription { imageChanges(filter: { label: { eq: "followed" } }) { kind image { status } } }',
    );
    const id = await capture(1);
    await until(() => all.results.length === 1, 'the new image');
    const ones = [0, 1] as const;
    const query = `subscription { image(id: "${id}") { status progress { percent } } }`;
    const subscribers = await Promise.all(ones.map((i) => open(i, query)));
    await passing(() => subscribers.every(({ isComplete }) => isComplete), 'the end');
    for (const { results } of subscribers) {
      const images = results.map(
        ({ data }) => data?.['image'] as { status: string; progress: { percent: number | null } },
      );
      const texts = images.map((image) => JSON.stringify(image));
      expect(new Set(texts).size).toBe(texts.length);
      const percents = images.flatMap(({ progress }) => progress.percent ?? []);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
      expect(images.at(-1)).toEqual({ status: 'AVAILABLE', progress: { percent: 100 } });
    }
    await passing(() => all.results.length === 2, 'the available image');
    expect(all.results.map(({ data }) => data?.['imageChanges'])).toEqual([
      { kind: 'ADDED', image: { status: 'CREATING' } },
      { kind: 'CHANGED', image: { status: 'AVAILABLE' } },
    ]);
  }, 60_000);

  it('see writes of the other worker at once, and none is undone', async () => {
    stack.linode.putImage(token, { id: MOVING, label: 'v0', regions: REPLICATING });
    const subscriber = await open(0, `subscription { image(id: "${MOVING}") { label } }`);
    await until(() => subscriber.results.length === 1, 'the present state');
    for (let i = 1; i <= 5; i++) {
      await stack.gateways[1].ask(
        `mutation { updateImage(input: { id: "${MOVING}", label: "v${i}" }) { image { id } } }`,
        {
          token,
        },
      );
      await until(() => subscriber.results.length === i + 1, `v${i}`);
    }
    await stack.gateways[1].ask(`mutation { deleteImage(input: { id: "${MOVING}" }) { deletedImageId } }`, {
      token,
    });
    await until(() => subscriber.isComplete, 'the end');
    const labels = subscriber.results.map(({ data }) => (data?.['image'] as { label: string } | null)?.label);
    expect(labels).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', undefined]);
  });

  it('cost as many views as those of one worker', async () => {
    stack.linode.putImage(token, { id: MOVING, label: 'v0', regions: REPLICATING });
    const query = `subscription { image(id: "${MOVING}") { label } }`;
    const subscribers = [await open(0, query), await open(1, query)];
    await until(() => subscribers.every(({ results }) => results.length === 1), 'the present state');
    stack.linode.clearRequests();
    const startedAt = stack.clock.now();
    await passing(() => stack.clock.now() >= startedAt + 60_000, 'a minute');
    expect(stack.linode.count(VIEW)).toBeLessThanOrEqual(31);
  });
});
