import {
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { PlainFields } from './plainFields.js';
import type { Row, RowField } from './rowSerializer.js';

/** The names of the fields that stand for `nodes` and for `node` of an edge. */
export interface HiddenFields {
  nodes: string;
  node: string;
}

/** A field that is selected as rows, with what to write of each. */
interface RowsNode extends FieldNode {
  readonly row: Row;
}

/** What a hidden field's resolver writes: its node is never merged with another. */
export const rowOf = ([node]: readonly FieldNode[]): Row => (node as RowsNode).row;

/**
 * A valid document with `nodes` and `edges { node }` of `images` selected by the hidden fields, where only plain
 * fields of the image are selected; the same document where there are none.
 */
export function projectRows(
  document: DocumentNode,
  plainFields: PlainFields,
  hidden: HiddenFields,
): DocumentNode {
  const definitions = new DocumentRewriter(document, plainFields, hidden).definitions();
  const isSame = definitions.every((definition, i) => definition === document.definitions[i]);
  return isSame ? document : { ...document, definitions };
}

class DocumentRewriter {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly document: DocumentNode,
    private readonly plainFields: PlainFields,
    private readonly hidden: HiddenFields,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  definitions(): DocumentNode['definitions'] {
    return this.document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.QUERY
        ? this.#inOperation(definition)
        : definition,
    );
  }

  #inOperation(operation: OperationDefinitionNode): OperationDefinitionNode {
    return inFields(operation, (field) =>
      field.name.value === 'images' ? inFields(field, (inner) => this.#inConnection(inner)) : field,
    );
  }

  #inConnection(field: FieldNode): FieldNode {
    if (field.name.value === 'nodes') return this.#asRows(field, this.hidden.nodes);
    if (field.name.value !== 'edges') return field;
    return inFields(field, (inner) =>
      inner.name.value === 'node' ? this.#asRows(inner, this.hidden.node) : inner,
    );
  }

  #asRows(field: FieldNode, name: string): FieldNode {
    const row = field.directives?.length
      ? undefined
      : new RowSelection(this.#fragments, this.plainFields).row(field);
    if (!row) return field;
    const node: RowsNode = {
      kind: Kind.FIELD,
      ...(field.loc && { loc: field.loc }),
      alias: { kind: Kind.NAME, value: keyOf(field) },
      name: { kind: Kind.NAME, value: name },
      row,
    };
    return node;
  }
}

/** Changes the fields right below, where all selections are fields and no two would be merged. */
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

/** Collects what is selected of each object of a field. */
class RowSelection {
  readonly #fields = new Map<string, RowField>();
  /** A fragment spread again adds nothing; visiting it each time could take exponential time. */
  readonly #spread = new Set<string>();

  constructor(
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly plainFields: PlainFields,
  ) {}

  /** Undefined where a resolver or a directive has a say in the selection. */
  row({ selectionSet }: FieldNode): Row | undefined {
    if (!this.#addAll(selectionSet?.selections ?? [])) return undefined;
    return { typeName: this.plainFields.typeName, fields: [...this.#fields.values()] };
  }

  #addAll(selections: readonly SelectionNode[]): boolean {
    return selections.every((selection) => !selection.directives?.length && this.#add(selection));
  }

  #add(selection: SelectionNode): boolean {
    if (selection.kind === Kind.FIELD) return this.#addField(selection);
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.#addFragment(selection);
    const name = selection.name.value;
    if (this.#spread.has(name)) return true;
    this.#spread.add(name);
    const fragment = this.fragments.get(name);
    return fragment !== undefined && !fragment.directives?.length && this.#addFragment(fragment);
  }

  #addFragment({ typeCondition, selectionSet }: Fragment): boolean {
    const isOfType = !typeCondition || typeCondition.name.value === this.plainFields.typeName;
    return isOfType && this.#addAll(selectionSet.selections);
  }

  #addField(node: FieldNode): boolean {
    const key = keyOf(node);
    const name = node.name.value;
    const inner = name === '__typename' ? null : this.plainFields.fields.get(name);
    // A key of this name would set a row's prototype.
    if (inner === undefined || key === '__proto__') return false;
    if (inner === null) {
      if (!this.#fields.has(key)) this.#fields.set(key, { key, name, fields: null });
      return true;
    }
    // Two selections on one object would have to be merged.
    const fields = this.#fields.has(key) ? undefined : new RowSelection(this.fragments, inner).row(node);
    if (fields) this.#fields.set(key, { key, name, fields });
    return fields !== undefined;
  }
}

type Fragment = Pick<FragmentDefinitionNode, 'selectionSet'> & {
  readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined;
};

const keyOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;
