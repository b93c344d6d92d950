import {
  execute,
  extendSchema,
  getOperationAST,
  GraphQLError,
  isObjectType,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { ImageModel } from './imageModel.js';
import { mayHoldJson } from './json.js';
import { MAX_ERRORS } from './limits.js';
import { rowOf, ROWS_SDL, rowsOf, withRows } from './rows.js';

export interface Execution {
  document: DocumentNode;
  variables: Record<string, unknown> | undefined;
  operationName: string | null | undefined;
  context: unknown;
}

export type Execute = (execution: Execution) => Promise<ExecutionResult>;

/** Executes valid documents with graphql-js: as they are, or their lists of images as rows. The answers are the same. */
export function createExecutor(schema: GraphQLSchema): Execute {
  const schemaWithRows = addRows(schema);
  return async ({ document, variables, operationName, context }) => {
    if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
      return { errors: [noSubscriptions] };
    }
    const taken = withRows(document);
    const result = await execute({
      schema: taken === document ? schema : schemaWithRows,
      document: taken,
      contextValue: context,
      variableValues: variables,
      operationName,
      options: { maxCoercionErrors: MAX_ERRORS },
    });
    if (taken !== document && result.data) mayHoldJson(result.data);
    return result;
  };
}

const noSubscriptions = new GraphQLError('There are no subscriptions here', {
  extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
});

/** Known to this executor alone: validation and introspection see the schema without. */
function addRows(schema: GraphQLSchema): GraphQLSchema {
  const extended = extendSchema(schema, parse(ROWS_SDL));
  resolve(extended, 'ImageConnection', '_nodes', ({ nodes }: { nodes: ImageModel[] }, _, __, info) =>
    rowsOf(nodes, info.fieldNodes[0]),
  );
  resolve(extended, 'ImageEdge', '_node', ({ node }: { node: ImageModel }, _, __, info) =>
    rowOf(node, info.fieldNodes[0]),
  );
  return extended;
}

function resolve<S>(
  schema: GraphQLSchema,
  typeName: string,
  fieldName: string,
  resolver: GraphQLFieldResolver<S, unknown>,
): void {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`The schema has no ${typeName}.${fieldName}`);
  field.resolve = resolver;
}
