/** Validates a document against the limits and the schema, in time proportional to its text. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoFragmentCyclesRule,
  NoSchemaIntrospectionCustomRule,
  type Source,
  type SourceLocation,
  specifiedRules,
  validate,
} from 'graphql';
import type { DocumentCheck } from '../limits/document-limits.ts';
import { incrementalDirectives } from './incremental-directives.ts';
import { redactLiterals } from './redacted-validation.ts';
import { subscriptionRootRule } from './subscription-root-rule.ts';

/** An error of a document. It does not reference AST nodes, which would retain the whole document. */
export interface DocumentError {
  readonly message: string;
  readonly locations?: readonly SourceLocation[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface ValidationOptions {
  /** False: introspection is rejected, and errors contain no suggestions of names. */
  readonly introspection: boolean;
  /** Runs before the rules, so that oversized documents skip them: rules follow each spread of a fragment. */
  readonly check?: DocumentCheck | undefined;
}

/** Maximum length of an error message, in characters: a name in it may be as long as the document. */
const maxMessageLength = 1_000;

/** @returns A function that returns the errors of a document, 20 at most (5 without introspection); empty if it is valid. */
export function createValidation(schema: GraphQLSchema, { introspection, check }: ValidationOptions) {
  const rules = [
    ...specifiedRules.map(redactLiterals).map(subscriptionRootRule).map(incrementalDirectives),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const bounds = { maxErrors: introspection ? 20 : 5, hideSuggestions: !introspection };

  /** @param source The source the document was parsed from. */
  return (source: Source, document: DocumentNode): readonly DocumentError[] => {
    const excess = check?.(document);
    if (excess instanceof GraphQLError) return [toDocumentError(excess)];
    const applicable = excess === 'cyclic' ? [NoFragmentCyclesRule] : rules;
    const { body } = source;
    // graphql-js counts lines from the start of the document for each node of an error: a conflict among a few hundred
    // fields of a document with many lines took a second. Here lines are counted once.
    source.body = '';
    try {
      const errors = validate(schema, document, applicable, bounds);
      const locationOf = createLocator(body);
      return errors.map((error) => ({
        ...toDocumentError(error),
        ...(error.positions === undefined ? {} : { locations: error.positions.map(locationOf) }),
      }));
    } finally {
      source.body = body;
    }
  };
}

/** Copies the reported fields of an error, with a truncated message, so that its AST nodes can be collected. */
export function toDocumentError({ message, locations, extensions }: DocumentError): DocumentError {
  const text = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
  return { message: text, locations, extensions };
}

/** Returns a function from a position to its line and column, both counted from 1. Line starts are computed on first use. */
function createLocator(text: string): (position: number) => SourceLocation {
  let starts: number[] | undefined;
  return (position) => {
    starts ??= [0, ...Array.from(text.matchAll(/\r\n|[\n\r]/g), ({ 0: end, index }) => index + end.length)];
    let [line, after] = [0, starts.length];
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if ((starts[middle] ?? 0) <= position) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: position + 1 - (starts[line] ?? 0) };
  };
}
