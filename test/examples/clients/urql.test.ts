import type { Client } from '@urql/core';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  capture,
  createClient,
  IMAGES,
  PROGRESS,
  remove,
  rename,
} from '../../../examples/clients/urql/client.js';
import { startStack } from '../../support/stack.js';

const DISK = '109867812';

async function start(token = 'alice-full') {
  const stack = await startStack({ sandbox: { api: 'latest' } });
  return { ...stack, client: createClient(stack.gateway.url, token) };
}

type Variables = { first: number; after?: string | null; offset?: number; filter?: object };

const fetchImages = async (client: Client, variables: Variables) => {
  const { data } = await client.query(IMAGES, variables).toPromise();
  return data?.images;
};
/** What the cache has, without a request. */
const imagesIn = (client: Client, variables: Variables) =>
  client.readQuery(IMAGES, variables, { requestPolicy: 'cache-only' })?.data?.images;
const idsIn = (client: Client, variables: Variables) =>
  imagesIn(client, variables)?.edges.map(({ node }) => node.id);

describe('the client of urql', () => {
  /** The cache warns of types without a key, of which the recipe names all. */
  let warnings: ReturnType<typeof jest.spyOn>;
  beforeEach(() => {
    warnings = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    expect((warnings as unknown as { mock: { calls: unknown[] } }).mock.calls).toEqual([]);
  });

  it('caches every type without an ID, within what it belongs to', async () => {
    const { client } = await start('bob-full');
    const query = `{
      profile { timezone can { createImage } }
      imageTags { label count }
      image(id: "shared/301") {
        id
        progress { phase }
        regions { regionId status }
        sharedBy { shareGroupLabel }
        viewerCan { deploy }
      }
    }`;
    const { data, error } = await client.query(query, {}).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ image: { sharedBy: {}, viewerCan: { deploy: true } } });
    expect(client.readQuery(query, {}, { requestPolicy: 'cache-only' })?.data).toEqual(data);
    const set = `mutation {
      setImageRegions(input: { id: "private/1", regions: ["us-east"] }) { image { id } userErrors { code } }
      initiateImageUpload(input: { label: "up", region: "us-west" }) { image { id } userErrors { code } }
    }`;
    expect((await client.mutation(set, {}).toPromise()).error).toBeUndefined();
  });

  it('loads more into one list', async () => {
    const { linode, client } = await start();
    let after: string | null = null;
    for (;;) {
      const images = await fetchImages(client, { first: 7, after });
      if (!images?.pageInfo.hasNextPage) break;
      after = images.pageInfo.endCursor;
    }
    const all = linode.images('alice-full').map(({ id }) => id);
    expect([...(idsIn(client, { first: 7, after }) ?? [])].sort()).toEqual([...all].sort());
  });

  it('shows each numbered page as itself', async () => {
    const { client } = await start();
    const all = (await fetchImages(client, { first: 50 }))?.edges.map(({ node }) => node.id) ?? [];
    for (const offset of [0, 5, 10]) {
      const images = await fetchImages(client, { first: 5, offset });
      expect(images?.edges.map(({ node }) => node.id)).toEqual(all.slice(offset, offset + 5));
    }
  });

  it('shows a new label at once, and takes it back where it is not accepted', async () => {
    const { client } = await start();
    const variables = { first: 50 };
    await fetchImages(client, variables);
    const label = () =>
      imagesIn(client, variables)?.edges.find(({ node }) => node.id === 'private/23849498')?.node.label;
    const shown: (string | undefined)[] = [];
    const { unsubscribe } = client.query(IMAGES, variables).subscribe(({ data }) => {
      shown.push(data?.images?.edges.find(({ node }) => node.id === 'private/23849498')?.node.label);
    });
    expect(await rename(client, 'private/23849498', 'a new label')).toBeNull();
    expect(label()).toBe('a new label');
    expect(await rename(client, 'private/23849498', 'x'.repeat(60))).toBe('Length must be 1-50 characters');
    expect(label()).toBe('a new label');
    expect(shown).toContain('x'.repeat(60));
    expect(shown.at(-1)).toBe('a new label');
    unsubscribe();
  });

  it('deletes an image on an earlier page, and keeps the list', async () => {
    const { client } = await start();
    const filter = { isPublic: false };
    const first = await fetchImages(client, { first: 3, filter });
    const after = first?.pageInfo.endCursor ?? null;
    await fetchImages(client, { first: 3, after, filter });
    const before = idsIn(client, { first: 3, after, filter }) ?? [];
    expect(before).toHaveLength(6);
    const gone = before[1] ?? '';
    expect(await remove(client, gone)).toBeNull();
    expect(idsIn(client, { first: 3, after, filter })).toEqual(before.filter((id) => id !== gone));
    expect(await remove(client, 'linode/debian12')).not.toBeNull();
  });

  it('captures, whereupon the list is fetched again', async () => {
    const { client } = await start();
    const variables = { first: 50, filter: { isPublic: false } };
    await fetchImages(client, variables);
    const image = await capture(client, DISK, 'captured');
    const images = await fetchImages(client, variables);
    expect(images?.edges.map(({ node }) => node.id)).toContain(image.id);
    const { data } = await client.query(PROGRESS, { id: image.id }).toPromise();
    expect(data?.image?.progress?.phase).toBe('CAPTURING');
    await expect(capture(client, '1', 'none')).rejects.toThrow('Not found');
  });

  it('has the error of a refused token, and no images', async () => {
    const { client } = await start('unknown');
    const { data, error } = await client.query(IMAGES, { first: 1 }).toPromise();
    expect(data?.images ?? null).toBeNull();
    expect(error?.graphQLErrors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});
