/**
 * Registered operations: a client sends the id of an operation instead of its text. The id is read from `documentId` (GraphQL over
 * HTTP, appendix A, "Persisted Documents") or from `extensions.persistedQuery.sha256Hash`, which urql and Apollo Client send.
 */

import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/config.ts';
import { badUserInput, GatewayError } from '../errors.ts';
import { isSystemError, unreadableFile } from '../util/file-problem.ts';
import { isRecord } from '../util/is-record.ts';
import { type InvalidOperation, isInvalid, type Prepare } from './operation/prepare.ts';
import type { OperationRequest } from './operation/response.ts';

/** `off`: ids are not supported. `allow`: an id or a text. `only`: a registered id; every other request is rejected. */
export type PersistedOperationsMode = 'off' | 'allow' | 'only';

export interface PersistedOperationsOptions {
  readonly mode: PersistedOperationsMode;
  /** Path of the manifest, a JSON object of id to text; undefined selects the manifest in the package. */
  readonly file: string | undefined;
  readonly prepare: Prepare;
}

/**
 * Errors for a hash without a text, after which the client sends the text. The text is not registered, as it would be with "automatic
 * persisted queries". urql and the Apollo clients compare these messages or codes exactly.
 */
const sendText = {
  /** Hashes are not supported: the client stops sending them. */
  off: () => new GatewayError('PERSISTED_QUERY_NOT_SUPPORTED', { message: 'PersistedQueryNotSupported' }),
  /** The client sends this text, and continues to use hashes for others. */
  allow: () => new GatewayError('PERSISTED_QUERY_NOT_FOUND', { message: 'PersistedQueryNotFound' }),
} as const;

/** Returns the request with the text of its id, or the error for an unregistered id or an id of a wrong type. */
export interface PersistedOperations {
  (request: OperationRequest): OperationRequest | GatewayError;
  /** Whether this is the text of a registered operation. */
  isRegistered(text: string): boolean;
}

const ownManifest = new URL('../../schema/persisted-operations.json', import.meta.url);
const prefix = 'sha256:';

/** @throws ConfigError when the manifest cannot be read, or holds an operation that cannot run. */
export function createPersistedOperations({ mode, file, prepare }: PersistedOperationsOptions): PersistedOperations {
  if (mode === 'off')
    return Object.assign((request: OperationRequest) => withoutRegistry(request), { isRegistered: () => false });
  const texts = readRegisteredOperations(file);
  // Checked at start-up, so that a wrong manifest does not fail at a client's request.
  const problems = [...texts].flatMap(([id, text]) => {
    const prepared = prepare(text, undefined);
    return isInvalid(prepared) ? [registeredProblem(id, prepared)] : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);

  const registered = new Set(texts.values());
  return Object.assign(resolve, { isRegistered: (text: string) => registered.has(text) });

  function resolve(request: OperationRequest): OperationRequest | GatewayError {
    const { id, isHash } = idOf(request);
    if (id != null && typeof id !== 'string') return badUserInput(isHash ? hashPath : 'documentId', 'a string');
    const text = id == null ? undefined : (texts.get(id) ?? texts.get(`${prefix}${id}`));
    if (text !== undefined) return { ...request, query: text };
    if (mode === 'only') return new GatewayError('OPERATION_NOT_PERSISTED');
    return id == null || hasText(request) ? request : sendText.allow();
  }
}

function withoutRegistry(request: OperationRequest): OperationRequest | GatewayError {
  const { id, isHash } = idOf(request);
  if (id == null || hasText(request)) return request;
  if (isHash) return sendText.off();
  return new GatewayError('BAD_USER_INPUT', {
    field: 'documentId',
    message: 'documentId: registered operations are switched off (PERSISTED_OPERATIONS); expected the text in query.',
  });
}

/** The problem of a registered operation: it may not fit the schema, or exceed a limit such as `MAX_DEPTH`. */
export function registeredProblem(id: string, { errors }: InvalidOperation): string {
  return `PERSISTED_OPERATIONS_FILE: ${id} cannot run: ${errors[0]?.message}`;
}

const hashPath = 'extensions.persistedQuery.sha256Hash';

function idOf({ documentId, extensions }: OperationRequest): { readonly id: unknown; readonly isHash: boolean } {
  if (documentId != null) return { id: documentId, isHash: false };
  const { persistedQuery } = isRecord(extensions) ? extensions : {};
  return { id: isRecord(persistedQuery) ? persistedQuery.sha256Hash : undefined, isHash: true };
}

function hasText({ query }: OperationRequest): boolean {
  return typeof query === 'string' && query !== '';
}

/**
 * The error for a request with a hash but no text over a transport that is switched off, such as GET; the client then sends the text.
 * Undefined for every other request.
 */
export function unsupportedHash(request: OperationRequest): GatewayError | undefined {
  const { id, isHash } = idOf(request);
  return id != null && isHash && !hasText(request) ? sendText.off() : undefined;
}

/**
 * Texts of registered operations by id.
 * @param file Path of the manifest; undefined selects the manifest in the package.
 * @throws ConfigError when it cannot be read.
 */
export function readRegisteredOperations(file: string | undefined): ReadonlyMap<string, string> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file ?? ownManifest, 'utf8'));
  } catch (error) {
    if (isSystemError(error)) throw new ConfigError([unreadableFile('PERSISTED_OPERATIONS_FILE', error)]);
    manifest = undefined;
  }
  const entries = isRecord(manifest) ? Object.entries(manifest) : [];
  const isManifest = (all: [string, unknown][]): all is [string, string][] =>
    all.length > 0 && all.every(([, text]) => typeof text === 'string');
  if (!isManifest(entries))
    throw new ConfigError(['PERSISTED_OPERATIONS_FILE: expected a JSON object of operation id to text.']);
  return new Map(entries);
}
