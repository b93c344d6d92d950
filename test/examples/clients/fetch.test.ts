import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  allImages,
  ask,
  capture,
  page,
  remove,
  rename,
  type Image,
} from '../../../examples/clients/fetch/client.js';
import { ImageDocument, ImagesDocument } from '../../../examples/clients/fetch/gql/graphql.js';
import { loadPersistedOperations } from '../../../src/graphql/documents/persistedOperations.js';
import { PACKAGE } from '../../support/gateway.js';
import { startStack } from '../../support/stack.js';

const DISK = '109867812';
const MANIFEST = join(PACKAGE, 'examples/clients/fetch/gql/persisted-documents.json');

async function start() {
  const { clock, linode, gateway } = await startStack();
  return { clock, linode, gateway: { url: gateway.url, token: 'alice-full' } };
}

async function firstImages(gateway: { url: string; token: string }): Promise<Image[]> {
  const { data } = await ask(gateway, ImagesDocument, { first: 500 });
  return data?.images?.nodes ?? [];
}

describe('the client of fetch', () => {
  it('loads more until all images are there, by one list call', async () => {
    const { linode, gateway } = await start();
    const ids: string[] = [];
    for await (const images of allImages(gateway, 7)) ids.push(...images.map(({ id }) => id));
    expect(new Set(ids)).toEqual(new Set(linode.images('alice-full').map(({ id }) => id)));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(linode.count(/^GET \/images\?/)).toBe(1);
  });

  it('has numbered pages', async () => {
    const { gateway } = await start();
    const all = await firstImages(gateway);
    const { data } = await page(gateway, 3, 5);
    expect(data?.images?.totalCount).toBe(all.length);
    expect(data?.images?.nodes.map(({ id }) => id)).toEqual(all.slice(10, 15).map(({ id }) => id));
  });

  it('shows a new label at once, and takes it back where it is not accepted', async () => {
    const { gateway } = await start();
    const image = (await firstImages(gateway)).find(({ id }) => id === 'private/23849498') as Image;
    const before = image.label;
    const renaming = rename(gateway, image, 'a new label');
    expect(image.label).toBe('a new label');
    expect(await renaming).toBeNull();
    const refused = rename(gateway, image, 'x'.repeat(60));
    expect(image.label).toHaveLength(60);
    expect(await refused).toBe('Length must be 1-50 characters');
    expect(image.label).toBe('a new label');
    expect(before).not.toBe('a new label');
  });

  it('deletes', async () => {
    const { gateway } = await start();
    const images = await firstImages(gateway);
    const left = await remove(gateway, images, 'private/23849498');
    expect(left).toHaveLength(images.length - 1);
    expect(await firstImages(gateway)).toEqual(left);
    expect(await remove(gateway, images, 'linode/debian12')).toEqual(images);
  });

  it('captures a disk, and reports the progress until the image is there', async () => {
    const { clock, gateway } = await start();
    const phases: string[] = [];
    for await (const { phase } of capture(gateway, DISK, 0)) {
      phases.push(phase);
      clock.advance(40_000);
    }
    expect([phases[0], phases.at(-1)]).toEqual(['CAPTURING', 'READY']);
    await expect(capture(gateway, '1').next()).rejects.toThrow('Not found');
  });

  it('reads what a token may not do, and what does not exist', async () => {
    const { gateway } = await start();
    const { data, errors } = await ask({ url: gateway.url, token: 'unknown' }, ImagesDocument, { first: 1 });
    expect(data?.images ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await ask(gateway, ImageDocument, { id: 'private/999999' })).data).toEqual({ image: null });
  });

  it('has a manifest of its operations that the gateway takes', async () => {
    const { gateway } = await startStack({
      gateway: { protection: { persistedOperations: loadPersistedOperations(MANIFEST) } },
    });
    const client = { url: gateway.url, token: 'alice-full', isPersisted: true };
    expect((await ask(client, ImagesDocument, { first: 1 })).data?.images?.nodes).toHaveLength(1);
  });
});
