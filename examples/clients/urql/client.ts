import { Client, fetchExchange, gql, type TypedDocumentNode } from '@urql/core';
import { cacheExchange, type Cache } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/** With the normalized cache. */
export const createClient = (url: string, token?: string): Client =>
  new Client({
    url,
    preferGetMethod: false,
    ...(token !== undefined && { fetchOptions: { headers: { authorization: `Bearer ${token}` } } }),
    exchanges: [
      cacheExchange({
        // They have no ID of their own, and live within their image or their mutation.
        keys: {
          ImageProgress: () => null,
          ImageRegion: () => null,
          ImagePermissions: () => null,
          ImageSharedBy: () => null,
          ImageTag: () => null,
          ImageChange: () => null,
          Profile: () => null,
          AccountPermissions: () => null,
          UserError: () => null,
          UpdateImagePayload: () => null,
          DeleteImagePayload: () => null,
          CreateImagePayload: () => null,
          InitiateImageUploadPayload: () => null,
          SetImageRegionsPayload: () => null,
        },
        // Pages that differ in `after` alone are one list; `offset` and the other arguments make lists of their own.
        resolvers: { Query: { images: relayPagination(), linodes: relayPagination() } },
        updates: {
          Mutation: {
            deleteImage(result, _, cache) {
              const { deleteImage } = result as unknown as DeleteResult;
              if (deleteImage?.deletedImageId != null) forget(cache, deleteImage.deletedImageId);
            },
            // A new image belongs to some lists and not to others: they are fetched again when they are shown.
            createImage(_result, _, cache) {
              for (const { fieldName, arguments: args } of cache.inspectFields('Query')) {
                if (fieldName === 'images') cache.invalidate('Query', fieldName, args);
              }
            },
          },
        },
        optimistic: {
          updateImage: ({ input }: { input?: { id: string; label: string } }) => ({
            __typename: 'UpdateImagePayload',
            userErrors: [],
            image: { __typename: 'Image', ...input },
          }),
        },
      }),
      fetchExchange,
    ],
  });

/** Takes an image out of every list: without that, a list whose node is gone would be null as a whole. */
function forget(cache: Cache, id: string): void {
  const image = cache.keyOfEntity({ __typename: 'Image', id });
  for (const { fieldName, fieldKey } of cache.inspectFields('Query')) {
    if (fieldName !== 'images') continue;
    const connection = cache.resolve('Query', fieldKey);
    if (typeof connection !== 'string') continue;
    const edges = cache.resolve(connection, 'edges');
    if (!Array.isArray(edges)) continue;
    const kept = (edges as string[]).filter((edge) => cache.resolve(edge, 'node') !== image);
    if (kept.length < edges.length) cache.link(connection, 'edges', kept);
  }
  cache.invalidate({ __typename: 'Image', id });
}

interface Image {
  id: string;
  label: string;
  status: string;
}

interface Images {
  images: {
    edges: { cursor: string; node: Image }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  } | null;
}

/** To load more, ask for it with `after: pageInfo.endCursor`: the result has all pages. A numbered page: `offset`. */
export const IMAGES: TypedDocumentNode<
  Images,
  { first: number; after?: string | null; offset?: number; filter?: object }
> = gql`
  query Images($first: Int!, $after: String, $offset: Int, $filter: ImageFilter) {
    images(first: $first, after: $after, offset: $offset, filter: $filter, orderBy: [{ field: LABEL }]) {
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

interface RenameResult {
  updateImage: { image: Pick<Image, 'id' | 'label'> | null; userErrors: { message: string }[] } | null;
}

const RENAME: TypedDocumentNode<RenameResult, { input: { id: string; label: string } }> = gql`
  mutation Rename($input: UpdateImageInput!) {
    updateImage(input: $input) {
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

/** The new label is shown at once, and the old one again where it was not accepted: see `optimistic` above. */
export async function rename(client: Client, id: string, label: string): Promise<string | null> {
  const { data, error } = await client.mutation(RENAME, { input: { id, label } }).toPromise();
  return data?.updateImage?.userErrors[0]?.message ?? error?.message ?? null;
}

interface DeleteResult {
  deleteImage: { deletedImageId: string | null; userErrors: { message: string }[] } | null;
}

const DELETE: TypedDocumentNode<DeleteResult, { id: string }> = gql`
  mutation Delete($id: ID!) {
    deleteImage(input: { id: $id }) {
      deletedImageId
      userErrors {
        message
      }
    }
  }
`;

export async function remove(client: Client, id: string): Promise<string | null> {
  const { data, error } = await client.mutation(DELETE, { id }).toPromise();
  return data?.deleteImage?.userErrors[0]?.message ?? error?.message ?? null;
}

interface CaptureResult {
  createImage: { image: Image | null; userErrors: { message: string }[] } | null;
}

const CAPTURE: TypedDocumentNode<CaptureResult, { diskId: string; label: string }> = gql`
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

export async function capture(client: Client, diskId: string, label: string): Promise<Image> {
  const { data, error } = await client.mutation(CAPTURE, { diskId, label }).toPromise();
  const { image, userErrors } = data?.createImage ?? {};
  if (!image) throw new Error(userErrors?.[0]?.message ?? error?.message);
  return image;
}

interface Progress {
  image: (Image & { progress: { phase: string; percent: number | null } | null }) | null;
}

/** Ask every five seconds with `requestPolicy: 'network-only'` while the image moves. */
export const PROGRESS: TypedDocumentNode<Progress, { id: string }> = gql`
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
