import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/**
 * Whether a field's selection contains only these fields. Fields that a directive skips count as selected, and so do
 * those of a fragment on another type.
 */
export const selectsOnly = (info: GraphQLResolveInfo, fields: readonly string[]): boolean =>
  info.fieldNodes.every(({ selectionSet }) => !selectionSet || allAmong(selectionSet, info, fields));

const allAmong = (
  { selections }: SelectionSetNode,
  info: GraphQLResolveInfo,
  fields: readonly string[],
): boolean =>
  selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return fields.includes(selection.name.value);
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : info.fragments[selection.name.value]?.selectionSet;
    return !inner || allAmong(inner, info, fields);
  });

/**
 * Whether the selection at this path below a field contains any of these fields. Fields that a directive skips count
 * as selected, and so do those of a fragment on another type.
 */
export const selectsAny = (
  info: GraphQLResolveInfo,
  path: readonly string[],
  fields: readonly string[],
): boolean =>
  info.fieldNodes.some(({ selectionSet }) => selectionSet && anyAmong(selectionSet, info, path, fields));

const anyAmong = (
  { selections }: SelectionSetNode,
  info: GraphQLResolveInfo,
  path: readonly string[],
  fields: readonly string[],
): boolean =>
  selections.some((selection) => {
    if (selection.kind === Kind.FIELD) {
      const [first, ...rest] = path;
      if (first === undefined) return fields.includes(selection.name.value);
      const inner = selection.name.value === first ? selection.selectionSet : undefined;
      return inner !== undefined && anyAmong(inner, info, rest, fields);
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : info.fragments[selection.name.value]?.selectionSet;
    return inner !== undefined && anyAmong(inner, info, path, fields);
  });
