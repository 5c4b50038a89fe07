/** Publishes the caller's own sends and new conversations as events: a v5 event stream omits changes of its own key pair. */
import type { GatewayContext } from '../context.ts';
import type { ConversationState } from '../domain/conversation.ts';
import type { Counterpart } from '../domain/domain.ts';
import type { EventConversation } from '../domain/event-base.ts';
import { asError } from '../errors.ts';
import { messageLookupV5 } from '../upstream/endpoints/message.ts';
import type { SentMessage } from '../upstream/endpoints/send-message.ts';

/**
 * Publishes a sent message to the caller's subscriptions. The message comes from the reply of the send; a reply without it costs a
 * read where the stream omits it. A failure of that read does not fail the send.
 */
export async function publishSent(
  { token, message, state }: SentMessage & { readonly state?: ConversationState | undefined },
  { caller: { credential }, services: { hub, log }, upstream }: GatewayContext,
): Promise<void> {
  if (credential === undefined) return;
  let whole = message;
  if (whole === undefined) {
    if (!hub.wantsOwn(credential)) return;
    const read = await upstream.find(messageLookupV5(token)).catch(asError);
    if (read instanceof Error || read === undefined) {
      log.warn('own message not relayed: it cannot be read', { caller: credential.key });
      return;
    }
    whole = read;
  }
  hub.publishOwn(credential, {
    type: 'MESSAGE_RECEIVED',
    message: whole,
    isHistory: false,
    recipientStatuses: [],
    inConversation: state && reportedOf(state),
  });
}

/** Publishes a conversation that the caller has created to the caller's subscriptions. */
export function publishAdded(
  counterpart: Counterpart,
  organization: string | undefined,
  { caller: { credential }, services: { hub } }: GatewayContext,
  state?: ConversationState,
): void {
  if (credential === undefined) return;
  hub.publishOwn(credential, {
    type: 'ROSTER_CHANGED',
    change: 'ADDED',
    counterpart,
    organization,
    inConversation: state && reportedOf(state),
  });
}

function reportedOf(state: ConversationState): EventConversation {
  return {
    id: state.id,
    organization: state.key.organization,
    unreadCount: state.unreadCount,
    unreadPriorityCount: state.unreadPriorityCount,
    lastMessage: state.lastMessage?.token ?? null,
    firstExpiringUnread: state.firstExpiringUnread ?? null,
  };
}
