import type { Conversation } from '../../domain/conversation.ts';
import { forwardMessage, type SentMessage } from '../../upstream/endpoints/send-message.ts';
import { isUnnamedAbsence, notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { isToRole } from '../duty/role-conversation.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { publishSent } from '../publish-own.ts';
import { MessageRef } from '../refs.ts';
import { needsRead } from '../selection.ts';
import { PriorityRef } from './message.ts';
import { dataDescription, MessageDatumInput } from './message-data.ts';
import {
  conversationOfSent,
  deliveryOf,
  idempotencyKeyField,
  isNew,
  missingRecipient,
  recipientDescription,
  recipientOrganizationField,
  recipientWasCreatedField,
  type Sent,
  sendCalls,
  senderOrganizationField,
  sentConversationField,
  sentMessage,
  toUnstaffedRoleField,
  wasAlreadyStoredField,
} from './message-delivery.ts';
import { checkTarget, findTarget, forwardInto } from './send-target.ts';

const ForwardMessageInput = builder.inputType('ForwardMessageInput', {
  description: 'A message to forward to one recipient or conversation.',
  fields: (t) => ({
    message: t.id({ required: true, description: 'Global id or token of the message to forward.' }),
    recipient: t.id({ description: `${recipientDescription} Required without \`conversation\`.` }),
    conversation: t.id({
      description: 'Global id of the conversation to forward into, in place of `recipient` and the organizations.',
    }),
    toUnstaffedRole: t.boolean(toUnstaffedRoleField),
    priority: t.field({
      type: PriorityRef,
      description: 'Priority of the message; the upstream decides when left out.',
    }),
    data: t.field({ type: [MessageDatumInput], description: dataDescription }),
    senderOrganization: t.string(senderOrganizationField),
    recipientOrganization: t.string(recipientOrganizationField),
    idempotencyKey: t.string(idempotencyKeyField),
  }),
});

const ForwardMessagePayload = builder.objectRef<Sent>('ForwardMessagePayload').implement({
  description: 'Result of forwarding a message.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The new message; null when it has already disappeared.',
      resolve: (sent, _args, context, info) => sentMessage(sent, context, needsRead(info)),
    }),
    conversation: t.field({
      ...sentConversationField,
      description: 'The conversation with the new message; null when the upstream does not name its organization.',
      resolve: (sent, _args, context) => conversationOfSent(sent, context),
    }),
    wasAlreadyStored: t.exposeBoolean('alreadyStored', wasAlreadyStoredField),
    recipientWasCreated: t.exposeBoolean('recipientCreated', recipientWasCreatedField),
  }),
});

builder.mutationFields((t) => ({
  forwardMessage: t.field({
    type: ForwardMessagePayload,
    extensions: costs({ perParent: sendCalls }),
    description: 'Forwards a message. The new message has its origin in `forwardedFrom`.',
    args: {
      input: t.arg({ type: ForwardMessageInput, required: true, description: 'The message and its new recipient.' }),
    },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Message', input.message, 'input.message');
      checkTarget(input); // a missing recipient is reported before anything else
      const delivery = deliveryOf(input, context);
      assertFitsEvent(context, { 'input.data': delivery.data });
      const target = await findTarget(input, context);
      const isInto = 'counterpart' in target;
      const recipientIsNew = !isInto && (await isNew(target.recipient, context));
      const forwarding: Promise<SentMessage & { readonly conversation?: Conversation }> = isInto
        ? forwardInto(target, token, delivery, context)
        : forwardMessage(context.upstream, token, { ...delivery, ...target });
      const sent = await forwarding.catch(async (error: unknown) => {
        if (!isUnnamedAbsence(error)) throw error;
        // Either the message or the recipient may be missing.
        const message = await context.loaders.messages.load(token);
        throw message === undefined
          ? notFoundAt('input.message', 'such message')
          : notFoundAt(isInto && !isToRole(input) ? 'input.conversation' : 'input.recipient', missingRecipient);
      });
      await publishSent(sent, context);
      context.loaders.clearRoster();
      if (recipientIsNew) context.loaders.clearUsers();
      return { ...sent, recipientCreated: recipientIsNew && !sent.alreadyStored };
    },
  }),
}));
