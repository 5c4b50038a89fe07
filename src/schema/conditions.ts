/** `@skip` and `@include`, as everything that reads a selection beside the executor has to see them. */
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
 * Whether the executor looks at this selection. A condition that is null counts as not met: the executor then fails the
 * whole selection set, so nothing in it is resolved.
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
 * Whether variables say what of these selections is skipped. Linear in the document's text when each fragment's selections are
 * given once: spreads are not followed.
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
