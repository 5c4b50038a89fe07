/** `@skip` and `@include` for code other than the executor that reads selections. */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Whether the executor resolves this selection. A null condition counts as not met: the executor then fails the whole
 * selection set and resolves nothing in it.
 */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  try {
    return (
      getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false
    );
  } catch {
    return false;
  }
}

/**
 * Whether any of these selections has a condition on a variable. Fragment spreads are not followed, so the time is linear
 * in the document's text when each fragment's selections are passed once.
 */
export function isConditionalOnVariables(sets: readonly SelectionSetNode[]): boolean {
  return sets.some(({ selections }) =>
    selections.some((selection) => {
      const { directives } = selection;
      if (directives?.some(({ arguments: values }) => values?.some(({ value }) => value.kind === Kind.VARIABLE)))
        return true;
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? undefined : selection.selectionSet;
      return inner !== undefined && isConditionalOnVariables([inner]);
    }),
  );
}
