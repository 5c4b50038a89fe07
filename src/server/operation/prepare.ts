/**
 * Parses, validates and compiles the text of an operation and checks it against the limits. Results are cached by text:
 * front ends send the same few hundred operations again and again.
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
import { shortKey } from '../../util/hash.ts';
import { estimateJsonBytes } from '../memory-budget.ts';
import { Conditions } from './document/conditions.ts';
import { needsCredential } from './document/credential-need.ts';
import { redactedSyntaxError } from './document/syntax-error.ts';
import { createValidation, type DocumentError, toDocumentError } from './document/validation.ts';
import { applyVariableDefaults } from './document/variable-defaults.ts';
import { type VariableError, variableErrors } from './document/variable-errors.ts';
import { type Execute, Executor } from './executor.ts';
import { costOf } from './limits/cost.ts';
import { explainCost } from './limits/cost-explanation.ts';
import type { OperationCost } from './limits/cost-expression.ts';
import type { DocumentCheck } from './limits/document-limits.ts';
import { estimateBytes } from './limits/operation-size.ts';

/** An operation that is ready to run. */
export interface Prepared {
  /** Unique among the prepared operations of this process. */
  readonly id: number;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /**
   * Executes the operation; a subscription, for one event. Compiles it after `compileAfter` executions, never before one: an
   * unauthenticated client could otherwise trigger compilation, about 1000 times the cost of its request.
   */
  readonly execute: Execute;
  /** Estimated memory, in bytes. */
  readonly bytes: number;
  /** False until it is compiled for these variables: an execution takes more processor time until then, in this process and in V8. */
  isCompiledFor(variables: Readonly<Record<string, unknown>>): boolean;
  /** Compiles it now, unless it is compiled already. */
  compile(): void;
  /** Maximum number of upstream calls, given the variables of the request. */
  readonly cost: OperationCost;
  /** The errors of variables that do not match their types; empty if all match. */
  variableErrors(variables: Readonly<Record<string, unknown>>): readonly VariableError[];
  /** What contributes most to the cost, as a sentence; undefined when that cannot be said. */
  explainCost(variables: Readonly<Record<string, unknown>>): string | undefined;
  /** False if it selects only fields that need no credential: signing in, or introspection. */
  needsCredential(variables: Readonly<Record<string, unknown>>): boolean;
}

/** The errors of a text that cannot run; `code` is the kind of failure in GraphQL's terms. */
export interface InvalidOperation {
  readonly code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'OPERATION_RESOLUTION_FAILURE';
  readonly errors: readonly DocumentError[];
}

export interface PrepareOptions {
  readonly introspection: boolean;
  /** Maximum size of the cache of prepared operations, in bytes as computed by `estimateBytes`. */
  readonly cacheBytes: number;
  /** Maximum length of a document's text. */
  readonly maxCharacters: number;
  /** Maximum number of lexical tokens in a document. */
  readonly maxTokens: number;
  /** Counts lookups in the cache of prepared and invalid operations. */
  readonly counts?: { hits: number; misses: number } | undefined;
  /** Executions of an operation by graphql-js before it is compiled. */
  readonly compileAfter: number;
  /** See `ValidationOptions.check`. */
  readonly check?: DocumentCheck | undefined;
}

/** Runs the preparation and charges its time to a budget. @throws GatewayError `RATE_LIMITED` if the budget is exhausted. */
export type Spend = (work: () => Prepared | InvalidOperation) => Prepared | InvalidOperation;

/** @param spend Used on a cache miss only; prepared and invalid operations in the cache are returned without it. */
export type Prepare = (source: string, operationName: string | undefined, spend?: Spend) => Prepared | InvalidOperation;

/** The cache of invalid operations has 1/16 of the size of the cache of prepared ones, in addition to it. */
const invalidCacheDivisor = 16;

const withoutBudget: Spend = (work) => work();

/** Whether a document was rejected. */
export function isInvalid(outcome: Prepared | InvalidOperation): outcome is InvalidOperation {
  return 'errors' in outcome;
}

/**
 * Prepares documents and caches them, and also those that are invalid.
 * @param options.cacheBytes Estimated size of the cache; 0: none.
 */
export function createPrepare(schema: GraphQLSchema, options: PrepareOptions): Prepare {
  // A size of 1 disables the cache; the library rejects 0.
  const cache = new LRUCache<string, Prepared>({ maxSize: Math.max(1, options.cacheBytes) });
  // Invalid texts may also be sent repeatedly, and cost as much to validate as valid ones.
  const invalidCache = new LRUCache<string, InvalidOperation>({
    maxSize: Math.max(1, Math.floor(options.cacheBytes / invalidCacheDivisor)),
  });
  const prepare = createPreparation(schema, options);
  const counts = options.counts ?? { hits: 0, misses: 0 };

  return (source, operationName, spend = withoutBudget) => {
    if (source.length > options.maxCharacters) return tooLong(options.maxCharacters);
    const key = keyOf(source, operationName);
    const known = cache.get(key);
    if (known !== undefined) {
      counts.hits += 1;
      return known;
    }
    const name = shortKey(key);
    const knownInvalid = invalidCache.get(name);
    if (knownInvalid !== undefined) {
      counts.hits += 1;
      return knownInvalid;
    }
    counts.misses += 1;
    const outcome = spend(() => withinStack(() => prepare(key, source, operationName)));
    if (isInvalid(outcome)) {
      const { code } = outcome;
      const errors = outcome.errors.map(toDocumentError);
      invalidCache.set(name, { code, errors }, { size: estimateJsonBytes({ name, code, errors }) });
    } else {
      cache.set(key, outcome, { size: outcome.bytes });
    }
    return outcome;
  };
}

/**
 * Key of a text and the name of its operation. No two requests have the same one: any client can send a text that looks like those of
 * another together, and it is kept whether it is valid or not. A key that is not the text itself begins with a character that no valid
 * document begins with.
 */
function keyOf(source: string, operationName: string | undefined): string {
  if (operationName !== undefined) return `\0${operationName.length} ${operationName}${source}`;
  return source.startsWith('\0') ? `\0${source}` : source;
}

/** @param key Key of the operation in the cache, whose size counts. */
type Preparation = (key: string, text: string, operationName: string | undefined) => Prepared | InvalidOperation;

/** Prepares documents without a cache. */
function createPreparation(schema: GraphQLSchema, options: PrepareOptions): Preparation {
  const validate = createValidation(schema, options);
  let lastId = 0;

  return (key, text, operationName) => {
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
    const conditions = Conditions.of(document, operation);
    const { compileAfter } = options;
    const executor = new Executor({ schema, document, operation, conditions, compileAfter });
    const complete = applyVariableDefaults(schema, operation);
    const cost = costOf(schema, document, operation);
    const needs = needsCredential(schema, document, operation);
    return {
      id: lastId,
      document,
      operation,
      execute: executor.execute,
      bytes: estimateBytes(schema, { key, document, operation, forms: executor.maxForms }),
      isCompiledFor: (variables) => executor.isCompiledFor(variables),
      compile: () => void executor.compile(),
      cost: typeof cost === 'number' ? cost : (variables) => cost(complete(variables)),
      variableErrors: (variables) =>
        variableErrors(schema, operation.variableDefinitions ?? [], variables, options.introspection),
      explainCost: (variables) => explainCost(schema, document, operation, complete(variables)),
      needsCredential: (variables) => needs(complete(variables)),
    };
  };
}

function tooLong(limit: number): InvalidOperation {
  const error = new GraphQLError(`The operation has more than ${limit} characters.`, {
    extensions: { code: 'OPERATION_TOO_COMPLEX' },
  });
  return { code: 'GRAPHQL_PARSE_FAILED', errors: [error] };
}

/** Parser and rules are recursive: with a high token limit, deep nesting overflows the stack before it reaches that limit. */
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

function parseFailure(error: GraphQLError, maxTokens: number): GraphQLError {
  if (error.message.includes('tokens. Parsing aborted')) {
    return new GraphQLError(`The operation has more than ${maxTokens} tokens.`, {
      extensions: { code: 'OPERATION_TOO_COMPLEX' },
    });
  }
  return redactedSyntaxError(error);
}
