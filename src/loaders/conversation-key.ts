/** The conversation of a message, and what is known of a counterpart by its token. */
import type { ConversationKey, EntityKind, Message } from '../domain.ts';

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

export function groupKey({ group, senderOrganizationKey: from, recipientOrganizationKey: to }: Message) {
  return keyWith(to ?? from, group, 'GROUP');
}

/**
 * A direct conversation is filed under the counterpart's organization. The recipient may be a user or a distribution list, and
 * the message does not say which.
 */
export function directKey(message: Message, own: string): ConversationKey | undefined {
  const { senderOrganizationKey: from, recipientOrganizationKey: to } = message;
  return message.sender === own
    ? keyWith(to ?? from, message.recipient, undefined)
    : keyWith(from ?? to, message.sender, 'USER');
}
