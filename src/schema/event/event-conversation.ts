/** The conversation and the counterpart of an event, with the state that the event contains. */
import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Conversation, ReportedState } from '../../domain/conversation.ts';
import type { ConversationKey, Counterpart, EntityKind, Message } from '../../domain/domain.ts';
import type { EventConversation } from '../../domain/event-base.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { costs } from '../field-cost.ts';
import { ConversationRef, conversationReference } from '../refs.ts';
import { needsRead } from '../selection.ts';

/** Null when the event does not show it. */
export function conversationOfEvent(event: GatewayEvent, context: GatewayContext): PromiseOrValue<Conversation | null> {
  const message = event.type === 'MESSAGE_RECEIVED' ? event.message : undefined;
  const { inConversation } = event;
  const reported = inConversation && reportedBy(inConversation, message);
  return thenOrNow(keyOfEvent(event, context), (key) => conversationReference(key, { reported }));
}

function keyOfEvent(event: GatewayEvent, context: GatewayContext): PromiseOrValue<ConversationKey | undefined> {
  const { conversations } = context.loaders;
  if (event.type === 'MESSAGE_RECEIVED') return conversations.keyOfMessage(event.message);
  const named = keyInEvent(event);
  if (named !== undefined || event.inConversation !== undefined)
    return named ?? conversations.keyOfId(event.inConversation?.id ?? '');
  const isAboutGroup = event.type === 'MESSAGE_STATUS_CHANGED' || event.type === 'MESSAGE_RECALLED';
  return isAboutGroup && event.group !== undefined ? keyOfGroup(event.group, context) : undefined;
}

/** The conversation that the event identifies by organization and counterpart. */
export function keyInEvent(event: GatewayEvent): ConversationKey | undefined {
  switch (event.type) {
    case 'ROSTER_CHANGED':
      return keyWith(event.organization, event.counterpart.token, event.counterpart.kind);
    case 'CONVERSATION_NOTICE':
      return keyWith(event.organization, event.target?.token, event.target?.kind);
    case 'TYPING_CHANGED':
      return event.group === undefined
        ? keyWith(event.organization, event.user, 'USER')
        : keyWith(event.organization, event.group, 'GROUP');
    case 'MUTE_CHANGED':
      return event.kind === 'ORGANIZATION' ? undefined : keyWith(event.organization, event.token, event.kind);
    default:
      return undefined;
  }
}

function keyWith(
  organization: string | undefined,
  counterpart: string | undefined,
  kind: EntityKind | undefined,
): ConversationKey | undefined {
  if (organization === undefined || counterpart === undefined || kind === undefined) return undefined;
  return { organization, counterpart, kind };
}

function keyOfGroup(token: string, { loaders }: GatewayContext): PromiseOrValue<ConversationKey | undefined> {
  return thenOrNow(loaders.groups.load(token), (group) => keyWith(group?.organizationKey, token, 'GROUP'));
}

function reportedBy(
  { unreadCount, unreadPriorityCount, lastMessage, firstExpiringUnread }: EventConversation,
  message: Message | undefined,
): ReportedState {
  return {
    unreadCount,
    unreadPriorityCount,
    // An event has only the token of the last message, unless that is its own message.
    lastMessage: lastMessage === null ? null : lastMessage === message?.token ? message : undefined,
    firstExpiringUnread,
  };
}

/**
 * Reads the object again, because an event contains only the changes; falls back to the event's values when it cannot be
 * read.
 */
export async function readCounterpart(
  counterpart: Counterpart,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<Counterpart> {
  if (!needsRead(info)) return counterpart;
  const { kind, token } = counterpart;
  const { loaders } = context;
  const read = { USER: () => loaders.users(), GROUP: () => loaders.groups, LIST: () => loaders.lists }[kind]();
  return (await read.load(token)) ?? counterpart;
}

/** The `conversation` field of events. */
export const conversationOfEventField = {
  type: ConversationRef,
  extensions: costs({ perParent: 1 }),
  description:
    'The conversation of the event; null when the event does not show it, as v2 of the upstream does for states of direct messages. The counts are those after the event: from the event itself on the event stream of v5, otherwise they cost an upstream call when they are selected.',
  resolve: ({ event }: { readonly event: GatewayEvent }, _args: object, context: GatewayContext) =>
    conversationOfEvent(event, context),
} as const;
