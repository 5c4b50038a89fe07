import { createHash } from 'node:crypto';
import type { Reply } from './http/request-context.ts';
import { identicon } from './seed/files.ts';
import type { World } from './state/world.ts';

/** Pictures of people and groups, served without credentials. A path without a stored picture gets an identicon. */
export function pictureReply(world: World, path: string): Reply {
  const stored = world.files.get(path);
  const bytes = stored?.bytes ?? identicon(createHash('sha256').update(path).digest());
  // The picture at a path never changes.
  const headers = {
    'content-type': stored?.contentType ?? 'image/png',
    'cache-control': 'max-age=86400',
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
  };
  return { status: 200, headers, bytes };
}
