import { createHash } from 'node:crypto';
import type { Reply } from './exchange.ts';
import { identicon } from './seed/files.ts';
import type { World } from './state/world.ts';

/** Pictures of people and groups. Their addresses hold nothing secret and need no credentials, as on a picture host. */
export function pictureReply(world: World, path: string): Reply {
  const stored = world.files.get(path);
  const bytes = stored?.bytes ?? identicon(createHash('sha256').update(path).digest());
  return {
    status: 200,
    takeOver: (_request, response) => {
      response.writeHead(200, { 'content-type': stored?.contentType ?? 'image/png', 'content-length': bytes.length });
      response.end(bytes);
    },
  };
}
