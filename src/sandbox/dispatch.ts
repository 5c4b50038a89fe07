/** From a request to its answer: route, caller, body, contract, handler, envelope. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit, authenticate } from './authentication.ts';
import { readBody } from './body.ts';
import type { Contract, OperationId } from './contract.ts';
import { allowBrowsers, answerPreflight } from './cors.ts';
import type { StreamOptions } from './event-stream.ts';
import type { Reply, Routes } from './exchange.ts';
import { pictureReply } from './picture.ts';
import { errorEnvelope, Refusal } from './refusal.ts';
import type { RequestRecorder } from './request-log.ts';
import { createRouter } from './router.ts';
import { accountRoutes } from './routes/account.ts';
import { attachmentRoutes } from './routes/attachment.ts';
import { eventRoutes } from './routes/event.ts';
import { groupRoutes } from './routes/group.ts';
import { listRoutes } from './routes/list.ts';
import { loginRoutes } from './routes/login.ts';
import { lookupRoutes } from './routes/lookup.ts';
import { messageRoutes } from './routes/message.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { muteRoutes } from './routes/mute.ts';
import { organizationRoutes } from './routes/organization.ts';
import { rosterRoutes } from './routes/roster.ts';
import { searchRoutes } from './routes/search.ts';
import { statusRoutes } from './routes/status.ts';
import { typingRoutes } from './routes/typing.ts';
import { userRoutes } from './routes/user.ts';
import type { World } from './state/world.ts';

export interface DispatchParts {
  readonly world: World;
  readonly contract: Contract;
  readonly requests: RequestRecorder;
  readonly streams: StreamOptions;
}

export function createDispatcher({ world, contract, requests, streams }: DispatchParts) {
  const route = createRouter(contract);
  const routes: Routes = {
    ...accountRoutes,
    ...attachmentRoutes,
    ...eventRoutes(streams),
    ...groupRoutes,
    ...listRoutes,
    ...lookupRoutes,
    ...messageRoutes,
    ...metadataRoutes,
    ...muteRoutes,
    ...organizationRoutes,
    ...rosterRoutes,
    ...searchRoutes,
    ...statusRoutes,
    ...typingRoutes,
    ...userRoutes,
  };

  /** What is known of the request so far, for the log of requests. */
  interface Progress {
    operationId: OperationId | undefined;
    caller: string | null;
  }

  const answer = async (request: IncomingMessage, progress: Progress): Promise<Reply> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname.startsWith('/avatars/') && request.method === 'GET') return pictureReply(world, url.pathname);
    const { operation, path } = route(request.method ?? 'GET', url.pathname);
    progress.operationId = operation.id;
    const header = (name: string) => textOf(request.headers[name.toLowerCase()]);
    const login = loginRoutes[operation.id];
    if (login !== undefined) {
      const { fields } = await readBody(contract, operation, request);
      return login(world, request, fields);
    }
    const pass = operation.id === 'getMessageAttachment' ? url.searchParams.get('token') : null;
    const { account, session } =
      pass === null ? authenticate(world, request.headers.authorization, header('X-Device-ID')) : admit(world, pass);
    progress.caller = account.username;
    contract.checkParameters(operation, url.searchParams, header);
    const { fields, file } = await readBody(contract, operation, request);
    const handler = routes[operation.id];
    if (handler === undefined) throw new Refusal(501, 'Not served by this sandbox yet');
    return handler({ world, caller: account, session, path, query: url.searchParams, header, fields, file });
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    allowBrowsers(request, response);
    if (request.method === 'OPTIONS') {
      answerPreflight(request, response);
      return;
    }
    const progress: Progress = { operationId: undefined, caller: null };
    answer(request, progress)
      .catch((error: unknown) => replyFor(error))
      .then((reply) => {
        const { operationId = 'unknown', caller } = progress;
        requests.record({ operationId, caller, status: reply.status });
        send(request, response, reply);
      })
      .catch(() => response.destroy());
  };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

function replyFor(error: unknown): Reply {
  if (error instanceof Refusal) return { status: error.status, headers: error.headers, body: error.envelope };
  const message = error instanceof Error ? `${error.name} in the sandbox: ${error.message}` : 'fault in the sandbox';
  return { status: 500, body: errorEnvelope(500, message) };
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  if (reply.takeOver !== undefined) {
    reply.takeOver(request, response);
    return;
  }
  const bytes = reply.body === undefined ? undefined : Buffer.from(JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    'cache-control': 'no-store',
    ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }),
    ...reply.headers,
  });
  response.end(bytes);
}
