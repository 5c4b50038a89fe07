/** A subscription's root field is unconditional (GraphQL, "Single Root Field"): without it there would be no source of events. */
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
 * Wraps the one specified rule that looks at a subscription's root: what is conditional there is refused first. graphql-js
 * 16.15 evaluates the conditions in validation, without variables, and throws.
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

/** @param visited Names of fragments that were looked at already. */
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
