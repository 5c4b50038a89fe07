/** `/mcp`: the Streamable HTTP transport of the Model Context Protocol. One message per POST, one JSON document per response; no streams. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../observability/log.ts';
import type { CredentialStanding } from '../../upstream/transport/breaker/credential-standing.ts';
import { callerOf } from '../caller.ts';
import { readBody, withoutBom } from '../http/body/request-body.ts';
import { readAs } from '../http/connection/read-turns.ts';
import type { IdentifiedExchange } from '../http/graphql/exchange.ts';
import { acceptsJson } from '../http/headers/accept.ts';
import { isEncoded, isJsonBody } from '../http/headers/request-media-type.ts';
import { retryAfter } from '../http/headers/retry-after.ts';
import { gatewayErrorIn } from '../masking.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import { type OnRejected, reasonOfError } from '../rejections.ts';
import {
  type McpOptions,
  McpProtocol,
  messageIn,
  protocolVersions,
  type RpcResponse,
  rpcCodes,
  rpcErrorOf,
  rpcFailure,
} from './protocol.ts';

export interface McpRouteOptions extends McpOptions {
  /** Maximum bytes of a request body. */
  readonly maxBodyBytes: number;
  readonly memory: MemoryBudget;
  readonly standing: CredentialStanding;
  readonly log: Log;
  readonly onRejected: OnRejected;
}

/** Responds to a request, whose headers `x-request-id` and `cache-control` are set. Rejects only when it cannot be written. */
export type McpRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  exchange: IdentifiedExchange,
) => Promise<void>;

/** @returns Handles one request to `/mcp` until its response is sent. */
export function createMcpRoute(options: McpRouteOptions): McpRoute {
  const { maxBodyBytes, memory, standing, log, onRejected } = options;
  const protocol = new McpProtocol(options);

  async function read(request: IncomingMessage, { identity, address }: IdentifiedExchange): Promise<unknown> {
    const principalOf = () => standing.acceptedPrincipal(identity.credential);
    const reservation = memory.reserve(() => readAs(request.socket, principalOf(), address), address);
    try {
      return JSON.parse(withoutBom(await readBody(request, maxBodyBytes, reservation)));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    } finally {
      reservation.release();
    }
  }

  return async (request, response, exchange) => {
    const { requestId, cancellation, address, identity } = exchange;
    const rejection = rejectionOf(request);
    if (rejection !== undefined) {
      onRejected('http', rejection.reason);
      response.writeHead(rejection.status, { 'content-type': 'text/plain; charset=utf-8', ...rejection.headers });
      response.end(rejection.text);
      return;
    }
    let id: string | number | null = null;
    const caller = callerOf(identity, request.headers, requestId, cancellation, address);
    const session = request.headers['mcp-session-id'];
    const sessionId = typeof session === 'string' ? session : undefined;
    // A separate function: an async function would hold its variables, with the whole body, until the call ends.
    const respondTo = (body: unknown): Promise<RpcResponse> | RpcResponse => {
      if (body === undefined) return rpcFailure(rpcCodes.parse, 'The body is not valid JSON.');
      const message = messageIn(body);
      if (message === undefined) return rpcFailure(rpcCodes.request, 'Expected one JSON-RPC message.');
      id = message.id ?? null;
      return protocol.handle(message, { caller, cancellation, sessionId });
    };
    try {
      const outcome = await read(request, exchange).then(respondTo);
      if (response.destroyed) return;
      if (outcome === undefined) response.writeHead(202).end();
      else send(response, isMalformed(outcome) ? 400 : 200, id, outcome, {});
    } catch (error) {
      const known = gatewayErrorIn(error);
      if (known === undefined) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
      const reason = reasonOfError(known?.code);
      if (reason !== undefined) onRejected('http', reason);
      const sent = known ?? new GatewayError('INTERNAL');
      if (response.destroyed) return;
      send(response, errorCodes[sent.code].httpStatus, id, { error: rpcErrorOf(sent) }, retryAfter(sent));
    }
  };
}

/** Whether the error is that the body is no JSON-RPC message. */
function isMalformed(outcome: RpcResponse & object): boolean {
  return 'error' in outcome && (outcome.error.code === rpcCodes.parse || outcome.error.code === rpcCodes.request);
}

function send(
  response: ServerResponse,
  status: number,
  id: string | number | null,
  outcome: RpcResponse & object,
  headers: Readonly<Record<string, string>>,
): void {
  const { sessionId, ...content } = { sessionId: undefined, ...outcome };
  const body = JSON.stringify({ jsonrpc: '2.0', id, ...content });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
    ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
  });
  response.end(body);
}

interface Rejection {
  readonly reason: 'method' | 'media_type';
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function rejectionOf(request: IncomingMessage): Rejection | undefined {
  const { method, headers } = request;
  // GET would open a stream of messages from the server, of which there are none (MCP, "Listening for Messages from the Server").
  if (method !== 'POST')
    return { reason: 'method', status: 405, text: 'This path takes POST.', headers: { allow: 'POST' } };
  if (isEncoded(request) || !isJsonBody(headers['content-type']))
    return { reason: 'media_type', status: 415, text: 'Expected a body of application/json in UTF-8, unencoded.' };
  if (!acceptsJson(headers.accept))
    return { reason: 'media_type', status: 406, text: 'Responses are application/json.' };
  const version = headers['mcp-protocol-version'];
  if (version !== undefined && !protocolVersions.some((known) => known === version))
    return { reason: 'media_type', status: 400, text: `Expected MCP-Protocol-Version ${protocolVersions.join(', ')}.` };
  return undefined;
}
