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
