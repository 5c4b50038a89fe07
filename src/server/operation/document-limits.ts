/** How large a document may be. Counted on what would be executed: a fragment counts wherever it is spread. */
import { type ASTNode, type DocumentNode, GraphQLError } from 'graphql';
import { DocumentSize, type Size } from './document-size.ts';

export interface DocumentLimits {
  /** Levels of fields. */
  readonly maxDepth: number;
  readonly maxFields: number;
  /** Fields under another name, `__typename` included; and, counted apart, fields asked for again in one selection. */
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRootFields: number;
  /** Comparisons of fields with one another, and with fragments, that tell whether they can be merged; of the document. */
  readonly maxFieldComparisons: number;
}

/**
 * Looks at a document before anything follows its fragments, in time proportional to its text and to what it may hold.
 * @returns Why it is refused; `cyclic` when fragments spread themselves, so that no rule but that about cycles may be run.
 */
export type DocumentCheck = (document: DocumentNode) => GraphQLError | 'cyclic' | undefined;

/** What each count is called in the refusal. */
const words = {
  depth: ['maxDepth', 'levels of fields'],
  fields: ['maxFields', 'fields'],
  aliases: ['maxAliases', 'aliases'],
  repeats: ['maxAliases', 'repeated fields'],
  directives: ['maxDirectives', 'directives'],
} as const satisfies Partial<Record<keyof Size, readonly [keyof DocumentLimits, string]>>;

/** Levels of fields and fragments in one another: whatever follows them calls itself for each, and a stack has an end. */
const maxNesting = 200;
/** A document may hold several operations, and spreads that lead to no field. */
const stepsPerField = 10;

export function createDocumentCheck(limits: DocumentLimits): DocumentCheck {
  const maxSteps = stepsPerField * limits.maxFields;

  return (document) => {
    const size = new DocumentSize(document);
    let steps = 0;
    for (const operation of size.operations) {
      const count = size.sizeOf(operation);
      steps += count.steps;
      if (count.nesting > maxNesting) return tooComplex('levels of fields and fragments', maxNesting, operation);
      for (const [name, [limit, word]] of Object.entries(words)) {
        if (count[name as keyof Size] > limits[limit]) return tooComplex(word, limits[limit], operation); // a key of `words`
      }
    }
    const roots = size.roots();
    for (const root of roots) if (root.kind === 'FragmentDefinition') steps += size.sizeOfFragment(root).steps;
    if (steps > maxSteps) return tooComplex('fields and fragments, spread out', maxSteps, document);
    // Cycles among those that were counted only just now.
    if (size.isCyclic) return 'cyclic';
    for (const operation of size.operations) {
      if (size.rootNames(operation).size > limits.maxRootFields) {
        return tooComplex('root fields', limits.maxRootFields, operation);
      }
    }
    let comparisons = 0;
    for (const root of roots) {
      comparisons += size.comparisons(root, limits.maxFieldComparisons - comparisons);
      if (comparisons > limits.maxFieldComparisons) {
        return tooComplex('comparisons of fields and fragments', limits.maxFieldComparisons, root);
      }
    }
    return undefined;
  };
}

function tooComplex(count: string, limit: number, node: ASTNode): GraphQLError {
  return new GraphQLError(`The operation has more than ${limit} ${count}.`, {
    nodes: node,
    extensions: { code: 'OPERATION_TOO_COMPLEX' },
  });
}
