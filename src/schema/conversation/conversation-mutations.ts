/** Marking a whole conversation as delivered or read. */
import type { GatewayContext } from '../../context.ts';
import type { Conversation } from '../../domain/conversation.ts';
import type { ConversationKey, Message } from '../../domain/domain.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { conversationText } from '../../loaders/conversation-memory.ts';
import { markConversation, type markWords } from '../../upstream/endpoints/conversation.ts';
import { messageLookupV5 } from '../../upstream/endpoints/message.ts';
import { missingFor, notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { conversationKeyOf, tokenOf } from '../id.ts';
import { ConversationRef, conversationReference } from '../refs.ts';

const ConversationMarkRef = builder.enumType('ConversationMark', {
  description: 'Delivery status that a whole conversation can be marked with.',
  values: {
    DELIVERED: { description: 'The messages are on a device of the caller.' },
    READ: { description: 'The caller has opened the messages; those that delete on read are deleted.' },
  } satisfies Record<keyof typeof markWords, object>,
});

const MarkConversationInput = builder.inputType('MarkConversationInput', {
  description: 'The part of a conversation to mark.',
  fields: (t) => ({
    conversation: t.id({ required: true, description: 'Global id of the conversation.' }),
    status: t.field({
      type: ConversationMarkRef,
      required: true,
      description: 'Status of the messages after the change; a status never moves backwards.',
    }),
    through: t.id({
      required: true,
      description:
        'The last message to mark: its global id, its token, or its `sortNumber`. A sort number costs no read; a message is read for it, and BAD_USER_INPUT when it is in another conversation.',
    }),
  }),
});

const MarkConversationPayload = builder
  .objectRef<{ readonly conversation: Conversation | null }>('MarkConversationPayload')
  .implement({
    description: 'The conversation that was marked.',
    fields: (t) => ({
      conversation: t.field({
        type: ConversationRef,
        description: 'The conversation after the change; its counts are read again when they are selected.',
        resolve: ({ conversation }) => conversation,
      }),
    }),
  });

/**
 * The sort number of a message of this conversation. With a message of another conversation, everything until its time would be
 * marked, including messages that the caller may not have seen.
 * @param id The upstream's id of the conversation.
 * @throws GatewayError `BAD_USER_INPUT` or `NOT_FOUND` when it is neither a sort number nor a message of the conversation.
 */
async function sortNumberOf(
  through: string,
  id: string,
  key: ConversationKey,
  { upstream, loaders }: GatewayContext,
): Promise<number> {
  if (/^\d{1,16}$/.test(through)) {
    const sortNumber = Number(through);
    if (Number.isSafeInteger(sortNumber)) return sortNumber;
  }
  const expected = 'the global id or token of a Message, or a sort number';
  const token = /^[\w:-]+$/.test(through) ? tokenOf('Message', through, 'input.through') : undefined;
  if (token === undefined) throw badUserInput('input.through', expected);
  const message = await upstream.find(messageLookupV5(token));
  if (message?.sortNumber === undefined) throw notFoundAt('input.through', 'such message');
  if (!(await isIn(message, id, key, loaders)))
    throw badUserInput('input.through', 'a message of the conversation, or a sort number');
  return message.sortNumber;
}

/** A message that does not show its conversation is assumed to be in it. */
async function isIn(
  message: Message,
  id: string,
  key: ConversationKey,
  { conversations }: GatewayContext['loaders'],
): Promise<boolean> {
  if (message.conversationId !== undefined) return message.conversationId === id;
  const found = await conversations.keyOfMessage(message);
  return found === undefined || conversationText(found) === conversationText(key);
}

builder.mutationFields((t) => ({
  markConversation: t.field({
    type: MarkConversationPayload,
    extensions: costs({ perParent: 6 }),
    description:
      'Marks what the caller received in a conversation as delivered or read, up to and including one message. Senders see the change, and all devices of the caller get new counts. NOT_SUPPORTED on an upstream without history; `updateMessageStatus` marks single messages there.',
    args: {
      input: t.arg({
        type: MarkConversationInput,
        required: true,
        description: 'The conversation, status and last message.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const key = conversationKeyOf(input.conversation, 'input.conversation');
      const { conversations } = context.loaders;
      const marking = conversations.withId(key, async (id) => {
        await markConversation(context.upstream, id, input.status, await sortNumberOf(input.through, id, key, context));
        return true;
      });
      const isMarked = await missingFor('input.conversation', 'such conversation', marking);
      if (isMarked === undefined) {
        throw new GatewayError('NOT_SUPPORTED', {
          message: 'The upstream keeps no history for the credential; updateMessageStatus marks single messages.',
        });
      }
      context.loaders.clearMessages();
      return { conversation: conversationReference(key) };
    },
  }),
}));
