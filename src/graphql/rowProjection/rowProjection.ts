import {
  GraphQLNonNull,
  GraphQLScalarType,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { ImageModel } from '../models/image.js';
import type { Hooks } from '../plugins/hooks.js';
import { jsonBytes, JsonWriter } from './jsonWriter.js';
import { objectTypeOf, plainFieldsOf } from './plainFields.js';
import { projectRows, rowOf, type HiddenFields } from './rewriteDocument.js';
import { RowSerializer } from './rowSerializer.js';

/** What a GraphQL server needs to execute lists of images as rows. */
export interface RowProjection {
  /** The document to execute in place of a valid one: the same document where it selects no rows. */
  project: (document: DocumentNode) => DocumentNode;
  /** Projects the document of each request. */
  hooks: Hooks;
  /** A response as JSON with a newline, as Apollo Server writes it; in UTF-8 if it contains rows. */
  stringify: (result: object) => string | Buffer;
  /** About how many bytes that is; stops beyond the maximum. */
  sizeOf: (result: object, maxBytes: number) => number;
}

/** No document can contain these names, so no client can select the fields. */
const HIDDEN_FIELDS: HiddenFields = { nodes: 'nodes as rows', node: 'node as a row' };

const ROWS = new GraphQLNonNull(new GraphQLScalarType({ name: 'ImageRows' }));

/**
 * Executes lists of images in plain fields, the most common selection, as one field each, whose value is the rows
 * as JSON: graphql-js would resolve some twenty fields a row one by one. (ADR 7)
 *
 * The fields are added to the schema without being enumerable: validation, introspection and printing skip them.
 */
export function createRowProjection(schema: GraphQLSchema): RowProjection {
  const serializer = new RowSerializer();
  const writer = new JsonWriter();
  const plainFields = plainFieldsOf(objectTypeOf(schema, 'Image'));
  const project: RowProjection['project'] = (document) => projectRows(document, plainFields, HIDDEN_FIELDS);

  addHiddenField<{ nodes: ImageModel[] }>(
    schema,
    'ImageConnection',
    HIDDEN_FIELDS.nodes,
    ({ nodes }, _, __, { fieldNodes }) => writer.raw(serializer.list(nodes, rowOf(fieldNodes))),
  );
  addHiddenField<{ node: ImageModel }>(
    schema,
    'ImageEdge',
    HIDDEN_FIELDS.node,
    ({ node }, _, __, { fieldNodes }) => writer.raw([serializer.row(node, rowOf(fieldNodes))]),
  );
  return {
    project,
    hooks: {
      // The last hook before Apollo executes the document that the request holds.
      executionDidStart(request) {
        (request as { document: DocumentNode }).document = project(request.document);
      },
    },
    stringify: (result) => writer.stringify(result),
    sizeOf: jsonBytes,
  };
}

function addHiddenField<S>(
  schema: GraphQLSchema,
  typeName: string,
  name: string,
  resolve: GraphQLFieldResolver<S, unknown>,
): void {
  const field = { name, type: ROWS, args: [], resolve, extensions: {} };
  Object.defineProperty(objectTypeOf(schema, typeName).getFields(), name, {
    value: field,
    enumerable: false,
  });
}
