/**
 * `GET /avatars/users/{token}` and `/avatars/groups/{token}`: the picture of a user or group, for pages that load pictures from
 * their own origin only (`img-src 'self' blob:`). The request carries the caller's credential, with which the user or group is
 * read first: a caller sees the pictures of those it may see.
 */
import { GatewayContext, type GatewayServices, requireCredential } from '../../../context.ts';
import { GatewayError } from '../../../errors.ts';
import type { Pictures } from '../../../upstream/pictures.ts';
import type { Caller } from '../../../upstream/upstream.ts';
import { matchesEntityTag } from './entity-tag.ts';
import { createFileRoute, type FileRoute, fileHeaders } from './file-route.ts';

/** The user or group in the path of a picture. */
export interface AvatarOwner {
  readonly kind: 'users' | 'groups';
  readonly token: string;
}

const routePattern = /^\/avatars\/(users|groups)\/([0-9a-f-]{36})$/;

/** The owner in a path; undefined when it is not the path of a picture. */
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

/** Pictures of users and groups, fetched from the upstream for the caller. */
export function createAvatarRoute(services: GatewayServices, pictures: Pictures): FileRoute<AvatarOwner> {
  return createFileRoute('picture', services.log, async (owner, request, caller) => {
    requireCredential(caller);
    const { contentType, contentLength, etag, body } = await pictures.open(
      await addressOf(owner, services, caller),
      caller,
    );
    const headers = {
      ...fileHeaders,
      // Only the caller's browser may store it, and revalidates it before each use.
      ...(etag === undefined ? {} : { etag, 'cache-control': 'private, no-cache' }),
    };
    const vary = etag === undefined ? undefined : 'authorization, cookie';
    if (etag !== undefined && matchesEntityTag(request.headers['if-none-match'], etag))
      return { status: 304, headers, vary, body };
    const length = contentLength === undefined ? {} : { 'content-length': String(contentLength) };
    return { status: 200, headers: { ...headers, ...length, 'content-type': contentType }, vary, body };
  });
}
