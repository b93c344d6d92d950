import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/**
 * Whether a field's selection names none but these fields. What a directive leaves out counts as asked for,
 * and so does what a fragment asks of another type.
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
