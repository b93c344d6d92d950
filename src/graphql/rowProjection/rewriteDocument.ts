import {
  GraphQLNonNull,
  GraphQLScalarType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ImageModel } from '../models/image.js';
import { Json } from './rawJson.js';
import { RowText, type RowFields } from './rowSerializer.js';

/**
 * Lists of images in plain fields, the most of what is asked, are 16 fields a row that need no resolver: going
 * through them one by one costs graphql-js more than all the rest. Here such a list becomes one field of a
 * scalar type whose value is the rows themselves, as JSON. (ADR 7)
 *
 * These fields have names that no document can hold, and lists of fields do not show them: to clients, to
 * validation and to introspection they are not there.
 */
const NODES_AS_ROWS = 'nodes as rows';
const NODE_AS_ROW = 'node as a row';

const ROWS = new GraphQLNonNull(new GraphQLScalarType({ name: 'ImageRows' }));

/** Adds to a schema what documents `withRows` ask for. */
export function addRows(schema: GraphQLSchema): void {
  addHidden<{ nodes: ImageModel[] }>(
    schema,
    'ImageConnection',
    NODES_AS_ROWS,
    ({ nodes }, _, __, info) => new Json(textFor(info.fieldNodes).ofAll(nodes)),
  );
  addHidden<{ node: ImageModel }>(
    schema,
    'ImageEdge',
    NODE_AS_ROW,
    ({ node }, _, __, info) => new Json([textFor(info.fieldNodes).of(node)]),
  );
}

function addHidden<S>(
  schema: GraphQLSchema,
  typeName: string,
  name: string,
  resolve: GraphQLFieldResolver<S, unknown>,
): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`The schema has no ${typeName}`);
  const field = { name, type: ROWS, args: [], resolve, extensions: {} };
  Object.defineProperty(type.getFields(), name, { value: field, enumerable: false });
}

/** The fields of an image that are there already, each with its type's value. */
const PLAIN_FIELDS = new Set<keyof ImageModel | '__typename'>([
  '__typename',
  'id',
  'label',
  'description',
  'created',
  'updated',
  'createdBy',
  'isPublic',
  'deprecated',
  'size',
  'type',
  'status',
  'capabilities',
  'vendor',
  'expiry',
  'eol',
  'uploadExpiresAt',
]);

/** A selection that was taken as rows, with what writes them. */
interface RowsNode extends FieldNode {
  readonly text: RowText;
}

const textFor = ([node]: readonly FieldNode[]): RowText => (node as RowsNode).text;

const REWRITTEN = Symbol('with rows');
const HAS_ROWS = Symbol('has rows');

/** A WeakMap would keep each document, and all that hangs on it, until the old generation is collected. (ADR 14) */
interface Remembering extends DocumentNode {
  /** Itself where nothing had to be changed, or was changed already. */
  [REWRITTEN]?: DocumentNode;
  [HAS_ROWS]?: true;
}

/**
 * The document with such lists taken as rows, for a schema that `addRows` has seen; the same document where there
 * are none, or where fields of one name meet and would have to be merged.
 */
export const withRows = (document: Remembering): DocumentNode => (document[REWRITTEN] ??= rewrite(document));

/** Whether it is such a document, with lists taken as rows. */
export const hasRows = (document: Remembering): boolean => document[HAS_ROWS] === true;

function rewrite(document: Remembering): Remembering {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.QUERY
      ? inOperation(definition, fragments)
      : definition,
  );
  const isSame = definitions.every((definition, i) => definition === document.definitions[i]);
  return isSame ? document : { ...document, definitions, [HAS_ROWS]: true };
}

type Fragment = FragmentDefinitionNode | InlineFragmentNode;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const inOperation = (operation: OperationDefinitionNode, fragments: Fragments): OperationDefinitionNode =>
  inFields(operation, (field) =>
    field.name.value === 'images' ? inFields(field, (inner) => inConnection(inner, fragments)) : field,
  );

function inConnection(field: FieldNode, fragments: Fragments): FieldNode {
  if (field.name.value === 'nodes') return asRows(field, NODES_AS_ROWS, fragments);
  if (field.name.value !== 'edges') return field;
  return inFields(field, (inner) =>
    inner.name.value === 'node' ? asRows(inner, NODE_AS_ROW, fragments) : inner,
  );
}

/** Changes the fields right below, where they are fields all, and no two would be merged. */
function inFields<N extends { selectionSet?: SelectionSetNode | undefined }>(
  node: N,
  change: (field: FieldNode) => FieldNode,
): N {
  const { selectionSet } = node;
  if (!selectionSet) return node;
  const fields = selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
  const keys = new Set(fields.map(keyOf));
  if (keys.size < selectionSet.selections.length) return node;
  const selections = fields.map(change);
  const isSame = selections.every((selection, i) => selection === fields[i]);
  return isSame ? node : { ...node, selectionSet: { ...selectionSet, selections } };
}

function asRows(field: FieldNode, name: string, fragments: Fragments): FieldNode {
  const row = new Row(fragments);
  const isPlain = row.add(field.selectionSet?.selections ?? []);
  if (!isPlain || field.directives?.length) return field;
  const taken: RowsNode = {
    kind: Kind.FIELD,
    ...(field.loc && { loc: field.loc }),
    alias: { kind: Kind.NAME, value: keyOf(field) },
    name: { kind: Kind.NAME, value: name },
    text: new RowText(row.fields),
  };
  return taken;
}

/** What a list shows of each image. */
class Row {
  readonly #fields = new Map<string, keyof ImageModel>();
  /** Spread again, a fragment shows nothing more; to go through it each time could take for ever. */
  readonly #spread = new Set<string>();

  constructor(private readonly fragments: Fragments) {}

  get fields(): RowFields {
    return [...this.#fields];
  }

  /** Adds what these selections show; false when a resolver or a directive has a say in it. */
  add(selections: readonly SelectionNode[]): boolean {
    return selections.every((selection) => {
      if (selection.directives?.length) return false;
      if (selection.kind === Kind.FIELD) return this.#addField(keyOf(selection), selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.#addFragment(selection);
      const name = selection.name.value;
      if (this.#spread.has(name)) return true;
      this.#spread.add(name);
      const fragment = this.fragments.get(name);
      return fragment !== undefined && this.#addFragment(fragment);
    });
  }

  #addField(key: string, field: string): boolean {
    // A key of this name would set a row's prototype.
    if (!isPlainField(field) || key === '__proto__') return false;
    if (!this.#fields.has(key)) this.#fields.set(key, field);
    return true;
  }

  #addFragment({ typeCondition, directives, selectionSet }: Fragment): boolean {
    const type = typeCondition?.name.value ?? 'Image';
    return type === 'Image' && !directives?.length && this.add(selectionSet.selections);
  }
}

const isPlainField = (name: string): name is keyof ImageModel => (PLAIN_FIELDS as Set<string>).has(name);

const keyOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;
