/** Whether a document fits the limits and the schema, found in time proportional to its text. */
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
import type { DocumentCheck } from './document-limits.ts';
import { redactLiterals } from './redacted-validation.ts';
import { subscriptionRootRule } from './subscription-root-rule.ts';

/** An error of a document as clients read it, without the nodes, which would keep the whole document alive. */
export interface DocumentError {
  readonly message: string;
  readonly locations?: readonly SourceLocation[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface ValidationOptions {
  /** False: introspection is refused, and errors suggest no names. */
  readonly introspection: boolean;
  /** Looked at before any rule: rules follow fragments wherever they are spread. */
  readonly check?: DocumentCheck | undefined;
}

/** Most characters of an error: a name in it may be as long as the document. */
const longestMessage = 1_000;

/** @returns All that is wrong, up to a bound; empty for a valid document. */
export function createValidation(schema: GraphQLSchema, { introspection, check }: ValidationOptions) {
  const rules = [
    ...specifiedRules.map(redactLiterals).map(subscriptionRootRule),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const bounds = { maxErrors: introspection ? 20 : 5, hideSuggestions: !introspection };

  /** @param source What the document was parsed from. */
  return (source: Source, document: DocumentNode): readonly DocumentError[] => {
    const excess = check?.(document);
    if (excess instanceof GraphQLError) return [shortened(excess)];
    const wanted = excess === 'cyclic' ? [NoFragmentCyclesRule] : rules;
    const { body } = source;
    // graphql-js counts the lines before each node an error names, from the first on: a conflict among a few hundred fields
    // of a document of many lines took a second. Here lines are counted once.
    source.body = '';
    try {
      const errors = validate(schema, document, wanted, bounds);
      const place = placesIn(body);
      return errors.map((error) => ({
        ...shortened(error),
        ...(error.positions === undefined ? {} : { locations: error.positions.map(place) }),
      }));
    } finally {
      source.body = body;
    }
  };
}

/** What is told of an error, and nothing that keeps more alive. */
export function shortened({ message, locations, extensions }: DocumentError): DocumentError {
  const text = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
  return { message: text, locations, extensions };
}

/** Line and column of a position, both counted from 1. */
function placesIn(text: string): (position: number) => SourceLocation {
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
