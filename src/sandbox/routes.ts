import type { StreamOptions } from './event-stream.ts';
import type { Routes } from './request-context.ts';
import { accountRoutes } from './routes/account.ts';
import { attachmentRoutes } from './routes/attachment.ts';
import { eventRoutes } from './routes/event.ts';
import { groupRoutes } from './routes/group.ts';
import { listRoutes } from './routes/list.ts';
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

/** All operations of the contract except the logins, by operationId. */
export function createRoutes(streams: StreamOptions): Routes {
  return {
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
}
