/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The phases from the request to an image that can be deployed. */
export type ImagePhase =
  /** The upload is possible until `uploadExpiresAt`. */
  | 'AWAITING_UPLOAD'
  /** The image is being captured from a disk. */
  | 'CAPTURING'
  /** The upload did not happen in time; Linode deletes the image. */
  | 'EXPIRED'
  /** The capture or upload failed. */
  | 'FAILED'
  /** The upload is complete; Linode is unpacking it. */
  | 'PROCESSING'
  /** The image can be deployed. */
  | 'READY'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** Whether an image can be deployed. */
export type ImageStatus =
  /** Ready to deploy. */
  | 'AVAILABLE'
  /** Being captured from a disk. */
  | 'CREATING'
  /** Waiting for the upload. */
  | 'PENDING_UPLOAD'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

export type ImagesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ImagesQuery = { images: { nodes: Array<{ id: string, label: string, status: ImageStatus }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PageQueryVariables = Exact<{
  first: number;
  offset: number;
}>;


export type PageQuery = { images: { totalCount: number, nodes: Array<{ id: string, label: string }> } | null };

export type ImageQueryVariables = Exact<{
  id: string | number;
}>;


export type ImageQuery = { image: { id: string, status: ImageStatus, progress: { phase: ImagePhase, percent: number | null, failureReason: string | null } | null } | null };

export type RenameMutationVariables = Exact<{
  id: string | number;
  label: string;
}>;


export type RenameMutation = { updateImage: { image: { id: string, label: string } | null, userErrors: Array<{ message: string }> } | null };

export type DeleteMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteMutation = { deleteImage: { deletedImageId: string | null, userErrors: Array<{ message: string }> } | null };

export type CaptureMutationVariables = Exact<{
  diskId: string | number;
}>;


export type CaptureMutation = { createImage: { image: { id: string } | null, userErrors: Array<{ message: string }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ImagesDocument = new TypedDocumentString(`
    query Images($first: Int!, $after: String) {
  images(first: $first, after: $after, orderBy: [{field: LABEL}]) {
    nodes {
      id
      label
      status
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:2bde5798abd0330e8db9d39a26c35238451101b366073a3f24cf1efbe58bbb15"}) as unknown as TypedDocumentString<ImagesQuery, ImagesQueryVariables>;
export const PageDocument = new TypedDocumentString(`
    query Page($first: Int!, $offset: Int!) {
  images(first: $first, offset: $offset, orderBy: [{field: LABEL}]) {
    totalCount
    nodes {
      id
      label
    }
  }
}
    `, {"hash":"sha256:b8c7978f91c8d5940a179832fef184f35fcbc37e781c6bd40432932188daf950"}) as unknown as TypedDocumentString<PageQuery, PageQueryVariables>;
export const ImageDocument = new TypedDocumentString(`
    query Image($id: ID!) {
  image(id: $id) {
    id
    status
    progress {
      phase
      percent
      failureReason
    }
  }
}
    `, {"hash":"sha256:4c3b13a36242e95a8ff5ab1673c44aa464a7c70f2570562e808aed3b4800c3da"}) as unknown as TypedDocumentString<ImageQuery, ImageQueryVariables>;
export const RenameDocument = new TypedDocumentString(`
    mutation Rename($id: ID!, $label: String!) {
  updateImage(input: {id: $id, label: $label}) {
    image {
      id
      label
    }
    userErrors {
      message
    }
  }
}
    `, {"hash":"sha256:fcf3913aeebe9535539dc6fa63a8ae8235a03188a11ce83613e22a31bdac1279"}) as unknown as TypedDocumentString<RenameMutation, RenameMutationVariables>;
export const DeleteDocument = new TypedDocumentString(`
    mutation Delete($id: ID!) {
  deleteImage(input: {id: $id}) {
    deletedImageId
    userErrors {
      message
    }
  }
}
    `, {"hash":"sha256:7b882f317f16b0bb6b378b7c2ad6af4f5979e8d27e83d0e6f614d67ba1b4f601"}) as unknown as TypedDocumentString<DeleteMutation, DeleteMutationVariables>;
export const CaptureDocument = new TypedDocumentString(`
    mutation Capture($diskId: ID!) {
  createImage(input: {diskId: $diskId}) {
    image {
      id
    }
    userErrors {
      message
    }
  }
}
    `, {"hash":"sha256:b95e9e55d8124a4984bc1bc49bb81a64939651449de331380da797dd44879845"}) as unknown as TypedDocumentString<CaptureMutation, CaptureMutationVariables>;