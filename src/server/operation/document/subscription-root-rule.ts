/** Rejects conditional root fields of subscriptions (GraphQL, "Single Root Field"): a skipped root field has no event source. */
import {
  type ASTVisitor,
  GraphQLError,
  getEnterLeaveForKind,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * Wraps the specified rule about a subscription's root field and rejects `@skip` and `@include` there before it runs:
 * graphql-js 16.15 evaluates these directives during validation, without variables, and throws.
 */
export function subscriptionRootRule(rule: ValidationRule): ValidationRule {
  if (rule !== SingleFieldSubscriptionsRule) return rule;
  return (context: ValidationContext): ASTVisitor => {
    const inner = rule(context);
    const { enter } = getEnterLeaveForKind(inner, Kind.OPERATION_DEFINITION);
    return {
      OperationDefinition(node: OperationDefinitionNode, ...rest) {
        const conditional =
          node.operation === 'subscription' ? conditionalIn(node.selectionSet, context, new Set()) : undefined;
        if (conditional === undefined) return enter?.call(inner, node, ...rest);
        const message =
          'The root field of a subscription cannot be conditional: "@skip" and "@include" are not allowed.';
        context.reportError(new GraphQLError(message, { nodes: conditional }));
        return undefined;
      },
    };
  };
}

/** @param visited Names of the fragments visited so far. */
function conditionalIn(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  visited: Set<string>,
): SelectionNode | undefined {
  for (const selection of selections) {
    const isConditional = selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include');
    if (isConditional === true) return selection;
    if (selection.kind === Kind.FIELD) continue;
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : unvisited(selection.name.value);
    const found = inner && conditionalIn(inner, context, visited);
    if (found !== undefined) return found;
  }
  return undefined;

  function unvisited(name: string): SelectionSetNode | undefined {
    if (visited.has(name)) return undefined;
    visited.add(name);
    return context.getFragment(name)?.selectionSet;
  }
}
