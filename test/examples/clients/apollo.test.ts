import { gql, type ApolloClient } from '@apollo/client';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  capture,
  createClient,
  IMAGES,
  PROGRESS,
  remove,
  rename,
  SHOW_WHAT_ARRIVED,
} from '../../../examples/clients/apollo/client.js';
import { startStack } from '../../support/stack.js';

const DISK = '109867812';

const clients: ApolloClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});

async function start(token: string | undefined = 'alice-full') {
  const stack = await startStack({ sandbox: { api: 'latest' } });
  const client = createClient(stack.gateway.url, token);
  clients.push(client);
  return { ...stack, client };
}

const idsIn = (client: ApolloClient, variables = {}) =>
  client.readQuery({ query: IMAGES, variables })?.images?.edges.map(({ node }) => node.id) ?? [];

describe('the client of Apollo', () => {
  it('loads more into one list', async () => {
    const { linode, client } = await start();
    await client.query({ query: IMAGES, variables: { first: 7 } });
    const query = client.watchQuery({ query: IMAGES, variables: { first: 7 } });
    const subscription = query.subscribe(() => undefined);
    const all = linode.images('alice-full').map(({ id }) => id);
    for (let known = 7; known < all.length; known += 7) {
      const { endCursor } =
        client.readQuery({ query: IMAGES, variables: { first: 7 } })?.images?.pageInfo ?? {};
      await query.fetchMore({ variables: { after: endCursor ?? '' } });
    }
    expect([...idsIn(client, { first: 7 })].sort()).toEqual([...all].sort());
    subscription.unsubscribe();
  });

  it('shows each numbered page as itself', async () => {
    const { client } = await start();
    await client.query({ query: IMAGES, variables: { first: 50 } });
    const all = idsIn(client, { first: 50 });
    for (const offset of [0, 5, 10]) {
      const variables = { first: 5, offset };
      await client.query({ query: IMAGES, variables });
      expect(idsIn(client, variables)).toEqual(all.slice(offset, offset + 5));
    }
  });

  it('shows a new label at once, and takes it back where it is not accepted', async () => {
    const { client } = await start();
    await client.query({ query: IMAGES, variables: { first: 50 } });
    const label = () =>
      client
        .readQuery({ query: IMAGES, variables: { first: 50 } })
        ?.images?.edges.find(({ node }) => node.id === 'private/23849498')?.node.label;
    const shown: (string | undefined)[] = [];
    const stop = client.cache.watch({
      query: IMAGES,
      variables: { first: 50 },
      optimistic: true,
      callback: ({ result }) =>
        shown.push(result?.images?.edges?.find((edge) => edge?.node?.id === 'private/23849498')?.node?.label),
    });
    expect(await rename(client, 'private/23849498', 'a new label')).toBeNull();
    expect(label()).toBe('a new label');
    expect(await rename(client, 'private/23849498', 'x'.repeat(60))).toBe('Length must be 1-50 characters');
    expect(label()).toBe('a new label');
    expect(shown).toContain('x'.repeat(60));
    expect(shown.at(-1)).toBe('a new label');
    stop();
  });

  it('deletes from the lists that are loaded', async () => {
    const { client } = await start();
    const variables = { first: 50, filter: { isPublic: false } };
    await client.query({ query: IMAGES, variables });
    const before = idsIn(client, variables);
    expect(await remove(client, 'private/23849498')).toBeNull();
    expect(idsIn(client, variables)).toEqual(before.filter((id) => id !== 'private/23849498'));
    expect(await remove(client, 'linode/debian12')).not.toBeNull();
  });

  it('captures, whereupon the list that is shown has the new image', async () => {
    const { linode, client } = await start();
    const variables = { first: 50, filter: { isPublic: false } };
    const query = client.watchQuery({ query: IMAGES, variables });
    const subscription = query.subscribe(() => undefined);
    await client.query({ query: IMAGES, variables });
    const image = await capture(client, DISK, 'captured');
    expect(idsIn(client, variables)).toContain(image.id);
    const { data } = await client.query({
      query: PROGRESS,
      variables: { id: image.id },
      fetchPolicy: 'network-only',
    });
    expect(data?.image?.progress?.phase).toBe('CAPTURING');
    expect(linode.count(/^POST \/images/)).toBe(1);
    await expect(capture(client, '1', 'none')).rejects.toThrow('Not found');
    subscription.unsubscribe();
  });

  it.each([
    ['alice-full', 'image(id: "private/23849731")', 'progress', 'phase', 'percent'],
    ['alice-full', 'image(id: "private/23849731")', 'viewerCan', 'update', 'delete'],
    ['bob-full', 'image(id: "shared/301")', 'sharedBy', 'shareGroupUuid', 'shareGroupLabel'],
    ['alice-full', 'profile', 'can', 'createImage', 'createLinode'],
  ])('as %s, keeps what two queries select of %s { %s }', async (token, parent, field, first, second) => {
    const { client } = await start(token);
    const id = parent.startsWith('image') ? 'id' : '';
    const queries = [first, second].map((leaf) => gql(`{ ${parent} { ${id} ${field} { ${leaf} } } }`));
    for (const query of queries) await client.query({ query, fetchPolicy: 'network-only' });
    const [name = ''] = parent.split('(');
    const cached = queries.map((query) => {
      const { [name]: owner } = client.readQuery<Record<string, Record<string, object>>>({ query }) ?? {};
      return owner?.[field];
    });
    expect(cached).toMatchObject([{ [first]: expect.anything() }, { [second]: expect.anything() }]);
  });

  it('keeps what two queries select of the profile', async () => {
    const { client } = await start();
    const queries = ['timezone', 'userType'].map((leaf) => gql(`{ profile { ${leaf} } }`));
    for (const query of queries) await client.query({ query });
    expect(queries.map((query) => client.readQuery({ query }))).toMatchObject([
      { profile: { timezone: 'America/New_York' } },
      { profile: { userType: 'default' } },
    ]);
  });

  it('has the error of a refused token, and no images', async () => {
    const { client } = await start('unknown');
    const { data, error } = await client.query({ query: IMAGES, ...SHOW_WHAT_ARRIVED });
    expect(data?.images ?? null).toBeNull();
    expect(error?.message).toMatch(/token/i);
  });
});
