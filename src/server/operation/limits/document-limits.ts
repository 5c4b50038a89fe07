/** Limits on the size of a document. Counts are those of execution: a fragment counts at each of its spreads. */
import { type ASTNode, type DocumentNode, GraphQLError } from 'graphql';
import { DocumentSize, type Size } from './document-size.ts';

export interface DocumentLimits {
  /** Maximum number of levels of fields. */
  readonly maxDepth: number;
  readonly maxFields: number;
  /** Maximum number of aliased fields, `__typename` included; also, counted separately, of repeated fields of one selection. */
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRootFields: number;
  /** Maximum number of comparisons, per document, that decide whether fields and fragments can be merged. */
  readonly maxFieldComparisons: number;
}

/**
 * Checks a document before any rule follows its fragments, in time proportional to its text and to the limits.
 * @returns The error that rejects it; `cyclic` if fragments spread themselves: then only the rule about cycles may run.
 */
export type DocumentCheck = (document: DocumentNode) => GraphQLError | 'cyclic' | undefined;

/** For each count its limit, and its name in the error. */
const limitedCounts = {
  depth: ['maxDepth', 'levels of fields'],
  fields: ['maxFields', 'fields'],
  aliases: ['maxAliases', 'aliases'],
  repeats: ['maxAliases', 'repeated fields'],
  directives: ['maxDirectives', 'directives'],
} as const satisfies Partial<Record<keyof Size, readonly [keyof DocumentLimits, string]>>;

/** Maximum nesting of fields and fragments: the rules are recursive, and the stack is limited. */
const maxNesting = 200;
/** Steps exceed fields, because a document may contain several operations, and spreads without fields. */
const stepsPerField = 10;

/** Checks documents against the limits, in steps that are limited as well. */
export function createDocumentCheck(limits: DocumentLimits): DocumentCheck {
  const maxSteps = stepsPerField * limits.maxFields;

  return (document) => {
    const size = new DocumentSize(document);
    let steps = 0;
    for (const operation of size.operations) {
      const count = size.sizeOf(operation);
      steps += count.steps;
      if (count.nesting > maxNesting) return tooComplex('levels of fields and fragments', maxNesting, operation);
      for (const [name, [limit, label]] of Object.entries(limitedCounts)) {
        // `name` is a key of `limitedCounts`.
        if (count[name as keyof Size] > limits[limit]) return tooComplex(label, limits[limit], operation);
      }
    }
    const roots = size.roots();
    for (const root of roots) if (root.kind === 'FragmentDefinition') steps += size.sizeOfFragment(root).steps;
    if (steps > maxSteps) return tooComplex('fields and fragments with all spreads expanded', maxSteps, document);
    // After `sizeOfFragment`, which also finds cycles among fragments that no operation reaches.
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
