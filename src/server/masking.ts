/**
 * What clients are told about errors, the same over every transport: `{ message, locations, path, extensions }` with
 * `extensions = { code, requestId, retryable, retryAfterSeconds?, field?, outcome?, idempotencyKey? }`. Whatever the gateway did not throw on purpose
 * becomes `INTERNAL`.
 */

import { type ASTNode, GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { badUserInput, GatewayError, isAbort } from '../errors.ts';
import { describeUnexpected, type Log } from '../log.ts';
import type { WriteLog } from '../upstream/transport/write-log.ts';
import type { DocumentError } from './operation/validation.ts';

/** GraphQL's own failures, found before anything runs; their messages were made free of values where they were raised. */
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

/** The client's form of an error of the gateway. */
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
      ...(writes === undefined ? {} : outcomeOf(writes, at)),
    },
  };
}

/** What is said of a mutation field that failed after a request that may have changed something had left. */
function outcomeOf(writes: WriteLog, at: GraphQLError | undefined): object {
  const [field, ...deeper] = at?.path ?? [];
  // What fails deeper is reading what was changed: the change itself was made.
  if (field === undefined || deeper.length > 0) return {};
  const made = writes.of(String(field));
  if (made.length === 0) return {};
  const { idempotencyKey } = made.find((write) => write.idempotencyKey !== undefined) ?? {};
  return { outcome: 'UNKNOWN', ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

/** Finds the error the gateway threw beneath what execution made of it. */
export function gatewayErrorIn(error: unknown): GatewayError | undefined {
  let inner: unknown = error;
  for (let depth = 0; depth < 4 && inner instanceof Error; depth++) {
    if (inner instanceof GatewayError) return inner;
    inner = inner instanceof GraphQLError ? inner.originalError : undefined;
  }
  return undefined;
}

// The words graphql-js puts a refused variable in.
const invalidVariable = /^Variable "\$([_A-Za-z]\w*)"/;
const atPath = / at "([\w.[\]]+)"; /;
const missingField = /; Field "(\w+)" of required type /;

/** Variables that do not fit their types. graphql-js' messages quote the values, so each is said anew, naming its place. */
export function formatVariableErrors(errors: readonly GraphQLError[], requestId: string): GraphQLFormattedError[] {
  return errors.map((error) => {
    const name = invalidVariable.exec(error.message)?.[1] ?? 'variables';
    const place = atPath.exec(error.message)?.[1]?.replaceAll('[', '.').replaceAll(']', '') ?? name;
    const missing = missingField.exec(error.message)?.[1];
    const field = missing === undefined ? place : `${place}.${missing}`;
    return formatGatewayError(badUserInput(field, 'a value of the declared type'), requestId, error);
  });
}

// The words graphql-js puts an argument in that its field cannot be called with: a variable in it is null, or was left out,
// where something is needed. They may quote literals after this.
const refusedArgument = /^Argument "(\w+)" (?:of (?:required |non-null )?type "([\w[\]!]+)" |has invalid value )/;

/** The field's error says which argument it is, and where in it the variable stands if there is but one. */
function refusedArgumentIn(error: GraphQLError): GatewayError | undefined {
  const [, name, type] = refusedArgument.exec(error.message) ?? [];
  const isOfExecutor = error.originalError === undefined || error.originalError instanceof GraphQLError;
  if (name === undefined || !isOfExecutor) return undefined;
  const [node] = error.nodes ?? [];
  const [path = [], ...others] = node === undefined ? [] : variablesIn(node);
  const place = others.length > 0 ? [] : path;
  const expected = type === undefined ? 'a value of its type' : `a value of type "${type}"`;
  return badUserInput([name, ...place].join('.'), place.length > 0 ? 'a value that is not null' : expected);
}

/** Where variables stand in a value: names of fields and indices. */
function variablesIn(node: ASTNode): (string | number)[][] {
  const found: (string | number)[][] = [];
  const look = (value: ASTNode, path: (string | number)[]): void => {
    if (value.kind === Kind.VARIABLE) found.push(path);
    else if (value.kind === Kind.LIST) {
      for (const [index, item] of value.values.entries()) look(item, [...path, index]);
    } else if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) look(field.value, [...path, field.name.value]);
    }
  };
  look(node, []);
  return found;
}

/** @param error As execution gives it. @param writes Of a mutation: what it may have changed. Unexpected ones are logged, without their message. */
export function mask(error: GraphQLError, requestId: string, log: Log, writes?: WriteLog): GraphQLFormattedError {
  const known = gatewayErrorIn(error) ?? refusedArgumentIn(error);
  if (known !== undefined) return formatGatewayError(known, requestId, error, writes);
  const original = error.originalError ?? error;
  // The client is gone: nobody reads this, and nothing is wrong.
  if (!isAbort(original)) log.error('unexpected error in a field', { requestId, ...describeUnexpected(original) });
  return formatGatewayError(new GatewayError('INTERNAL'), requestId, error, writes);
}

/** The same for errors that were not raised by a field. */
export function maskUnexpected(error: unknown, requestId: string, log: Log): GraphQLFormattedError {
  const known = gatewayErrorIn(error);
  if (known !== undefined) return formatGatewayError(known, requestId);
  if (!isAbort(error)) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
  return formatGatewayError(new GatewayError('INTERNAL'), requestId);
}
