import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Version 4. IDs are global, so the cache needs no key fields. */
export const createClient = (uri: string, token?: string): ApolloClient =>
  new ApolloClient({
    link: new HttpLink({
      uri,
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    }),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['Image', 'Region', 'Linode', 'Disk', 'User', 'Event'] },
      typePolicies: {
        Query: {
          fields: {
            // A list of its own for all arguments that do not load more: `offset` too, or every page would be the first.
            images: relayStylePagination(['filter', 'orderBy', 'offset']),
            linodes: relayStylePagination(['filter', 'offset']),
            // An image that some list has brought needs no request of its own.
            image: (known, { args, toReference }) =>
              known ?? toReference({ __typename: 'Image', id: String(args?.['id']) }),
          },
        },
        Image: {
          fields: { linodes: relayStylePagination(['offset']), events: relayStylePagination(['offset']) },
        },
        // Without an ID of their own: two queries that select different fields of one must not overwrite each other.
        ImageProgress: { merge: true },
        ImagePermissions: { merge: true },
        ImageSharedBy: { merge: true },
        Profile: { merge: true },
        AccountPermissions: { merge: true },
      },
    }),
  });

interface Image {
  __typename: 'Image';
  id: string;
  label: string;
  status: string;
}

interface Images {
  images: {
    totalCount: number;
    edges: { cursor: string; node: Image }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  } | null;
}

/** For queries too: what did arrive is shown, beside the errors of what did not. */
export const SHOW_WHAT_ARRIVED = { errorPolicy: 'all' } as const;

/**
 * The policy merges `edges`, and needs the cursors and all of `pageInfo`. To load more:
 * `fetchMore({ variables: { after: pageInfo.endCursor } })`. A numbered page: `offset`, and no `after`.
 */
export const IMAGES: TypedDocumentNode<
  Images,
  { first?: number; after?: string; offset?: number; filter?: object }
> = gql`
  query Images($first: Int = 20, $after: String, $offset: Int, $filter: ImageFilter) {
    images(first: $first, after: $after, offset: $offset, filter: $filter, orderBy: [{ field: LABEL }]) {
      totalCount
      edges {
        cursor
        node {
          id
          label
          status
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

const RENAME: TypedDocumentNode<
  {
    updateImage: {
      __typename?: 'UpdateImagePayload';
      image: Pick<Image, '__typename' | 'id' | 'label'> | null;
      userErrors: { message: string }[];
    } | null;
  },
  { id: string; label: string }
> = gql`
  mutation Rename($id: ID!, $label: String!) {
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
`;

/**
 * Shows the new label in every list at once, and the old one again where it was not accepted.
 * @returns what was wrong with it
 */
export async function rename(client: ApolloClient, id: string, label: string): Promise<string | null> {
  const { data, error } = await client.mutate({
    mutation: RENAME,
    ...SHOW_WHAT_ARRIVED,
    variables: { id, label },
    optimisticResponse: {
      updateImage: {
        __typename: 'UpdateImagePayload',
        image: { __typename: 'Image', id, label },
        userErrors: [],
      },
    },
  });
  return data?.updateImage?.userErrors[0]?.message ?? error?.message ?? null;
}

const DELETE: TypedDocumentNode<
  { deleteImage: { deletedImageId: string | null; userErrors: { message: string }[] } | null },
  { id: string }
> = gql`
  mutation Delete($id: ID!) {
    deleteImage(input: { id: $id }) {
      deletedImageId
      userErrors {
        message
      }
    }
  }
`;

/** Removes the image from every list: their policy leaves out edges whose node is gone. */
export async function remove(client: ApolloClient, id: string): Promise<string | null> {
  const { data, error } = await client.mutate({
    mutation: DELETE,
    ...SHOW_WHAT_ARRIVED,
    variables: { id },
    update(cache, { data }) {
      const gone = data?.deleteImage?.deletedImageId;
      if (gone == null) return;
      cache.evict({ id: cache.identify({ __typename: 'Image', id: gone }) ?? '' });
      cache.gc();
    },
  });
  return data?.deleteImage?.userErrors[0]?.message ?? error?.message ?? null;
}

const CAPTURE: TypedDocumentNode<
  { createImage: { image: Image | null; userErrors: { message: string }[] } | null },
  { diskId: string; label: string }
> = gql`
  mutation Capture($diskId: ID!, $label: String!) {
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
`;

/** A new image belongs to some lists and not to others: those that are shown are fetched again. */
export async function capture(client: ApolloClient, diskId: string, label: string): Promise<Image> {
  const { data, error } = await client.mutate({
    mutation: CAPTURE,
    ...SHOW_WHAT_ARRIVED,
    variables: { diskId, label },
    refetchQueries: ['Images'],
    awaitRefetchQueries: true,
  });
  const { image, userErrors } = data?.createImage ?? {};
  if (!image) throw new Error(userErrors?.[0]?.message ?? error?.message);
  return image;
}

/** Watch it with `pollInterval: 5000` while the image moves, and stop once `progress.phase` is READY or FAILED. */
export const PROGRESS: TypedDocumentNode<
  { image: (Image & { progress: { phase: string; percent: number | null } | null }) | null },
  { id: string }
> = gql`
  query Progress($id: ID!) {
    image(id: $id) {
      id
      label
      status
      progress {
        phase
        percent
      }
    }
  }
`;
