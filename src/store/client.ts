/** The client that runs the typed documents, and its errors. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { documentId, textOf } from '../documents.ts';

/** An operation in the form of GraphQL over HTTP, SSE and WebSockets. */
export interface StoreRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

export interface StoreResult {
  readonly data?: unknown;
  readonly errors?: readonly StoreResultError[] | undefined;
}

interface StoreResultError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: unknown;
}

export interface StoreSink {
  next(result: StoreResult): void;
  /** The operation failed, without a response or with a list of errors. */
  error(error: unknown): void;
  complete(): void;
}

/** The client interface that the store needs. Clients of graphql-ws and graphql-sse satisfy it unchanged. */
export interface StoreClient {
  /** Runs an operation of any kind. @returns Function that cancels it. */
  // A method, whose parameters TypeScript compares loosely: the libraries type requests and results differently.
  subscribe(request: StoreRequest, sink: StoreSink): () => void;
}

/** Why an operation failed. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** As in the README's table; `NO_ANSWER` without a response. */
  declare readonly code: string;
  /** Whether the unchanged request may succeed later, and changes nothing twice. */
  declare readonly retryable: boolean;
  declare readonly retryAfterMs: number;
  /** The invalid input. */
  declare readonly field: string | undefined;
  /** Text of the service to show to the user, such as that of a role with no one on duty. */
  declare readonly notice: string | undefined;

  constructor(code: string, message = code, extensions: ErrorExtensions = {}) {
    super(message);
    this.code = code;
    this.retryable = extensions.retryable === true;
    this.retryAfterMs = 1_000 * (extensions.retryAfterSeconds ?? 0);
    this.field = extensions.field;
    this.notice = extensions.notice;
  }
}

interface ErrorExtensions {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly field?: string;
  readonly notice?: string;
}

/** Converts any error that a client reports (a result with errors, a list of errors, an event of a socket) to a StoreError. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const [first] = Array.isArray(error) ? error : [];
  if (first === undefined) return new StoreError('NO_ANSWER', 'No answer.', { retryable: true });
  const { message, extensions = {} }: { readonly message?: string; readonly extensions?: ErrorExtensions } = first;
  return new StoreError(extensions.code ?? 'INTERNAL', message, extensions);
}

/** @param isRegistered Names the operation by its id in the manifest, in place of its text. */
export function requestOf<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  values: Variables,
  isRegistered?: boolean,
): StoreRequest {
  const variables = values as Record<string, unknown>; // by name
  if (!isRegistered) return { query: textOf(document), variables };
  const sha256Hash = documentId(document).replace('sha256:', '');
  return { query: '', variables, extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

/** Runs a document without a store, for example to sign in. @returns Its data. @throws StoreError */
export function execute<Data, Variables>(
  client: StoreClient,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return dataOf(client, requestOf(document, variables));
}

/**
 * The data of a query or a mutation.
 * @throws StoreError when it failed. A counterpart or similar part that failed is null.
 */
export function dataOf<Data>(client: StoreClient, request: StoreRequest): Promise<Data> {
  return new Promise((resolve, reject) => {
    const fail = (error?: unknown) => reject(storeError(error));
    client.subscribe(request, {
      next: ({ data, errors }) => {
        if (data == null || errors?.some(({ path = [] }) => path.length <= 2)) fail(errors);
        else resolve(data as Data); // of the document
      },
      error: fail,
      complete: () => fail(),
    });
  });
}
