/** Texts of a document that must not come near the compiler of operations. */
import { type ASTNode, type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/**
 * How the marks begin that graphql-jit 0.8.9 writes for dates, infinities and the like among the literals of an operation,
 * and then looks for in all of them to put code in their place: a literal of that form would be run.
 */
const mark = '__MAGIC_';

/** Refuses literals that hold such a mark. Variables are never compiled and may hold anything. */
export function literalsRule(context: ValidationContext): ASTVisitor {
  const look = (text: string, node: ASTNode): void => {
    if (!text.includes(mark)) return;
    context.reportError(new GraphQLError('This text has to be sent as a variable.', { nodes: node }));
  };
  return {
    StringValue: (node) => look(node.value, node),
    EnumValue: (node) => look(node.value, node),
    ObjectField: (node) => look(node.name.value, node.name),
  };
}
