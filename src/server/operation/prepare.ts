/**
 * From a query's text to something that can be run: parsed, validated, held against the limits, compiled. Done once for
 * each text and kept, since front ends send the same few hundred operations for ever.
 */

import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  Source,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { weightOfJson } from '../held-bytes.ts';
import { shortKey } from '../short-key.ts';
import { costOf } from './cost.ts';
import type { OperationCost } from './cost-expression.ts';
import { needsCredential } from './credential-need.ts';
import type { DocumentCheck } from './document-limits.ts';
import { createExecute, type Execute } from './executor.ts';
import { applyVariableDefaults } from './jit-compatibility.ts';
import { estimateBytes } from './operation-size.ts';
import { createValidation, type DocumentError, shortened } from './validation.ts';

/** An operation ready to run. */
export interface Prepared {
  /** Tells it from every other prepared operation of this process. */
  readonly id: number;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /**
   * Made, which may mean compiled, when it is first run, which for a subscription is its first event: nobody has that done,
   * at a thousand times the cost of asking, by a credential that is none.
   */
  readonly execute: Execute;
  /** Upstream calls it may cause, with the variables a client sent. */
  readonly cost: OperationCost;
  /** False when it selects nothing that needs a credential: signing in, or the schema itself. */
  needsCredential(variables: Readonly<Record<string, unknown>>): boolean;
}

/** Why a text cannot be run; `code` is GraphQL's own kind of failure. */
export interface InvalidOperation {
  readonly code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'OPERATION_RESOLUTION_FAILURE';
  readonly errors: readonly DocumentError[];
}

export interface PrepareOptions {
  readonly introspection: boolean;
  /** Most bytes the prepared operations may take that are kept; see `estimateBytes`. */
  readonly cacheBytes: number;
  /** Longest text of a document. */
  readonly maxCharacters: number;
  /** Most lexical tokens in a document. */
  readonly maxTokens: number;
  /** See `ValidationOptions.check`. */
  readonly check?: DocumentCheck | undefined;
}

/** Does the work of preparing, or throws because it may not be done now. */
export type Spend = (work: () => Prepared | InvalidOperation) => Prepared | InvalidOperation;

/** @param spend Asked for what is not kept prepared; what is kept, refusals among it, is given in any case. */
export type Prepare = (source: string, operationName: string | undefined, spend?: Spend) => Prepared | InvalidOperation;

/** Of the memory for prepared operations, the part that refusals may take beside it. */
const refusalsPart = 16;

const atOnce: Spend = (work) => work();

export function isInvalid(outcome: Prepared | InvalidOperation): outcome is InvalidOperation {
  return 'errors' in outcome;
}

export function createPrepare(schema: GraphQLSchema, options: PrepareOptions): Prepare {
  // With 1, nothing fits: the library takes no 0.
  const cache = new LRUCache<string, Prepared>({ maxSize: Math.max(1, options.cacheBytes) });
  // A refused text may come again and again too, and costs as much to look at as any.
  const refusals = new LRUCache<string, InvalidOperation>({
    maxSize: Math.max(1, Math.floor(options.cacheBytes / refusalsPart)),
  });
  const validate = createValidation(schema, options);

  let lastId = 0;

  function prepare(text: string, operationName: string | undefined): Prepared | InvalidOperation {
    const source = new Source(text);
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: options.maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError)
        return { code: 'GRAPHQL_PARSE_FAILED', errors: [parseFailure(error, options.maxTokens)] };
      throw error;
    }
    const errors = validate(source, document);
    if (errors.length > 0) return { code: 'GRAPHQL_VALIDATION_FAILED', errors };
    const operation = getOperationAST(document, operationName);
    if (operation == null) {
      return {
        code: 'OPERATION_RESOLUTION_FAILURE',
        errors: [new GraphQLError('operationName: expected the name of an operation in the document.')],
      };
    }
    lastId += 1;
    let execute: Execute | undefined;
    const complete = applyVariableDefaults(schema, operation);
    const cost = costOf(schema, document, operation);
    const needs = needsCredential(schema, document, operation);
    return {
      id: lastId,
      document,
      operation,
      get execute() {
        execute ??= createExecute(schema, document, operation);
        return execute;
      },
      cost: typeof cost === 'number' ? cost : (variables) => cost(complete(variables)),
      needsCredential: (variables) => needs(complete(variables)),
    };
  }

  return (source, operationName, spend = atOnce) => {
    if (source.length > options.maxCharacters) return tooLong(options.maxCharacters);
    const key = operationName === undefined ? source : `${operationName}\n${source}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const name = shortKey(key);
    const refused = refusals.get(name);
    if (refused !== undefined) return refused;
    const outcome = spend(() => withinStack(() => prepare(source, operationName)));
    if (isInvalid(outcome)) {
      const { code } = outcome;
      const errors = outcome.errors.map(shortened);
      refusals.set(name, { code, errors }, { size: weightOfJson({ name, code, errors }) });
    } else {
      cache.set(key, outcome, { size: estimateBytes(schema, key, outcome.document, outcome.operation) });
    }
    return outcome;
  };
}

function tooLong(limit: number): InvalidOperation {
  const error = new GraphQLError(`The operation has more than ${limit} characters.`, {
    extensions: { code: 'OPERATION_TOO_COMPLEX' },
  });
  return { code: 'GRAPHQL_PARSE_FAILED', errors: [error] };
}

/** Parser and rules call themselves for each level of whatever nests: where many tokens are allowed, the stack ends before they do. */
function withinStack(work: () => Prepared | InvalidOperation): Prepared | InvalidOperation {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const extensions = { code: 'OPERATION_TOO_COMPLEX' };
    return {
      code: 'GRAPHQL_PARSE_FAILED',
      errors: [new GraphQLError('The operation is nested too deeply.', { extensions })],
    };
  }
}

/** A syntax error quotes the text around it, which may hold a value; its place says enough. */
function parseFailure(error: GraphQLError, maxTokens: number): GraphQLError {
  if (error.message.includes('tokens. Parsing aborted')) {
    return new GraphQLError(`The operation has more than ${maxTokens} tokens.`, {
      extensions: { code: 'OPERATION_TOO_COMPLEX' },
    });
  }
  const [place] = error.locations ?? [];
  return new GraphQLError(`Syntax error at line ${place?.line ?? 1}, column ${place?.column ?? 1}.`, {
    source: error.source,
    positions: error.positions,
  });
}
