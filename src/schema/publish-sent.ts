/** Own sends as events: on the event stream of v5 the upstream does not send them to the key pair that sent. */
import type { GatewayContext } from '../context.ts';
import type { ConversationState } from '../domain.ts';
import { asError } from '../errors.ts';
import { messageLookupV5, type SentMessage } from '../upstream/endpoints/message.ts';

/**
 * Gives a sent message to the caller's subscriptions. The message comes from the reply of the send; a reply without it costs a
 * read. A failure of that read does not fail the send.
 */
export async function publishSent(
  { token, message, state }: SentMessage & { readonly state?: ConversationState | undefined },
  { caller: { credential }, services: { hub, log }, upstream }: GatewayContext,
): Promise<void> {
  if (credential === undefined || !hub.wantsSent(credential)) return;
  const whole = message ?? (await upstream.find(messageLookupV5(token)).catch(asError));
  if (whole instanceof Error || whole === undefined) {
    log.warn('own message not relayed: it cannot be read', { caller: credential.key });
    return;
  }
  hub.publishSent(credential, {
    type: 'MESSAGE_RECEIVED',
    message: whole,
    isHistory: false,
    recipientStatuses: [],
    inConversation: state && {
      id: state.id,
      organization: state.key.organization,
      unreadCount: state.unreadCount,
      unreadPriorityCount: state.unreadPriorityCount,
      lastMessage: state.lastMessage?.token ?? null,
      firstExpiringUnread: state.firstExpiringUnread ?? null,
    },
  });
}
