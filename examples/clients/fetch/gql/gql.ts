/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Images($first: Int!, $after: String) {\n  images(first: $first, after: $after, orderBy: [{field: LABEL}]) {\n    nodes {\n      id\n      label\n      status\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Page($first: Int!, $offset: Int!) {\n  images(first: $first, offset: $offset, orderBy: [{field: LABEL}]) {\n    totalCount\n    nodes {\n      id\n      label\n    }\n  }\n}\n\nquery Image($id: ID!) {\n  image(id: $id) {\n    id\n    status\n    progress {\n      phase\n      percent\n      failureReason\n    }\n  }\n}\n\nmutation Rename($id: ID!, $label: String!) {\n  updateImage(input: {id: $id, label: $label}) {\n    image {\n      id\n      label\n    }\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Delete($id: ID!) {\n  deleteImage(input: {id: $id}) {\n    deletedImageId\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Capture($diskId: ID!) {\n  createImage(input: {diskId: $diskId}) {\n    image {\n      id\n    }\n    userErrors {\n      message\n    }\n  }\n}": typeof types.ImagesDocument,
};
const documents: Documents = {
    "query Images($first: Int!, $after: String) {\n  images(first: $first, after: $after, orderBy: [{field: LABEL}]) {\n    nodes {\n      id\n      label\n      status\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Page($first: Int!, $offset: Int!) {\n  images(first: $first, offset: $offset, orderBy: [{field: LABEL}]) {\n    totalCount\n    nodes {\n      id\n      label\n    }\n  }\n}\n\nquery Image($id: ID!) {\n  image(id: $id) {\n    id\n    status\n    progress {\n      phase\n      percent\n      failureReason\n    }\n  }\n}\n\nmutation Rename($id: ID!, $label: String!) {\n  updateImage(input: {id: $id, label: $label}) {\n    image {\n      id\n      label\n    }\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Delete($id: ID!) {\n  deleteImage(input: {id: $id}) {\n    deletedImageId\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Capture($diskId: ID!) {\n  createImage(input: {diskId: $diskId}) {\n    image {\n      id\n    }\n    userErrors {\n      message\n    }\n  }\n}": types.ImagesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Images($first: Int!, $after: String) {\n  images(first: $first, after: $after, orderBy: [{field: LABEL}]) {\n    nodes {\n      id\n      label\n      status\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Page($first: Int!, $offset: Int!) {\n  images(first: $first, offset: $offset, orderBy: [{field: LABEL}]) {\n    totalCount\n    nodes {\n      id\n      label\n    }\n  }\n}\n\nquery Image($id: ID!) {\n  image(id: $id) {\n    id\n    status\n    progress {\n      phase\n      percent\n      failureReason\n    }\n  }\n}\n\nmutation Rename($id: ID!, $label: String!) {\n  updateImage(input: {id: $id, label: $label}) {\n    image {\n      id\n      label\n    }\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Delete($id: ID!) {\n  deleteImage(input: {id: $id}) {\n    deletedImageId\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation Capture($diskId: ID!) {\n  createImage(input: {diskId: $diskId}) {\n    image {\n      id\n    }\n    userErrors {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').ImagesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
