import { describe, expect, it } from '@jest/globals';
import { startStack, whileTimePasses, type Stack } from '../support/stack.js';
import { subscribe, type Subscriber } from '../support/subscriber.js';
import { until } from '../support/until.js';

const token = 'alice-full';

const CHANGES = `subscription ($filter: ImageFilter) {
  imageChanges(filter: $filter) { kind imageId image { id label status } }
}`;

interface Change {
  imageChanges: { kind: string; imageId: string; image: { label: string; status: string } | null };
}

/** Subscribes to the changes of images with this label, or of all, and waits for those that are there. */
async function changes(
  { gateway, linode }: Stack,
  filter: object | null,
  count: number,
): Promise<Subscriber<Change>> {
  const subscriber = await subscribe<Change>(gateway.url, CHANGES, { token, variables: { filter } });
  await until(() => subscriber.results.length >= count, `${count} images`);
  linode.clearRequests();
  return subscriber;
}

const kindsOf = ({ results }: Subscriber<Change>) =>
  results.map(({ data }) => `${data?.imageChanges.kind} ${data?.imageChanges.imageId}`);

const passing = ({ clock }: Stack, condition: () => boolean, what: string): Promise<void> =>
  whileTimePasses(clock, 500, until(condition, what));

const ID = 'private/9001';
const VERSIONED = { label: { contains: 'release' } };

describe('a subscription to changes', () => {
  it("begins with the caller's own images as they are, and with no public or shared one", async () => {
    const stack = await startStack();
    const own = stack.linode.images(token).filter(({ is_public, type }) => !is_public && type !== 'shared');
    const subscriber = await changes(stack, null, own.length);
    expect(kindsOf(subscriber).sort()).toEqual(own.map(({ id }) => `ADDED ${id}`).sort());
  });

  it('tells of what is added, changed and deleted through the gateway at once', async () => {
    const stack = await startStack();
    const subscriber = await changes(stack, VERSIONED, 0);
    const { data } = await stack.gateway.ask<{ createImage: { image: { id: string } } }>(
      'mutation { createImage(input: { diskId: "109867812", label: "release 1" }) { image { id } } }',
      { token },
    );
    const { id } = data.createImage.image;
    const update = `mutation { updateImage(input: { id: "${id}", label: "release 2" }) { image { id } } }`;
    const deletion = `mutation { deleteImage(input: { id: "${id}" }) { deletedImageId } }`;
    await until(() => subscriber.results.length === 1, 'ADDED');
    await stack.gateway.ask(update, { token });
    await until(() => subscriber.results.length === 2, 'CHANGED');
    await stack.gateway.ask(deletion, { token });
    await until(() => subscriber.results.length === 3, 'REMOVED');
    expect(subscriber.results.map(({ data }) => data?.imageChanges)).toEqual([
      { kind: 'ADDED', imageId: id, image: { id, label: 'release 1', status: 'CREATING' } },
      { kind: 'CHANGED', imageId: id, image: { id, label: 'release 2', status: 'CREATING' } },
      { kind: 'REMOVED', imageId: id, image: null },
    ]);
  });

  it('counts what enters and leaves the filter as added and removed', async () => {
    const stack = await startStack();
    stack.linode.putImage(token, { id: ID, label: 'plain' });
    const subscriber = await changes(stack, VERSIONED, 0);
    const rename = (label: string) =>
      stack.gateway.ask(
        `mutation { updateImage(input: { id: "${ID}", label: "${label}" }) { image { id } } }`,
        {
          token,
        },
      );
    for (const label of ['release', 'release!', 'other', 'another']) await rename(label);
    await rename('release again');
    await until(() => subscriber.results.length >= 4, 'four changes');
    expect(subscriber.results.map(({ data }) => data?.imageChanges)).toMatchObject([
      { kind: 'ADDED', image: { label: 'release' } },
      { kind: 'CHANGED', image: { label: 'release!' } },
      { kind: 'REMOVED', imageId: ID, image: { label: 'other' } },
      { kind: 'ADDED', image: { label: 'release again' } },
    ]);
  });

  it('tells of what others do, by the events, in fewer lists than the share allows', async () => {
    const stack = await startStack();
    const { linode } = stack;
    const subscriber = await changes(
      stack,
      { createdBy: { eq: 'alice' }, status: ['CREATING', 'AVAILABLE'] },
      1,
    );
    const before = subscriber.results.length;
    const api = (method: string, path: string, body?: object) =>
      fetch(`${linode.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const created = (await (
      await api('POST', '/images', { disk_id: 109867812, label: 'elsewhere' })
    ).json()) as {
      id: string;
    };
    await passing(stack, () => subscriber.results.length > before, 'the new image');
    expect(kindsOf(subscriber)[before]).toBe(`ADDED ${created.id}`);
    await passing(
      stack,
      () => subscriber.results.at(-1)?.data?.imageChanges.image?.status === 'AVAILABLE',
      'the end',
    );
    await api('DELETE', `/images/${encodeURIComponent(created.id)}`);
    await passing(stack, () => kindsOf(subscriber).at(-1) === `REMOVED ${created.id}`, 'the deletion');
  });

  it('tells of progress only to those who select it', async () => {
    const stack = await startStack();
    await stack.gateway.ask(
      'mutation { createImage(input: { diskId: "109867812", label: "release 1" }) { image { id } } }',
      { token },
    );
    const plain = await changes(stack, VERSIONED, 1);
    const detailed = await subscribe<{
      imageChanges: { image: { progress: { percent: number | null } } | null };
    }>(
      stack.gateway.url,
      'subscription ($filter: ImageFilter) { imageChanges(filter: $filter) { image { progress { percent } } } }',
      { token, variables: { filter: VERSIONED } },
    );
    await passing(stack, () => kindsOf(plain).length === 2, 'the end of the capture');
    await until(
      () => detailed.results.at(-1)?.data?.imageChanges.image?.progress.percent === 100,
      'the same end',
    );
    const percents = detailed.results.map(({ data }) => data?.imageChanges.image?.progress.percent ?? 0);
    expect(percents.length).toBeGreaterThan(10);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
  });

  it('needs a token, and a valid filter', async () => {
    const { gateway } = await startStack();
    const anonymous = await subscribe(gateway.url, CHANGES);
    const invalid = await subscribe(gateway.url, CHANGES, { token, variables: { filter: { id: ['?'] } } });
    await until(() => anonymous.isComplete && invalid.isComplete, 'the ends');
    const codes = [anonymous, invalid].map(({ results }) =>
      results.map(({ errors }) => errors?.[0]?.extensions['code']),
    );
    expect(codes).toEqual([['UNAUTHENTICATED'], ['BAD_USER_INPUT']]);
  });
});
