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
  const { world, contract, requests, faults, options, controlUrl, links } = parts;
  const route = createRouter(contract);
  const routes = createRoutes(options);

  const handle = async (
    request: IncomingMessage,
    url: URL,
    { operation, path }: Match,
    progress: Progress,
  ): Promise<Reply> => {
    const header = (name: string) => textOf(request.headers[name.toLowerCase()]);
    const login = loginRoutes[operation.id];
    if (login !== undefined) {
      const { fields } = await readBody(contract, operation, request);
      return login(world, request, fields);
    }
    const pass = isAttachment(operation.id) ? url.searchParams.get('token') : null;
    const { account, session } =
      pass === null ? authenticate(world, request.headers.authorization, header('X-Device-ID')) : admit(world, pass);
    progress.caller = account.username;
    contract.checkParameters(operation, url.searchParams, header);
    const { fields, file } = await readBody(contract, operation, request);
    const handler = routes[operation.id];
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
  };

  const decide = async (request: IncomingMessage, progress: Progress): Promise<Outcome> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (request.method === 'GET' && url.pathname === '/')
      return { kind: 'reply', reply: overviewReply(world, contract, { controlUrl: controlUrl(), links }) };
    if (request.method === 'GET' && url.pathname.startsWith('/avatars/')) {
      return { kind: 'reply', reply: pictureReply(world, url.pathname) };
    }
    const stub = stubReplyFor(request.method ?? 'GET', url.pathname, world.api);
    if (stub !== undefined) {
      authenticate(world, request.headers.authorization, textOf(request.headers['x-device-id']));
      return { kind: 'reply', reply: stub };
    }
    const match = route(request.method ?? 'GET', url.pathname);
    progress.operationId = match.operation.id;
    const pass = isAttachment(match.operation.id) ? url.searchParams.get('token') : null;
    progress.caller = claimedCaller(world, request.headers.authorization, pass);
    const fault = faults.take({ operationId: match.operation.id, path: url.pathname, caller: progress.caller });
    progress.fault = fault;
    const real = () => handle(request, url, match, progress).catch(replyFor);
    if (fault === undefined) return { kind: 'reply', reply: await real() };
    if (fault.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false });
    return faultyOutcome(fault, real);
  };

  return (request, response) => {
    allowBrowsers(request, response);
    if (request.method === 'OPTIONS') {
      answerPreflight(request, response);
      return;
    }
    const progress: Progress = { operationId: 'unknown', caller: null, fault: undefined };
    const record = requests.begin();
    decide(request, progress)
      .catch((error: unknown): Outcome => ({ kind: 'reply', reply: replyFor(error) }))
      .then((outcome) => {
        const { operationId, caller, fault } = progress;
        const status = 'reply' in outcome ? outcome.reply.status : 0;
        record({ operationId, caller, status });
        carryOut(request, response, outcome, fault);
      })
      .catch(() => response.destroy());
  };
}

/** Links to attachments carry a token in place of the Authorization header. */
function isAttachment(operation: OperationId): boolean {
  return operation === 'getMessageAttachment' || operation === 'getMessageAttachmentV5';
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
