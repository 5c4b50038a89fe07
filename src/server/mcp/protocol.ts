/** The methods of the Model Context Protocol that the gateway has. Stateless: a message needs no other before it. */
import { randomUUID } from 'node:crypto';
import { type GatewayError, noCredential } from '../../errors.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { isRecord } from '../../util/is-record.ts';
import { version } from '../../version.ts';
import type { Outcome } from '../operation/operation-runner.ts';
import { handleOperation, type Pipeline } from '../operation/pipeline.ts';
import { rejectSubscription } from '../operation/response.ts';
import { dataRule, toolResult } from './content.ts';
import type { Tool } from './tools.ts';

/** Newest first. A client that requests another version gets the newest, and decides whether it continues. */
export const protocolVersions = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;

/** Codes of JSON-RPC 2.0. */
export const rpcCodes = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  cancelled: -32_001,
} as const;

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

/** The response to a message, without its id; undefined for a notification. */
export type RpcResponse =
  | { readonly result: object; readonly sessionId?: string }
  | { readonly error: RpcError }
  | undefined;

export interface Message {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Undefined for a notification. */
  readonly id: string | number | undefined;
}

/** Maximum characters of a message id and of a session id, which are held while a call runs. */
const maxIdLength = 200;

/** The message of a body; undefined for any other JSON, including a batch. */
export function messageIn(body: unknown): Message | undefined {
  if (!isRecord(body) || body.jsonrpc !== '2.0' || typeof body.method !== 'string') return undefined;
  const { id, method, params = {} } = body;
  if (!isRecord(params)) return undefined;
  if (id === undefined) return { method, params, id };
  const isId = (typeof id === 'number' && Number.isFinite(id)) || (typeof id === 'string' && id.length <= maxIdLength);
  return isId ? { method, params, id } : undefined;
}

export interface McpOptions {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly pipeline: Pipeline;
}

export interface Sender {
  readonly caller: Caller;
  readonly cancellation: CancellationSource;
  /** The session id that `initialize` returned, or any other text: separates the cancellations of clients with one credential. */
  readonly sessionId: string | undefined;
}

export const rpcFailure = (code: number, message: string): RpcResponse & object => ({ error: { code, message } });

/** Handles the messages of clients. */
export class McpProtocol {
  readonly #options: McpOptions;
  readonly #list: object;
  /** Running calls by credential, session and id, for `notifications/cancelled`. At most one for each open request. */
  readonly #running = new Map<string, CancellationSource>();

  constructor(options: McpOptions) {
    this.#options = options;
    this.#list = { tools: [...options.tools.values()].map(({ description }) => description) };
  }

  /** @throws GatewayError `UNAUTHENTICATED` for a message about tools without a credential. */
  handle(message: Message, sender: Sender): Promise<RpcResponse> | RpcResponse {
    const { method, params, id } = message;
    if (id === undefined) {
      if (method === 'notifications/cancelled') this.#cancel(params.requestId, sender);
      return undefined;
    }
    switch (method) {
      case 'initialize':
        return { result: initialized(params.protocolVersion), sessionId: randomUUID() };
      case 'ping':
        return { result: {} };
      case 'tools/list':
        requireCredential(sender);
        return { result: this.#list };
      case 'tools/call':
        requireCredential(sender);
        return this.#call(id, params, sender);
      default:
        return rpcFailure(rpcCodes.method, 'This method is not supported.');
    }
  }

  #call(id: string | number, params: Message['params'], sender: Sender): Promise<RpcResponse> | RpcResponse {
    const { name, arguments: variables = {} } = params;
    const tool = typeof name === 'string' ? this.#options.tools.get(name) : undefined;
    if (tool === undefined) return rpcFailure(rpcCodes.params, 'There is no such tool.');
    const running = handleOperation(this.#options.pipeline, { ...tool.request, variables }, sender.caller);
    return this.#responseOf(running, id, sender);
  }

  async #responseOf(running: Promise<Outcome>, id: string | number, sender: Sender): Promise<RpcResponse> {
    const key = keyOf(sender, id);
    this.#running.set(key, sender.cancellation);
    try {
      const outcome = await running;
      if (sender.cancellation.isCancelled) return rpcFailure(rpcCodes.cancelled, 'The request was cancelled.');
      if (outcome.kind === 'response') return { result: toolResult(outcome) };
      outcome.results.cancel();
      return { result: toolResult(rejectSubscription(sender.caller.requestId)) };
    } finally {
      if (this.#running.get(key) === sender.cancellation) this.#running.delete(key);
    }
  }

  #cancel(id: unknown, sender: Sender): void {
    if (typeof id !== 'string' && typeof id !== 'number') return;
    this.#running.get(keyOf(sender, id))?.cancel();
  }
}

function requireCredential({ caller: { credential, credentialError } }: Sender): void {
  if (credential === undefined) throw credentialError ?? noCredential();
}

/** The type of the id matters: 1 and "1" are two requests. */
function keyOf({ caller, sessionId = '' }: Sender, id: string | number): string {
  return JSON.stringify([caller.credential?.key, sessionId.slice(0, maxIdLength), id]);
}

function initialized(wanted: unknown): object {
  const protocolVersion = protocolVersions.find((known) => known === wanted) ?? protocolVersions[0];
  return {
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'tigerconnect-graphql', version },
    instructions: dataRule,
  };
}

/** A failure of the gateway as an error of JSON-RPC, with its code where programs look. */
export function rpcErrorOf(error: GatewayError): RpcError & { readonly data: object } {
  return { code: rpcCodes.request, message: error.message, data: { code: error.code, retryable: error.retryable } };
}
