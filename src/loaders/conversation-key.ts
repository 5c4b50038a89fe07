/** Determines the conversation of a message, and the kinds that a counterpart may have. */
import type { ConversationKey, EntityKind, Message, User } from '../domain/domain.ts';
import type { CallerMemory } from './conversation-memory.ts';
import { type PromiseOrValue, thenOrNow } from './promise-or-value.ts';

/** Kinds that a counterpart may have, in the order in which they are tried. */
export function kindsOf(kind: EntityKind | undefined): readonly EntityKind[] {
  return kind === undefined ? ['USER', 'GROUP', 'LIST'] : [kind];
}

function keyWith(
  organization: string | undefined,
  counterpart: string | undefined,
  kind: EntityKind | undefined,
): ConversationKey | undefined {
  return organization === undefined || counterpart === undefined ? undefined : { organization, counterpart, kind };
}

function groupKey({ group, senderOrganizationKey: from, recipientOrganizationKey: to }: Message) {
  return keyWith(to ?? from, group, 'GROUP');
}

/**
 * A direct conversation is filed under the counterpart's organization. The recipient may be a user or a distribution list, and
 * the message does not say which.
 */
function directKey(message: Message, own: string): ConversationKey | undefined {
  const { senderOrganizationKey: from, recipientOrganizationKey: to } = message;
  return message.sender === own
    ? keyWith(to ?? from, message.recipient, undefined)
    : keyWith(from ?? to, message.sender, 'USER');
}

/**
 * The conversation of a message; undefined when the message does not show it.
 * @param me Reads the caller's own account, which decides for a direct message; not needed when the memory has it.
 */
export function keyOfMessage(
  message: Message,
  memory: CallerMemory,
  me: () => PromiseOrValue<User>,
): PromiseOrValue<ConversationKey | undefined> {
  const { conversationId } = message;
  const known = message.conversation ?? (conversationId === undefined ? undefined : memory.keyOf(conversationId));
  if (known !== undefined) return known;
  const remember = (key: ConversationKey | undefined) => {
    // A message of v5 names the upstream's id of its conversation.
    if (conversationId !== undefined && key !== undefined) memory.remember(key, conversationId);
    return key;
  };
  if (message.group !== undefined) return remember(groupKey(message));
  // An unread message is one that the caller received.
  const own = memory.account ?? (message.isUnread === true ? '' : undefined);
  if (own !== undefined) return remember(directKey(message, own));
  return thenOrNow(me(), ({ token }) => {
    memory.account = token;
    return remember(directKey(message, token));
  });
}
