/**
 * Registered operations: a client names one by its id instead of sending its text. Two spellings are read: `documentId`
 * (GraphQL over HTTP, appendix A, "Persisted Documents") and `extensions.persistedQuery.sha256Hash`, which urql and
 * Apollo Client send.
 */

import { readFileSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import { badUserInput, GatewayError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { isInvalid, type Prepare } from './operation/prepare.ts';
import type { OperationRequest } from './operation/response.ts';

/** `off`: ids mean nothing. `allow`: an id or a text. `only`: a registered id, or the request is refused. */
export type PersistedOperationsMode = 'off' | 'allow' | 'only';

export interface PersistedOperationsOptions {
  readonly mode: PersistedOperationsMode;
  /** The manifest, a JSON object of id to text; undefined takes the one the package comes with. */
  readonly file: string | undefined;
  readonly prepare: Prepare;
}

/**
 * What a client is told that sends a hash alone and may send the text. Nothing is registered by sending it, as "automatic
 * persisted queries" would do. urql and Apollo's clients look for these messages, or for the codes, to the letter.
 */
const sendText = {
  /** No hash is known here: the client stops sending them. */
  off: () => new GatewayError('PERSISTED_QUERY_NOT_SUPPORTED', { message: 'PersistedQueryNotSupported' }),
  /** Others are: the client sends this text, and goes on with hashes. */
  allow: () => new GatewayError('PERSISTED_QUERY_NOT_FOUND', { message: 'PersistedQueryNotFound' }),
} as const;

/** The request with the text its id stands for; or why there is none: `OPERATION_NOT_PERSISTED`, or an id of a wrong type. */
export interface PersistedOperations {
  (request: OperationRequest): OperationRequest | GatewayError;
  /** Whether this is the text of a registered operation. */
  isRegistered(text: string): boolean;
}

const ownManifest = new URL('../../schema/persisted-operations.json', import.meta.url);
const prefix = 'sha256:';

/** @throws ConfigError when the manifest cannot be read, or holds an operation that does not fit the schema. */
export function createPersistedOperations({ mode, file, prepare }: PersistedOperationsOptions): PersistedOperations {
  if (mode === 'off')
    return Object.assign((request: OperationRequest) => withoutRegistry(request), { isRegistered: () => false });
  const texts = readManifest(file ?? ownManifest);
  // Said at the start, by id, rather than to a client in the middle of the night.
  const misfits = [...texts].filter(([, text]) => isInvalid(prepare(text, undefined))).map(([id]) => id);
  if (misfits.length > 0)
    throw new ConfigError(misfits.map((id) => `PERSISTED_OPERATIONS_FILE: ${id} does not fit the schema.`));

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
    message:
      'documentId: registered operations are switched off here (PERSISTED_OPERATIONS); expected the text in query.',
  });
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
 * Why a request whose transport is refused, such as GET where that is switched off, cannot be served by a hash either, so
 * that the client sends the text; undefined when there is no hash alone.
 */
export function refusedHash(request: OperationRequest): GatewayError | undefined {
  const { id, isHash } = idOf(request);
  return id != null && isHash && !hasText(request) ? sendText.off() : undefined;
}

function readManifest(file: string | URL): ReadonlyMap<string, string> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    manifest = undefined;
  }
  const entries = isRecord(manifest) ? Object.entries(manifest) : [];
  const isManifest = (all: [string, unknown][]): all is [string, string][] =>
    all.length > 0 && all.every(([, text]) => typeof text === 'string');
  if (!isManifest(entries))
    throw new ConfigError(['PERSISTED_OPERATIONS_FILE: expected a JSON object of operation id to text.']);
  return new Map(entries);
}
