/** Determines the conversation of a message, and the kinds that a counterpart may have. */
import type { ConversationKey, EntityKind, Message, User } from '../domain/domain.ts';
import type { CallerMemory } from './conversation-memory.ts';
import { type PromiseOrValue, thenOrNow } from './promise-or-value.ts';
import { ownerNamespace, partyIn } from './role-data.ts';

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

/** Accounts that decide for a direct message. */
export interface AccountReaders {
  /** The caller's own. */
  readonly me: () => PromiseOrValue<User>;
  /** Another, by its token. */
  readonly user: (token: string) => PromiseOrValue<User | undefined>;
}

/**
 * A direct conversation is filed under the counterpart's organization. The recipient may be a user or a distribution list, and
 * the message does not say which. The sender of a message that the caller wrote as a role is the role: the upstream has named the
 * caller in its data, as any person can in a message of their own.
 */
function directKey(
  message: Message,
  own: string,
  user: AccountReaders['user'],
): PromiseOrValue<ConversationKey | undefined> {
  const { sender, recipient, senderOrganizationKey: from, recipientOrganizationKey: to } = message;
  const sent = keyWith(to ?? from, recipient, undefined);
  if (sender === own) return sent;
  const received = keyWith(from ?? to, sender, 'USER');
  if (sender === undefined || recipient === own || partyIn(message, ownerNamespace)?.token !== own) return received;
  return thenOrNow(user(sender), (account) => (account?.role === undefined ? received : sent));
}

/**
 * The conversation of a message; undefined when the message does not show it.
 * @param readers Not needed for a group message. The caller's own account is not read when the memory has it.
 */
export function keyOfMessage(
  message: Message,
  memory: CallerMemory,
  { me, user }: AccountReaders,
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
  if (own !== undefined) return thenOrNow(directKey(message, own, user), remember);
  return thenOrNow(me(), ({ token }) => {
    memory.account = token;
    return thenOrNow(directKey(message, token, user), remember);
  });
}
