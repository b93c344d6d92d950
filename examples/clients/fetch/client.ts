import type { TypedDocumentString } from './gql/graphql.js';
import {
  CaptureDocument,
  DeleteDocument,
  ImageDocument,
  ImagesDocument,
  PageDocument,
  RenameDocument,
  type ImagesQuery,
  type ImagesQueryVariables,
} from './gql/graphql.js';

/** An error of the response, or of the request as a whole. */
export interface GatewayError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; requestId?: string };
}

export interface Answer<Data> {
  /** Read `errors` even where there is data: a null beside an error on its path is no fact. */
  data?: Data | null;
  errors?: GatewayError[];
  extensions?: { stale?: { ageSeconds: number } };
}

export interface Gateway {
  /** Such as `http://127.0.0.1:4000/graphql`. */
  url: string;
  token?: string;
  /** Whether the gateway has the manifest, `gql/persisted-documents.json`: documents are then sent by their hash. */
  isPersisted?: boolean;
}

type Operation<Data, Variables> = TypedDocumentString<Data, Variables>;

/** Sends one operation. On 503 and 429 it tries once more, after as long as `Retry-After` says. */
export async function ask<Data, Variables>(
  gateway: Gateway,
  operation: Operation<Data, Variables>,
  variables: Variables,
  mayRetry = true,
): Promise<Answer<Data>> {
  const { url, token, isPersisted } = gateway;
  const document = isPersisted
    ? { documentId: operation.__meta__?.['hash'] }
    : { query: operation.toString() };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ ...document, variables }),
  });
  const retryAfter = Number(response.headers.get('retry-after'));
  if (retryAfter > 0 && mayRetry) {
    await response.body?.cancel();
    await seconds(retryAfter);
    return ask(gateway, operation, variables, false);
  }
  // An answer that is not 200 is JSON of the same shape.
  return (await response.json()) as Answer<Data>;
}

export type Image = NonNullable<ImagesQuery['images']>['nodes'][number];

/** All images, page by page: load more while there is more. */
export async function* allImages(gateway: Gateway, first = 50): AsyncGenerator<Image[]> {
  const variables: ImagesQueryVariables = { first };
  for (;;) {
    const { data, errors } = await ask(gateway, ImagesDocument, variables);
    if (!data?.images) throw new Error(errors?.[0]?.message);
    const { nodes, pageInfo } = data.images;
    yield nodes;
    if (!pageInfo.hasNextPage) return;
    variables.after = pageInfo.endCursor;
  }
}

/** One numbered page, from 1 on. The second and later ones come from memory. */
export const page = (gateway: Gateway, number: number, size: number) =>
  ask(gateway, PageDocument, { first: size, offset: (number - 1) * size });

/** Shows the new label at once, and the old one again where it was not accepted. */
export async function rename(gateway: Gateway, image: Image, label: string): Promise<string | null> {
  const before = image.label;
  image.label = label;
  const { data, errors } = await ask(gateway, RenameDocument, { id: image.id, label });
  const problem = data?.updateImage?.userErrors[0]?.message ?? errors?.[0]?.message ?? null;
  if (problem !== null) image.label = before;
  return problem;
}

/** @returns the images without the deleted one, or all of them where it could not be deleted */
export async function remove(gateway: Gateway, images: readonly Image[], id: string): Promise<Image[]> {
  const { data } = await ask(gateway, DeleteDocument, { id });
  // After a mutation there is nothing to wait for: the next read has it.
  return images.filter((image) => image.id !== data?.deleteImage?.deletedImageId);
}

/** Captures a disk and reports until the image is there. Asking more often than every 2 s tells nothing new. */
export async function* capture(gateway: Gateway, diskId: string, intervalSeconds = 5) {
  const { data, errors } = await ask(gateway, CaptureDocument, { diskId });
  const problem = data?.createImage?.userErrors[0]?.message ?? errors?.[0]?.message;
  const id = data?.createImage?.image?.id;
  if (id === undefined) throw new Error(problem);
  for (;;) {
    const { data: polled } = await ask(gateway, ImageDocument, { id });
    const progress = polled?.image?.progress;
    if (progress) yield progress;
    if (polled?.image?.status !== 'CREATING') return;
    await seconds(intervalSeconds);
  }
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));
