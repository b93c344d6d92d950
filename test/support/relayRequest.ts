import {
  isCompositeType,
  isListType,
  isObjectType,
  getNamedType,
  getNullableType,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { ConcreteRequest } from 'relay-runtime';

interface Selection {
  kind: 'ScalarField' | 'LinkedField';
  name: string;
  alias: string | null;
  args: { kind: 'Literal'; name: string; value: unknown }[];
  storageKey: null;
  concreteType?: null;
  plural?: boolean;
  selections?: Selection[];
}

/** What Relay's compiler would make of a query without variables and fragments: enough for its store. */
export function toRelayRequest(schema: GraphQLSchema, query: string): ConcreteRequest {
  const document = visit(parse(query), {
    Field: (node) =>
      node.selectionSet && {
        ...node,
        selectionSet: {
          ...node.selectionSet,
          selections: [TYPENAME, ...node.selectionSet.selections],
        },
      },
  });
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('One query is needed');
  const selections = selectionsOf(
    schema,
    operation.selectionSet,
    schema.getRootType(operation.operation) ?? undefined,
  );
  const request = {
    kind: 'Request',
    fragment: {
      kind: 'Fragment',
      name: 'Test',
      type: schema.getRootType(operation.operation)?.name ?? 'Query',
      argumentDefinitions: [],
      metadata: null,
      selections: [],
    },
    operation: { kind: 'Operation', name: 'Test', argumentDefinitions: [], selections },
    params: {
      id: null,
      cacheID: 'test',
      name: 'Test',
      operationKind: operation.operation,
      metadata: {},
      text: print(document),
    },
  };
  // Its types know what its compiler writes; this is the same in fewer words.
  return request as unknown as ConcreteRequest;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const selectionsOf = (
  schema: GraphQLSchema,
  { selections }: SelectionSetNode,
  parent: GraphQLNamedType | undefined,
): Selection[] =>
  selections.map((node) => {
    if (node.kind !== Kind.FIELD) throw new Error('Fragments are not understood here');
    const field = isObjectType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    const common = {
      name: node.name.value,
      alias: node.alias?.value ?? null,
      args: (node.arguments ?? []).map(({ name, value }) => ({
        kind: 'Literal' as const,
        name: name.value,
        value: valueFromASTUntyped(value),
      })),
      storageKey: null,
    };
    if (!field || !isCompositeType(type) || !node.selectionSet) return { kind: 'ScalarField', ...common };
    return {
      kind: 'LinkedField',
      ...common,
      concreteType: null,
      plural: isListType(getNullableType(field.type)),
      selections: selectionsOf(schema, node.selectionSet, type),
    };
  });
