import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startStack } from '../support/stack.js';

interface Images {
  images: {
    edges: { cursor: string; node: { id: string; label: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const PAGE = gql`
  query Page($after: String, $filter: ImageFilter) {
    images(first: 10, after: $after, filter: $filter, orderBy: [{ field: LABEL }]) {
      edges {
        cursor
        node {
          id
          label
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

const clients: ApolloClient[] = [];

function createClient(url: string): ApolloClient {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization: 'Bearer alice-full' } }),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { images: relayStylePagination(['filter', 'orderBy']) } } },
    }),
  });
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});

describe("Apollo Client's cache", () => {
  it('pages images with relayStylePagination, while they come and go', async () => {
    const { clock, linode, gateway } = await startStack();
    const client = createClient(gateway.url);
    await client.query<Images>({ query: PAGE });
    const query = client.watchQuery<Images>({ query: PAGE });
    const subscription = query.subscribe(() => undefined);
    const before = linode.images('alice-full').map(({ id }) => id);

    for (let page = 1; ; page++) {
      const known = client.readQuery<Images>({ query: PAGE });
      if (!known?.images.pageInfo.hasNextPage) break;
      if (page === 2) {
        linode.putImage('alice-full', { label: 'AAA comes before all that was read' });
        linode.removeImage('linode/almalinux8');
        clock.advance(10_000);
      }
      await query.fetchMore({ variables: { after: known.images.pageInfo.endCursor } });
    }

    const all = client.readQuery<Images>({ query: PAGE })?.images.edges.map(({ node }) => node.id) ?? [];
    expect(all).toHaveLength(before.length);
    expect(new Set(all)).toEqual(new Set(before));
    subscription.unsubscribe();
  });

  it('shows what a mutation changed in every page that has it', async () => {
    const { gateway } = await startStack();
    const client = createClient(gateway.url);
    await client.query<Images>({ query: PAGE, variables: { filter: { isPublic: false } } });
    await client.mutate({
      mutation: gql`
        mutation {
          updateImage(input: { id: "private/23849731", label: "renamed" }) {
            image {
              id
              label
            }
          }
        }
      `,
    });
    const page = client.readQuery<Images>({ query: PAGE, variables: { filter: { isPublic: false } } });
    const changed = page?.images.edges.find(({ node }) => node.id === 'private/23849731');
    expect(changed?.node.label).toBe('renamed');
  });
});
