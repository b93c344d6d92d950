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

/** What a list that can't be paged is taken to hold. */
const UNPAGED_SIZE = 10;
/** Each value of a filter is held against a whole collection. */
const FILTER_VALUE_COST = 10;

type Variables = Readonly<Record<string, unknown>>;

/**
 * How many objects the answer to a valid operation could hold at most, plus 10 for each value of a filter. A
 * page counts as large as it is asked to be, by a literal or by a variable; `nodes(ids:)` by its IDs.
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
  /** By fragment and page size: however often it is spread, it is reckoned once. */
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

  /** `pageSize`: of the connection whose fields these are, if they are one's. */
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
    const before = this.#known.get(key);
    if (before !== undefined) return before;
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
    const count = !isList ? 1 : (args.listLength('ids') ?? ownPageSize ?? pageSize ?? UNPAGED_SIZE);
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

/** A field's arguments as they will be, wherever their values come from. */
class Arguments {
  constructor(
    private readonly node: FieldNode,
    private readonly variables: Variables,
  ) {}

  /** A size out of bounds is refused when the field runs, by its own error. */
  pageSize(): number {
    const sizes = [this.#value('first'), this.#value('last')].filter((size) => typeof size === 'number');
    const size = sizes.length > 0 ? Math.max(...sizes) : DEFAULT_PAGE_SIZE;
    return Math.min(Math.max(size, 0), MAX_PAGE_SIZE);
  }

  /** Undefined when the argument is not given; a single value stands for a list of one. */
  listLength(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value.length : 1;
  }

  /** The single values within an argument. */
  countValues(name: string): number {
    return countLeaves(this.#value(name));
  }

  #value(name: string): unknown {
    const argument = this.node.arguments?.find((given) => given.name.value === name);
    return argument && toValue(argument.value, this.variables);
  }
}

/** A literal with its variables filled in; enumerations and numbers too large to be exact do not matter here. */
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

/** Of literals and variables whose depth was bounded before. */
function countLeaves(value: unknown): number {
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
