/**
 * `GET /avatars/users/{token}` and `/avatars/groups/{token}`: the picture of a user or group, for pages that load pictures from
 * their own origin only (`img-src 'self' blob:`). The request carries the caller's credential, with which the user or group is
 * read first: a caller sees the pictures of those it may see.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline as pipeStreams } from 'node:stream/promises';
import { GatewayContext, type GatewayServices, requireCredential } from '../../context.ts';
import { GatewayError } from '../../errors.ts';
import { describeUnexpected } from '../../log.ts';
import type { Pictures } from '../../upstream/pictures.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';
import { httpStatusOf } from './attachment-route.ts';
import { matchesEntityTag } from './entity-tag.ts';

/** Whose picture a path names. */
export interface AvatarOwner {
  readonly kind: 'users' | 'groups';
  readonly token: string;
}

const routePattern = /^\/avatars\/(users|groups)\/([0-9a-f-]{36})$/;

/** Undefined for every path that is not that of a picture. */
export function avatarOwner(pathname: string): AvatarOwner | undefined {
  const [, kind, token] = routePattern.exec(pathname) ?? [];
  return (kind === 'users' || kind === 'groups') && token !== undefined ? { kind, token } : undefined;
}

async function addressOf({ kind, token }: AvatarOwner, services: GatewayServices, caller: Caller): Promise<string> {
  const { loaders } = new GatewayContext(services, caller, { oldestReadAt: performance.now() });
  const owner = kind === 'users' ? await loaders.users().load(token) : await loaders.groups.load(token);
  if (owner?.avatarUrl === undefined) throw new GatewayError('NOT_FOUND', { message: 'There is no such picture.' });
  return owner.avatarUrl;
}

export function createAvatarRoute(services: GatewayServices, pictures: Pictures) {
  const { log } = services;

  return async (
    owner: AvatarOwner,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      requireCredential(caller);
      const { contentType, contentLength, etag, body } = await pictures.open(
        await addressOf(owner, services, caller),
        caller,
      );
      const headers = {
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        // The browser of the one caller may keep it, and asks each time whether it is still the same.
        ...(etag === undefined ? {} : { etag, 'cache-control': 'private, no-cache', vary: 'authorization, cookie' }),
      };
      const isSame = etag !== undefined && matchesEntityTag(request.headers['if-none-match'], etag);
      const length = contentLength === undefined ? {} : { 'content-length': String(contentLength) };
      if (isSame) response.writeHead(304, headers);
      else response.writeHead(200, { ...headers, ...length, 'content-type': contentType });
      if (isSame || request.method === 'HEAD') {
        body.destroy();
        response.end();
        return;
      }
      await pipeStreams(body, response);
    } catch (error) {
      if (response.headersSent) {
        // The transfer failed midway. Closing the connection shows the client that the picture is incomplete.
        response.destroy();
        log.warn('picture cut off', { requestId: caller.requestId, ...describeUnexpected(error) });
        return;
      }
      const known = gatewayErrorIn(error) ?? new GatewayError('INTERNAL');
      if (known.code === 'INTERNAL')
        log.error('picture failed', { requestId: caller.requestId, ...describeUnexpected(error) });
      const retry = known.retryAfterSeconds === undefined ? {} : { 'retry-after': String(known.retryAfterSeconds) };
      response.writeHead(httpStatusOf(known), { 'content-type': 'application/json; charset=utf-8', ...retry });
      response.end(JSON.stringify({ errors: [formatGatewayError(known, caller.requestId)] }));
    }
  };
}
