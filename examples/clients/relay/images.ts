import {
  commitMutation,
  ConnectionHandler,
  Environment,
  fetchQuery,
  graphql,
  Network,
  RecordSource,
  Store,
  type FetchFunction,
  type GraphQLResponse,
} from 'relay-runtime';
import type { imagesCaptureMutation } from './__generated__/imagesCaptureMutation.graphql.js';
import type { imagesDeleteMutation } from './__generated__/imagesDeleteMutation.graphql.js';
import type { imagesListQuery } from './__generated__/imagesListQuery.graphql.js';
import type { imagesRenameMutation } from './__generated__/imagesRenameMutation.graphql.js';

export function createEnvironment(url: string, token?: string): Environment {
  const send: FetchFunction = async ({ text, name }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    });
    // An answer that is not 200 has `errors` too, which Relay throws where there is no data.
    return (await response.json()) as GraphQLResponse;
  };
  return new Environment({ network: Network.create(send), store: new Store(new RecordSource()) });
}

/** With `usePaginationFragment`, put `@refetchable` on a fragment with this connection; `loadNext` then sends `after`. */
export const listQuery = graphql`
  query imagesListQuery($first: Int!, $after: String) {
    images(first: $first, after: $after, orderBy: [{ field: LABEL }]) @connection(key: "images_images") {
      edges {
        node {
          id
          label
          status
        }
      }
    }
  }
`;

/** The next page joins the connection in the store. */
export const loadMore = (environment: Environment, first: number, after: string | null) =>
  fetchQuery<imagesListQuery>(environment, listQuery, { first, after }).toPromise();

/** A numbered page is no connection of Relay's: each `offset` has a record of its own. */
export const pageQuery = graphql`
  query imagesPageQuery($first: Int!, $offset: Int!) {
    images(first: $first, offset: $offset, orderBy: [{ field: LABEL }]) {
      totalCount
      nodes {
        id
        label
      }
    }
  }
`;

/** The new label is shown at once, and the old one again where the mutation failed or returned no image. */
export const rename = (environment: Environment, id: string, label: string): Promise<string | null> =>
  new Promise((settle) => {
    commitMutation<imagesRenameMutation>(environment, {
      mutation: graphql`
        mutation imagesRenameMutation($id: ID!, $label: String!) @raw_response_type {
          updateImage(input: { id: $id, label: $label }) {
            image {
              id
              label
            }
            userErrors {
              message
            }
          }
        }
      `,
      variables: { id, label },
      optimisticResponse: { updateImage: { image: { id, label }, userErrors: [] } },
      onCompleted: ({ updateImage }, errors) =>
        settle(updateImage?.userErrors[0]?.message ?? errors?.[0]?.message ?? null),
      onError: ({ message }) => settle(message),
    });
  });

const connectionId = (): string =>
  ConnectionHandler.getConnectionID('client:root', 'images_images', { orderBy: [{ field: 'LABEL' }] });

/** `@deleteEdge` takes the edge out of the list. `@deleteRecord` would leave an edge without a node, and crash it. */
export const remove = (environment: Environment, id: string): Promise<string | null> =>
  new Promise((settle) => {
    commitMutation<imagesDeleteMutation>(environment, {
      mutation: graphql`
        mutation imagesDeleteMutation($id: ID!, $connections: [ID!]!) {
          deleteImage(input: { id: $id }) {
            deletedImageId @deleteEdge(connections: $connections)
            userErrors {
              message
            }
          }
        }
      `,
      variables: { id, connections: [connectionId()] },
      onCompleted: ({ deleteImage }, errors) =>
        settle(deleteImage?.userErrors[0]?.message ?? errors?.[0]?.message ?? null),
      onError: ({ message }) => settle(message),
    });
  });

/** The new image comes first in the list until that is fetched again, in its own order. */
export const capture = (environment: Environment, diskId: string, label: string): Promise<string | null> =>
  new Promise((settle) => {
    commitMutation<imagesCaptureMutation>(environment, {
      mutation: graphql`
        mutation imagesCaptureMutation($diskId: ID!, $label: String!) {
          createImage(input: { diskId: $diskId, label: $label }) {
            image {
              id
              label
              status
            }
            userErrors {
              message
            }
          }
        }
      `,
      variables: { diskId, label },
      // Not `@prependNode`, which complains where `userErrors` come in place of an image.
      updater(store) {
        const image = store.getRootField('createImage')?.getLinkedRecord('image');
        const connection = store.get(connectionId());
        if (!image || !connection) return;
        const edge = ConnectionHandler.createEdge(store, connection, image, 'ImageEdge');
        ConnectionHandler.insertEdgeBefore(connection, edge);
      },
      onCompleted: ({ createImage }, errors) =>
        settle(createImage?.userErrors[0]?.message ?? errors?.[0]?.message ?? null),
      onError: ({ message }) => settle(message),
    });
  });

/** Fetch it every five seconds with `force` while the image moves. */
export const progressQuery = graphql`
  query imagesProgressQuery($id: ID!) {
    image(id: $id) {
      id
      status
      progress {
        phase
        percent
      }
    }
  }
`;
