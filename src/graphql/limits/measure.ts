import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export interface Measures {
  /** Of the deepest operation, with fragments expanded. */
  depth: number;
  /** Of the whole document as written; a field selected again in the same place counts as one. */
  aliases: number;
  directives: number;
  /** Of the operation that has most, with fragments expanded and repetitions counted. */
  rootFields: number;
}

/** Measures a document before validation: fragments may be missing or cyclic. */
export function measure(document: DocumentNode): Measures {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  let aliases = 0;
  let directives = 0;
  visit(document, {
    SelectionSet: ({ selections }) => void (aliases += countAliases(selections)),
    Directive: () => void directives++,
  });
  const depthOf = depthMeter(fragments);
  return {
    depth: Math.max(0, ...operations.map(({ selectionSet }) => depthOf(selectionSet))),
    aliases,
    directives,
    rootFields: Math.max(0, ...operations.map(({ selectionSet }) => countFields(selectionSet, fragments))),
  };
}

function countAliases(selections: readonly SelectionNode[]): number {
  const plain = new Set<string>();
  let count = 0;
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.name.value;
    if (selection.alias || plain.has(name)) count++;
    else plain.add(name);
  }
  return count;
}

/** Measures each fragment once, however often it is spread; a cyclic spread counts 0. */
function depthMeter(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const known = new Map<string, number>();

  const ofSet = ({ selections }: SelectionSetNode): number =>
    selections.reduce((deepest, selection) => Math.max(deepest, ofSelection(selection)), 0);

  function ofSelection(selection: SelectionNode): number {
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (isIntrospection(selection.name.value)) return 1;
    return 1 + (selection.selectionSet ? ofSet(selection.selectionSet) : 0);
  }

  function ofFragment(name: string): number {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    known.set(name, 0);
    const fragment = fragments.get(name);
    const depth = fragment ? ofSet(fragment.selectionSet) : 0;
    known.set(name, depth);
    return depth;
  }

  return ofSet;
}

/** GraphiQL's introspection query is deep; graphql-js limits it. */
const isIntrospection = (name: string): boolean => name === '__schema' || name === '__type';

function countFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen = new Set<string>(),
): number {
  return selections.reduce((count, selection) => {
    if (selection.kind === Kind.FIELD) return count + 1;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return count + countFields(selection.selectionSet, fragments, seen);
    }
    const name = selection.name.value;
    const fragment = fragments.get(name);
    if (!fragment || seen.has(name)) return count;
    seen.add(name);
    return count + countFields(fragment.selectionSet, fragments, seen);
  }, 0);
}
