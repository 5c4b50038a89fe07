/**
 * The errors in responses, equal over every transport: `{ message, locations, path, extensions }` with
 * `extensions = { code, requestId, retryable, retryAfterSeconds?, field?, notice?, outcome?, idempotencyKey? }`. Every error other than a
 * `GatewayError` becomes `INTERNAL`.
 */

import { type ASTNode, GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { badUserInput, GatewayError, isAbort } from '../errors.ts';
import { describeUnexpected, type Log } from '../observability/log.ts';
import type { WriteLog } from '../upstream/transport/write-log.ts';
import type { DocumentError } from './operation/document/validation.ts';
import type { VariableError } from './operation/document/variable-errors.ts';

/** A validation error of graphql-js. Its message holds no values of the request; they are removed where the error is created. */
export function formatValidationError(error: DocumentError, code: string, requestId: string): GraphQLFormattedError {
  return {
    message: error.message,
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    extensions: {
      ...(typeof error.extensions?.code === 'string' ? error.extensions : { code }),
      requestId,
      retryable: false,
    },
  };
}

/**
 * A `GatewayError` in the form of the response.
 * @param at Supplies path and locations.
 * @param writes Writes of the mutation, if it is one: an error after a possible write is not retryable.
 */
export function formatGatewayError(
  error: GatewayError,
  requestId: string,
  at?: GraphQLError,
  writes?: WriteLog,
): GraphQLFormattedError {
  return {
    message: error.message,
    ...(at?.locations === undefined ? {} : { locations: at.locations }),
    ...(at?.path === undefined ? {} : { path: at.path }),
    extensions: {
      code: error.code,
      requestId,
      retryable: error.retryable && writes?.isSafeToRepeat !== false,
      ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.notice === undefined ? {} : { notice: error.notice }),
      ...(writes === undefined ? {} : outcomeOf(writes, at)),
    },
  };
}

/**
 * `outcome` and `idempotencyKey` of a mutation field that failed after a request that may have changed data was sent. An error
 * without a path is that of the whole operation: its key is given if there is exactly one.
 */
function outcomeOf(writes: WriteLog, at: GraphQLError | undefined): object {
  const [field, ...deeper] = at?.path ?? [];
  // An error below the mutation field comes from reading the result: the write itself succeeded.
  if (deeper.length > 0) return {};
  const sentWrites = writes.of(field === undefined ? undefined : String(field));
  if (sentWrites.length === 0) return {};
  const [idempotencyKey, ...others] = new Set(sentWrites.flatMap((write) => write.idempotencyKey ?? []));
  return { outcome: 'UNKNOWN', ...(idempotencyKey === undefined || others.length > 0 ? {} : { idempotencyKey }) };
}

/** The `GatewayError` inside the wrappers that GraphQL execution adds; undefined when there is none. */
export function gatewayErrorIn(error: unknown): GatewayError | undefined {
  let inner: unknown = error;
  for (let depth = 0; depth < 4 && inner instanceof Error; depth++) {
    if (inner instanceof GatewayError) return inner;
    inner = inner instanceof GraphQLError ? inner.originalError : undefined;
  }
  return undefined;
}

/** Errors of variables that do not match their types. */
export function formatVariableErrors(errors: readonly VariableError[], requestId: string): GraphQLFormattedError[] {
  return errors.map(({ field, expected, node }) =>
    formatGatewayError(badUserInput(field, expected), requestId, new GraphQLError('', { nodes: node })),
  );
}

// Message format of graphql-js for an invalid argument, where a variable inside it is null or absent but a value is required. The rest of
// the message may quote literals.
const rejectedArgument = /^Argument "(\w+)" (?:of (?:required |non-null )?type "([\w[\]!]+)" |has invalid value )/;

/** An error that names the argument, and the path of the variable inside it if it contains exactly one. */
function rejectedArgumentIn(error: GraphQLError): GatewayError | undefined {
  const [, name, type] = rejectedArgument.exec(error.message) ?? [];
  const isFromExecutor = error.originalError === undefined || error.originalError instanceof GraphQLError;
  if (name === undefined || !isFromExecutor) return undefined;
  const [node] = error.nodes ?? [];
  const [path = [], ...others] = node === undefined ? [] : variablesIn(node);
  const inner = others.length > 0 ? [] : path;
  const expected = type === undefined ? 'a value of its type' : `a value of type "${type}"`;
  return badUserInput([name, ...inner].join('.'), inner.length > 0 ? 'a value that is not null' : expected);
}

/** Paths of the variables in a value: field names and list indices. */
function variablesIn(node: ASTNode): (string | number)[][] {
  const found: (string | number)[][] = [];
  const visit = (value: ASTNode, path: (string | number)[]): void => {
    if (value.kind === Kind.VARIABLE) found.push(path);
    else if (value.kind === Kind.LIST) {
      for (const [index, item] of value.values.entries()) visit(item, [...path, index]);
    } else if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) visit(field.value, [...path, field.name.value]);
    }
  };
  visit(node, []);
  return found;
}

/**
 * An execution error in the form of the response. Unexpected errors become `INTERNAL` and are logged without their message.
 * @param writes Writes of the operation, if it is a mutation.
 */
export function mask(error: GraphQLError, requestId: string, log: Log, writes?: WriteLog): GraphQLFormattedError {
  const known = gatewayErrorIn(error) ?? rejectedArgumentIn(error);
  if (known !== undefined) return formatGatewayError(known, requestId, error, writes);
  const original = error.originalError ?? error;
  // An abort means that the client has disconnected, which is not an error of the gateway.
  if (!isAbort(original)) log.error('unexpected error in a field', { requestId, ...describeUnexpected(original) });
  return formatGatewayError(new GatewayError('INTERNAL'), requestId, error, writes);
}

/** The same as `mask`, for errors raised outside of a field. */
export function maskUnexpected(error: unknown, requestId: string, log: Log): GraphQLFormattedError {
  const known = gatewayErrorIn(error);
  if (known !== undefined) return formatGatewayError(known, requestId);
  if (!isAbort(error)) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
  return formatGatewayError(new GatewayError('INTERNAL'), requestId);
}
