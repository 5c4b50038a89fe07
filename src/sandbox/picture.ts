import { createHash } from 'node:crypto';
import type { Reply } from './request-context.ts';
import { identicon } from './seed/files.ts';
import type { World } from './state/world.ts';

/** Pictures of people and groups. Their addresses hold nothing secret and need no credentials, as on a picture host. */
export function pictureReply(world: World, path: string): Reply {
  const stored = world.files.get(path);
  const bytes = stored?.bytes ?? identicon(createHash('sha256').update(path).digest());
  // They never change under one address.
  const headers = { 'content-type': stored?.contentType ?? 'image/png', 'cache-control': 'max-age=86400' };
  return { status: 200, headers, bytes };
}
