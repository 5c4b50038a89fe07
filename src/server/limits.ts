/** How large a document may be. Counted on what would be executed: a fragment counts wherever it is spread. */
import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface DocumentLimits {
  /** Levels of fields. */
  readonly maxDepth: number;
  readonly maxFields: number;
  /** Fields under another name, `__typename` included; and, counted apart, fields asked for again in one selection. */
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRootFields: number;
}

interface Count {
  depth: number;
  fields: number;
  aliases: number;
  repeats: number;
  directives: number;
}

/** What each count is called in the refusal. */
const words = {
  depth: ['maxDepth', 'levels of fields'],
  fields: ['maxFields', 'fields'],
  aliases: ['maxAliases', 'aliases'],
  repeats: ['maxAliases', 'repeated fields'],
  directives: ['maxDirectives', 'directives'],
} as const satisfies Record<keyof Count, readonly [keyof DocumentLimits, string]>;

function tooComplex(count: string, limit: number, node: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(`The operation has more than ${limit} ${count}.`, {
    nodes: node,
    extensions: { code: 'OPERATION_TOO_COMPLEX' },
  });
}

export function createLimitsRule(limits: DocumentLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const directives = operation.directives?.length ?? 0;
      const count: Count = { depth: 0, fields: 0, aliases: 0, repeats: 0, directives };
      const rootFields = new Set<string>();
      const exceeded = () =>
        Object.entries(words).find(([name, [limit]]) => count[name as keyof Count] > limits[limit])?.[1]; // keys of `words`
      walk(operation.selectionSet, 1, []);
      const [limit, word] = exceeded() ?? [];
      if (limit !== undefined && word !== undefined) context.reportError(tooComplex(word, limits[limit], operation));
      else if (rootFields.size > limits.maxRootFields) {
        context.reportError(tooComplex('root fields', limits.maxRootFields, operation));
      }

      function visitField(field: FieldNode, depth: number, within: readonly string[]): void {
        count.fields += 1;
        if (field.alias !== undefined) count.aliases += 1;
        count.directives += field.directives?.length ?? 0;
        if (depth === 1) rootFields.add(field.alias?.value ?? field.name.value);
        // The schema about itself is deep by nature; graphql-js bounds that by a rule of its own.
        if (depth === 1 && field.name.value.startsWith('__')) return;
        count.depth = Math.max(count.depth, depth);
        if (field.selectionSet !== undefined) walk(field.selectionSet, depth + 1, within);
      }

      /** @param within Fragments around this place; one inside itself is another rule's concern. */
      function walk(set: SelectionSetNode, depth: number, within: readonly string[]): void {
        const keys = new Set<string>();
        for (const selection of set.selections) {
          // Fragments in fragments multiply: stop at the first count that is over.
          if (exceeded() !== undefined) return;
          if (selection.kind === Kind.FIELD) {
            const key = selection.alias?.value ?? selection.name.value;
            if (keys.has(key)) count.repeats += 1;
            keys.add(key);
            visitField(selection, depth, within);
            continue;
          }
          count.directives += selection.directives?.length ?? 0;
          if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, depth, within);
          else if (!within.includes(selection.name.value)) {
            const fragment = context.getFragment(selection.name.value);
            if (fragment != null) walk(fragment.selectionSet, depth, [...within, selection.name.value]);
          }
        }
      }
    },
  });
}
