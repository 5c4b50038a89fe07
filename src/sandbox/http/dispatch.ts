/** Processes a request: route, fault, authentication, body, validation, handler, response. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contract } from '../contract.ts';
import type { OperationId } from '../contract-document.ts';
import { disturbStream, encoded, faultyOutcome, type Outcome, sendHalf, sendInterim } from '../faults/fault-effects.ts';
import type { FaultOrder, Faults } from '../faults/faults.ts';
import { overviewReply } from '../page.ts';
import { pictureReply } from '../picture.ts';
import { loginRoutes } from '../routes/login.ts';
import { createRoutes, type RouteOptions } from '../routes.ts';
import type { World } from '../state/world.ts';
import type { EventStream } from '../state/world-types.ts';
import { stubReplyFor } from '../stub-replies.ts';
import { admit, authenticate, claimedCaller } from './authentication.ts';
import { readBody } from './body.ts';
import { allowBrowsers, answerPreflight } from './cors.ts';
import { errorEnvelope, HttpError } from './http-error.ts';
import type { Reply } from './request-context.ts';
import type { RequestRecorder } from './request-log.ts';
import { createRouter, type Match } from './router.ts';

export interface DispatchParts {
  readonly world: World;
  readonly contract: Contract;
  readonly requests: RequestRecorder;
  readonly faults: Faults;
  readonly options: RouteOptions;
  /** Origin of the control server, for the overview page. */
  readonly controlUrl: () => string;
  /** Pages in front of the sandbox, by name. */
  readonly links: ReadonlyMap<string, string>;
}

/** What is known about a request so far, for the request log. */
interface Progress {
  operationId: string;
  caller: string | null;
  fault: FaultOrder | undefined;
}

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => void;

/** Handles requests for the operations of the contract. */
export function createDispatcher(parts: DispatchParts): Dispatch {
  const dispatcher = new Dispatcher(parts);
  return (request, response) => {
    allowBrowsers(request, response);
    if (request.method === 'OPTIONS') answerPreflight(request, response);
    else dispatcher.dispatch(request, response);
  };
}

class Dispatcher {
  readonly #parts: DispatchParts;
  readonly #route: ReturnType<typeof createRouter>;
  readonly #handlers: ReturnType<typeof createRoutes>;

  constructor(parts: DispatchParts) {
    this.#parts = parts;
    this.#route = createRouter(parts.contract);
    this.#handlers = createRoutes(parts.options);
  }

  dispatch(request: IncomingMessage, response: ServerResponse): void {
    const progress: Progress = { operationId: 'unknown', caller: null, fault: undefined };
    const record = this.#parts.requests.begin();
    this.#decide(request, progress)
      .catch((error: unknown): Outcome => ({ kind: 'reply', reply: replyFor(error) }))
      .then((outcome) => {
        const { operationId, caller, fault } = progress;
        const status = 'reply' in outcome ? outcome.reply.status : 0;
        record({ operationId, caller, status });
        carryOut(request, response, outcome, fault);
      })
      .catch(() => response.destroy());
  }

  async #decide(request: IncomingMessage, progress: Progress): Promise<Outcome> {
    const { world, faults } = this.#parts;
    const method = request.method ?? 'GET';
    const url = urlOf(request);
    const reply = this.#replyOutsideContract(request, url);
    if (reply !== undefined) return { kind: 'reply', reply };
    const match = this.#route(method, url.pathname);
    progress.operationId = match.operation.id;
    progress.caller = claimedCaller(world, request.headers.authorization, downloadToken(match.operation.id, url));
    const fault = faults.take({ operationId: match.operation.id, path: url.pathname, caller: progress.caller });
    progress.fault = fault;
    const real = () => this.#handle(request, url, match, progress).catch(replyFor);
    if (fault === undefined) return { kind: 'reply', reply: await real() };
    if (fault.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false });
    return faultyOutcome(fault, real);
  }

  /** Pages, pictures and stubs; undefined for a path of the contract. */
  #replyOutsideContract({ method = 'GET', headers }: IncomingMessage, { pathname }: URL): Reply | undefined {
    const { world, contract, controlUrl, links } = this.#parts;
    if (method === 'GET' && pathname === '/')
      return overviewReply(world, contract, { controlUrl: controlUrl(), links });
    if (method === 'GET' && pathname.startsWith('/avatars/')) return pictureReply(world, pathname);
    const stub = stubReplyFor(method, pathname, world.api);
    if (stub !== undefined) authenticate(world, headers.authorization, textOf(headers['x-device-id']));
    return stub;
  }

  /** The reply of an operation that no fault replaces. */
  async #handle(request: IncomingMessage, url: URL, { operation, path }: Match, progress: Progress): Promise<Reply> {
    const { world, contract } = this.#parts;
    const header = (name: string) => textOf(request.headers[name.toLowerCase()]);
    const login = loginRoutes[operation.id];
    if (login !== undefined) {
      const { fields } = await readBody(contract, operation, request);
      return login(world, request, fields);
    }
    const token = downloadToken(operation.id, url);
    const { account, session } =
      token === null ? authenticate(world, request.headers.authorization, header('X-Device-ID')) : admit(world, token);
    progress.caller = account.username;
    contract.checkParameters(operation, url.searchParams, header);
    const { fields, file } = await readBody(contract, operation, request);
    const handler = this.#handlers[operation.id];
    if (handler === undefined) throw new HttpError(501, 'Not served by this sandbox');
    const repeatsEvents = progress.fault?.kind === 'duplicate';
    return handler({
      world,
      caller: account,
      session,
      path,
      query: url.searchParams,
      header,
      fields,
      file,
      repeatsEvents,
    });
  }
}

/** @throws HttpError 404 for a target that is no path. A path that begins with two slashes names no host. */
function urlOf({ url = '/' }: IncomingMessage): URL {
  const address = url.startsWith('/') ? `http://sandbox${url}` : url;
  if (!URL.canParse(address)) throw new HttpError(404, 'No such path');
  return new URL(address);
}

/** The token that attachment links contain in place of the Authorization header; null without one. */
function downloadToken(operation: OperationId, url: URL): string | null {
  const isAttachment = operation === 'getMessageAttachment' || operation === 'getMessageAttachmentV5';
  return isAttachment ? url.searchParams.get('token') : null;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

function replyFor(error: unknown): Reply {
  if (error instanceof HttpError) return { status: error.status, headers: error.headers, body: error.envelope };
  const message = error instanceof Error ? `${error.name} in the sandbox: ${error.message}` : 'fault in the sandbox';
  return { status: 500, body: errorEnvelope(500, message) };
}

function carryOut(
  request: IncomingMessage,
  response: ServerResponse,
  outcome: Outcome,
  fault: FaultOrder | undefined,
): void {
  if (response.destroyed) return;
  switch (outcome.kind) {
    case 'silence':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'raw':
      response.socket?.end(outcome.text);
      return;
    case 'cut':
      sendHalf(response, outcome.reply, outcome.afterMs);
      return;
    case 'reply': {
      sendInterim(fault, response);
      const stream = send(request, response, outcome.reply);
      if (stream && fault !== undefined) disturbStream(fault, stream);
    }
  }
}

const pieceBytes = 64 * 1024;

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): EventStream | undefined {
  if (reply.takeOver !== undefined) return reply.takeOver(request, response);
  const { bytes, headers } = encoded(reply);
  response.writeHead(reply.status, headers);
  if (bytes === undefined || bytes.length <= pieceBytes) response.end(bytes);
  else {
    // In chunks, with backpressure. The source is memory, so the only possible error is a client that disconnects.
    Readable.from(piecesOf(bytes))
      .on('error', () => response.destroy())
      .pipe(response);
  }
  return undefined;
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
