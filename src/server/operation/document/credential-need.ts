/** Which operations run without a credential: those that select only anonymous fields. */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from '../../../schema/conditions.ts';
import { fragmentsIn } from './document-fragments.ts';

/**
 * Whether an operation needs a credential, given the variables of a request. Evaluates `@skip` and `@include`, because
 * skipped fields do not run. Time is linear in the document's text.
 */
export function needsCredential(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Readonly<Record<string, unknown>>) => boolean {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const fragments = fragmentsIn(document);
  return (variables) => {
    const visited = new Set<string>();
    const needs = ({ selections }: SelectionSetNode): boolean =>
      selections.some((selection) => {
        if (!isIncluded(selection, variables)) return false;
        if (selection.kind === Kind.FIELD) {
          const { value } = selection.name;
          return !value.startsWith('__') && fields[value]?.extensions.anonymous !== true;
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) return needs(selection.selectionSet);
        const { value } = selection.name;
        if (visited.has(value)) return false;
        visited.add(value);
        const fragment = fragments[value];
        return fragment !== undefined && needs(fragment.selectionSet);
      });
    return needs(operation.selectionSet);
  };
}
