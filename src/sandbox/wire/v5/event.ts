/** Payloads of events on v5 streams, where they differ from v2 (EVENTS-v5.md §2). */

import { isParticipant } from '../../state/conversation.ts';
import type { Conversation } from '../../state/conversation-types.ts';
import { isUnread } from '../../state/conversation-view.ts';
import type { World } from '../../state/world.ts';
import type { EventDraft, Message, V5Form } from '../../state/world-types.ts';
import { conversationItem, eventCounts } from './conversation.ts';

type Document = Readonly<Record<string, unknown>>;
type Payload = EventDraft['payload'];

/** @returns Undefined for a message without a conversation, which v5 streams do not receive. */
function conversationOf(world: World, { conversationId = '' }: Message): Conversation | undefined {
  return world.conversations.get(conversationId);
}

/** The v2 fields with the conversation and its counts. Null for a message without a conversation. */
export function messageForm(world: World, message: Message, v2: Document): V5Form | null {
  const { conversationId } = message;
  if (conversationId === undefined) return null;
  return {
    conversationId,
    change: 'content',
    payload: (_features, reader) => {
      const conversation = conversationOf(world, message);
      if (conversation === undefined) return undefined;
      const { counts, ...rest } = eventCounts(world, reader, conversation);
      return {
        ...v2,
        conversation_id: conversationId,
        recipient_token: message.target.token,
        is_group: message.target.kind === 'group',
        is_unread: isUnread(world, reader, message),
        ...counts,
        ...rest,
      };
    },
  };
}

/** A recipient's state, for the sender and for every device of the recipient. */
export function statusForm(world: World, message: Message, v2: Payload): V5Form | null {
  return aboutMessage(world, message, 'state', (features) => v2(features), false);
}

/** For every party. A client that holds the recalled message as the last or the first-expiring one gets the next. */
export function recallForm(world: World, message: Message, v2: Payload): V5Form | null {
  return aboutMessage(world, message, 'content', v2, true);
}

function aboutMessage(
  world: World,
  message: Message,
  change: 'content' | 'state',
  v2: Payload,
  withLast: boolean,
): V5Form | null {
  const { conversationId } = message;
  if (conversationId === undefined) return null;
  return {
    conversationId,
    change,
    payload: (features, reader) => {
      const conversation = conversationOf(world, message);
      if (conversation === undefined) return undefined;
      const { counts, ...rest } = eventCounts(world, reader, conversation);
      return {
        ...v2(features),
        conversation_id: conversationId,
        organization_id: conversation.organization,
        is_unread: !message.recalled && isUnread(world, reader, message),
        ...counts,
        ...(withLast ? rest : {}),
      };
    },
  };
}

/** The conversation exists or has new content (`add`), or something about it changed (`update`). */
export function friendsForm(world: World, action: 'add' | 'update', conversation: Conversation): V5Form {
  return {
    conversationId: conversation.id,
    change: action === 'add' ? 'content' : 'state',
    payload: (features, reader) => friendsPayload(world, action, conversation, features, reader),
  };
}

/** @returns Undefined when the reader no longer takes part in the conversation. */
export function friendsPayload(
  world: World,
  action: 'add' | 'update',
  conversation: Conversation,
  features: ReadonlySet<string>,
  reader: string,
): object | undefined {
  const account = world.accounts.get(reader);
  if (account === undefined || !isParticipant(world, account, conversation)) return undefined;
  const withMetadata = features.has('render_metadata');
  const item = conversationItem(world, account, conversation, { features, withMetadata, lastMessage: 'reference' });
  return { xmlns: friends, action, ...item };
}

const friends = 'tigertext:iq:friends';

/** The conversation ends. Never the flat form: it signs the JavaScript SDK out when the group is unknown to it. */
export function goneForm(
  conversation: Conversation,
  entity: { readonly type: string; readonly token: string },
): V5Form {
  const { id, organization } = conversation;
  const payload = {
    xmlns: friends,
    action: 'del',
    conversation_id: id,
    organization_id: organization,
    entity: { type: shortType(entity.type), token: entity.token },
  };
  return { conversationId: id, change: 'gone', payload: () => payload };
}

/** As `goneForm`, where v2 streams have an event of their own. */
export function goneEvent(
  conversation: Conversation,
  entity: { readonly type: string; readonly token: string },
): EventDraft {
  return conversationEvent(goneForm(conversation, entity));
}

/** A new conversation, for the devices that lack it; v2 streams get it with its first message. */
export function newConversationEvent(world: World, conversation: Conversation): EventDraft {
  return conversationEvent(friendsForm(world, 'add', conversation));
}

/** The counts and the last message of a conversation, which the reader's devices may have outdated. */
export function changedConversationEvent(world: World, conversation: Conversation): EventDraft {
  return conversationEvent(friendsForm(world, 'update', conversation));
}

function conversationEvent(v5: V5Form): EventDraft {
  return { type: friends, stored: true, isV5Only: true, payload: () => ({}), v5 };
}

/** `account`, `group` or `list`: the types of the JavaScript SDK (EVENTS-v5.md §2). */
export function shortType(type: string): string {
  return type.replace('tigertext:entity:', '');
}
