import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../connections/connection.js';

/** The assumed length of a list without page arguments. */
const UNPAGED_SIZE = 10;
/** Each value of a filter is compared with a whole collection. */
const FILTER_VALUE_COST = 10;

type Variables = Readonly<Record<string, unknown>>;

/**
 * The maximum number of objects in the response to a valid operation, plus 10 for each value of a filter. A page
 * counts with the requested size, from a literal or a variable; `nodes(ids:)` and `_entities(representations:)` with the
 * number of them.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  return new Meter(schema, document, withDefaults(operation, variables)).ofSet(operation.selectionSet, root);
}

class Meter {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** By fragment and page size: each fragment is computed once, however often it is spread. */
  readonly #known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  /** @param pageSize of the connection that the selections belong to, if any */
  ofSet({ selections }: SelectionSetNode, type: GraphQLCompositeType, pageSize?: number): number {
    return selections.reduce((sum, selection) => sum + this.#ofSelection(selection, type, pageSize), 0);
  }

  #ofSelection(selection: SelectionNode, type: GraphQLCompositeType, pageSize?: number): number {
    if (selection.kind === Kind.FIELD) return this.#ofField(selection, type, pageSize);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const narrowed = this.#compositeType(selection.typeCondition?.name.value) ?? type;
      return this.ofSet(selection.selectionSet, narrowed, pageSize);
    }
    const name = selection.name.value;
    const key = `${name} ${pageSize ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name);
    const narrowed = this.#compositeType(fragment?.typeCondition.name.value);
    const cost = fragment && narrowed ? this.ofSet(fragment.selectionSet, narrowed, pageSize) : 0;
    this.#known.set(key, cost);
    return cost;
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, pageSize?: number): number {
    const field = this.#fieldOf(parent, node.name.value);
    if (!field) return 0;
    const args = new Arguments(node, this.variables);
    const filters = field.args
      .filter(({ type }) => isInputObjectType(getNamedType(type)))
      .reduce((sum, { name }) => sum + args.countValues(name) * FILTER_VALUE_COST, 0);
    const type = getNamedType(field.type);
    if (!isCompositeType(type) || !node.selectionSet) return filters;

    const isList = isListType(getNullableType(field.type));
    const ownPageSize = isPaged(field) ? args.pageSize() : undefined;
    const count = !isList
      ? 1
      : (args.listLength('ids') ??
        args.listLength('representations') ??
        ownPageSize ??
        pageSize ??
        UNPAGED_SIZE);
    return filters + count * (1 + this.ofSet(node.selectionSet, type, isList ? undefined : ownPageSize));
  }

  #fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }

  #compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isObjectType(type) || isAbstractType(type) ? type : undefined;
  }
}

const isPaged = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ name }) => name === 'first' || name === 'last');

/** The arguments of a field, from literals and variables. */
class Arguments {
  constructor(
    private readonly node: FieldNode,
    private readonly variables: Variables,
  ) {}

  /** The resolver rejects a size that is out of bounds. */
  pageSize(): number {
    const sizes = [this.#value('first'), this.#value('last')].filter((size) => typeof size === 'number');
    const size = sizes.length > 0 ? Math.max(...sizes) : DEFAULT_PAGE_SIZE;
    return Math.min(Math.max(size, 0), MAX_PAGE_SIZE);
  }

  /** Undefined if the argument is absent; a single value is a list of one. */
  listLength(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value.length : 1;
  }

  /** The number of leaf values in an argument. */
  countValues(name: string): number {
    return countLeaves(this.#value(name));
  }

  #value(name: string): unknown {
    const argument = this.node.arguments?.find((given) => given.name.value === name);
    return argument && toValue(argument.value, this.variables);
  }
}

/** A literal with its variables filled in, enum values as strings. */
function toValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((value) => toValue(value, variables));
    case Kind.OBJECT:
      return node.fields.map(({ value }) => toValue(value, variables));
    default:
      return node.value;
  }
}

/** The number of leaf values. Recursive: the depth of literals and variables is limited already. */
export function countLeaves(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, child) => sum + countLeaves(child), 0);
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, toValue(defaultValue, {})] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
