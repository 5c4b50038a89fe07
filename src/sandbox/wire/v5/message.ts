import type { components } from '../../../generated/contract-v5.ts';
import { isUnread } from '../../state/conversation-view.ts';
import { overallStatus } from '../../state/message.ts';
import type { World } from '../../state/world.ts';
import type { Account, Message } from '../../state/world-types.ts';
import { messageFields, statusWire } from '../message.ts';

type Schemas = components['schemas'];

/** Seconds until a message expires; 0 once it has. */
export function secondsLeft(world: World, { expiresAt }: Message): number {
  return Math.max(0, Math.ceil((expiresAt - world.clock.now()) / 1000));
}

/**
 * A message as the account sees it, in timelines and replies. What a member of a group with history did not receive
 * counts as read.
 */
export function timelineMessage(
  world: World,
  account: Account,
  message: Message,
  features: ReadonlySet<string>,
): Schemas['TimelineMessage'] {
  const left = secondsLeft(world, message);
  const isOwn = message.author === account.token;
  const own = message.recipients.get(account.token)?.status ?? (isOwn ? overallStatus(message) : 'Read');
  return {
    message_id: message.id,
    client_id: message.id,
    ...messageFields(world, message),
    ...(message.conversationId === undefined ? {} : { conversation_id: message.conversationId }),
    sender: message.sender,
    recipient_token: message.target.token,
    recipient: message.target.token,
    is_group: message.target.kind === 'group',
    is_unread: isUnread(world, account.token, message),
    status: statusWire(own, features),
    ...(Number.isFinite(left) ? { expire_in: left } : {}),
    ...(message.requestId === undefined || !isOwn ? {} : { request_id: message.requestId }),
  };
}

/** The two fields that clients need to order and find a message. */
export function messageReference(message: Message): Schemas['MessageReference'] {
  return { message_id: message.id, sort_number: message.sortNumber };
}
