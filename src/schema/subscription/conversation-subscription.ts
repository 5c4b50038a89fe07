/** A subscription to one conversation: everything that changes its history, its counts or its mute. */
import type { GatewayContext } from '../../context.ts';
import type { ConversationKey, Message } from '../../domain/domain.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { CallerMemory } from '../../loaders/conversation-memory.ts';
import { builder } from '../builder.ts';
import { type EventNode, EventRef } from '../event/event.ts';
import { conversationOfEvent, keyInEvent } from '../event/event-conversation.ts';
import { present, subscribe } from '../event/typed-source.ts';
import { costs } from '../field-cost.ts';
import { conversationKeyOf } from '../id.ts';
import { ConversationRef } from '../refs.ts';

interface ConversationEvent {
  readonly key: ConversationKey;
  readonly node: EventNode;
}

const ConversationChangedRef = builder.objectRef<ConversationEvent>('ConversationChanged').implement({
  description:
    'Something in a conversation changed: a message, a delivery status, a notice, the mute, or the conversation itself.',
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: 'Id of the event that reports the change.',
      resolve: ({ node }) => node.id,
    }),
    receivedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time the gateway received the event.',
      resolve: ({ node }) => node.receivedAt,
    }),
    conversation: t.field({
      type: ConversationRef,
      nullable: false,
      extensions: costs({ perParent: 1 }),
      description:
        'The conversation after the change. Its counts come with the event on the event stream of v5, otherwise they cost an upstream call when they are selected.',
      resolve: async ({ key, node: { event } }, _args, context) => {
        if (event.type === 'SUBSCRIPTION_GAP') return { kind: 'CONVERSATION', key } as const;
        const found = event.inConversation === undefined ? null : await conversationOfEvent(event, context);
        return { kind: 'CONVERSATION', key, reported: found?.reported } as const;
      },
    }),
    event: t.field({
      type: EventRef,
      nullable: false,
      description: 'The event that reports the change.',
      resolve: ({ node }) => node,
    }),
  }),
});

/** Whether an event changes the conversation. An event of v2 that does not identify its conversation counts. */
function changes(event: GatewayEvent, key: ConversationKey, memory: CallerMemory): boolean {
  const id = event.inConversation?.id ?? (event.type === 'PROCESSING_CHANGED' ? event.conversation : undefined);
  const known = id === undefined ? undefined : (memory.keyOf(id) ?? (memory.idOf(key) === id ? key : undefined));
  if (known !== undefined) return isSame(known, key);
  switch (event.type) {
    case 'MESSAGE_RECEIVED':
      return isIn(event.message, key);
    case 'MESSAGE_STATUS_CHANGED':
      return (event.group ?? event.user) === key.counterpart;
    case 'MESSAGE_RECALLED':
      return event.group === undefined ? mayBeDirect(event.recalledBy, key, memory) : event.group === key.counterpart;
    case 'MUTE_CHANGED':
      if (event.change === 'CLEARED') return true;
      return event.kind === 'ORGANIZATION' ? event.token === key.organization : isNamed(event, key);
    case 'ROSTER_CHANGED':
    case 'CONVERSATION_NOTICE':
      return isNamed(event, key);
    default:
      return false;
  }
}

function isSame(one: ConversationKey, other: ConversationKey): boolean {
  return one.counterpart === other.counterpart && one.organization === other.organization;
}

function isNamed(event: GatewayEvent, key: ConversationKey): boolean {
  const named = keyInEvent(event);
  return named !== undefined && isSame(named, key);
}

function isIn(message: Message, { counterpart, organization }: ConversationKey): boolean {
  const { group, sender, recipient, senderOrganizationKey: from, recipientOrganizationKey: to } = message;
  const isWith = group === undefined ? sender === counterpart || recipient === counterpart : group === counterpart;
  return isWith && ((from === undefined && to === undefined) || from === organization || to === organization);
}

/**
 * A recall of a direct message has only its sender: it is in the conversation with the sender, or in any when the sender is the
 * caller.
 */
function mayBeDirect(sender: string | undefined, { counterpart }: ConversationKey, { account }: CallerMemory): boolean {
  return sender === undefined || sender === counterpart || account === undefined || sender === account;
}

async function subscribeToConversation(id: string, context: GatewayContext) {
  const key = conversationKeyOf(id, 'conversation');
  const memory = context.services.conversationMemory.for(context.credential);
  // Events of v5 name conversations by the upstream's id.
  if (memory.version === 'v5') await context.loaders.conversations.id(key);
  return subscribe(
    context,
    (event) => changes(event, key, memory),
    (delivery) => (changes(delivery.event, key, memory) ? [{ key, node: delivery }] : []),
  );
}

builder.subscriptionFields((t) => ({
  conversationChanged: t.field({
    type: ConversationChangedRef,
    nullable: false,
    description:
      'Changes of one conversation, in order. On v2 of the upstream the recall of a direct message does not identify its conversation, so it is reported for each possible one.',
    args: {
      conversation: t.arg.id({ required: true, description: 'Global id of the conversation.' }),
    },
    subscribe: (_root, { conversation }, context) => subscribeToConversation(conversation, context),
    resolve: present,
  }),
}));
