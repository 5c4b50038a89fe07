import type { Routes } from './http/request-context.ts';
import { accountRoutes } from './routes/account.ts';
import { attachmentRoutes } from './routes/attachment.ts';
import { callRoutes } from './routes/call.ts';
import { escalationRoutes } from './routes/escalation.ts';
import { eventRoutes } from './routes/event.ts';
import { groupRoutes } from './routes/group.ts';
import { listRoutes } from './routes/list.ts';
import { lookupRoutes } from './routes/lookup.ts';
import { messageRoutes } from './routes/message.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { muteRoutes } from './routes/mute.ts';
import { organizationRoutes } from './routes/organization.ts';
import { preferencesRoutes } from './routes/preferences.ts';
import { roleRoutes } from './routes/role.ts';
import { rosterRoutes } from './routes/roster.ts';
import { searchRoutes } from './routes/search.ts';
import { statusRoutes } from './routes/status.ts';
import { teamRoutes } from './routes/team.ts';
import { typingRoutes } from './routes/typing.ts';
import { userRoutes } from './routes/user.ts';
import { conversationRoutesV5 } from './routes/v5/conversation.ts';
import { groupRoutesV5 } from './routes/v5/group.ts';
import { messageRoutesV5 } from './routes/v5/message.ts';
import { userRoutesV5 } from './routes/v5/user.ts';
import type { StreamOptions } from './stream/event-stream.ts';

export interface RouteOptions {
  readonly streams: StreamOptions;
  /** Conversations on a page of the v5 roster. */
  readonly rosterPage: number;
}

/** The operations of both contract files, by operationId, except the logins. */
export function createRoutes({ streams, rosterPage }: RouteOptions): Routes {
  return {
    ...accountRoutes,
    ...attachmentRoutes,
    ...callRoutes,
    ...escalationRoutes,
    ...eventRoutes(streams),
    ...groupRoutes,
    ...listRoutes,
    ...lookupRoutes,
    ...messageRoutes,
    ...metadataRoutes,
    ...muteRoutes,
    ...organizationRoutes,
    ...preferencesRoutes,
    ...roleRoutes,
    ...rosterRoutes,
    ...searchRoutes,
    ...statusRoutes,
    ...teamRoutes,
    ...typingRoutes,
    ...userRoutes,
    ...conversationRoutesV5(rosterPage),
    ...groupRoutesV5,
    ...messageRoutesV5,
    ...userRoutesV5,
  };
}
