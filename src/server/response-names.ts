/** Names an answer's members must not have. */
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** What every JavaScript object has already, such as `constructor` and `__proto__`. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Refuses aliases that every object answers to anyway: the compiled operation looks names up in plain objects, would find
 * what is inherited there, and fail (graphql-jit 0.8.9). The schema itself has no such names.
 */
export function responseNamesRule(context: ValidationContext): ASTVisitor {
  return {
    Field({ alias }) {
      if (alias === undefined || !inherited.has(alias.value)) return;
      context.reportError(new GraphQLError(`"${alias.value}" cannot be an alias here.`, { nodes: alias }));
    },
  };
}
