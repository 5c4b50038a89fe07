import { badUserInput } from '../../errors.ts';
import { sendMessage } from '../../upstream/endpoints/send-message.ts';
import { missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { isToRole } from '../duty/role-conversation.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { costs } from '../field-cost.ts';
import { speakAsField, speakAsToken } from '../id.ts';
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
import { checkTarget, findTarget, sendInto } from './send-target.ts';

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message to one recipient or conversation. It requires a body, an attachment or data.',
  fields: (t) => ({
    recipient: t.id({ description: `${recipientDescription} Required without \`conversation\`.` }),
    conversation: t.id({
      description: 'Global id of the conversation to send into, in place of `recipient` and the organizations.',
    }),
    toUnstaffedRole: t.boolean(toUnstaffedRoleField),
    body: t.string({ description: 'Text of the message; none when left out.' }),
    speakAs: t.id(speakAsField),
    escalate: t.boolean({
      description:
        'Whether the message starts the escalation configured for its recipient; the upstream decides when left out.',
    }),
    attachment: t.field({
      type: 'File',
      description: 'One file, sent by the GraphQL multipart request specification.',
    }),
    ttl: t.int({
      description: 'Lifetime in minutes, 1 or more; -1 means no end. The organization’s default when left out.',
    }),
    deleteOnRead: t.boolean({
      description: 'Whether the message is deleted once it is read; the organization’s default when left out.',
    }),
    priority: t.field({ type: PriorityRef, description: 'Priority of the message; NORMAL when left out.' }),
    data: t.field({ type: [MessageDatumInput], description: dataDescription }),
    senderOrganization: t.string(senderOrganizationField),
    recipientOrganization: t.string(recipientOrganizationField),
    idempotencyKey: t.string(idempotencyKeyField),
  }),
});

const SendMessagePayload = builder.objectRef<Sent>('SendMessagePayload').implement({
  description: 'Result of sending a message.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The stored message; null when it has already disappeared.',
      resolve: (sent, _args, context, info) => sentMessage(sent, context, needsRead(info)),
    }),
    wasAlreadyStored: t.exposeBoolean('alreadyStored', wasAlreadyStoredField),
    recipientWasCreated: t.exposeBoolean('recipientCreated', recipientWasCreatedField),
    conversation: t.field({
      ...sentConversationField,
      description:
        'The conversation with the new message; null when the upstream does not name its organization. Its counts and its last message cost no call when the message was sent by `conversation`.',
      resolve: (sent, _args, context) => conversationOfSent(sent, context),
    }),
  }),
});

builder.mutationFields((t) => ({
  sendMessage: t.field({
    type: SendMessagePayload,
    extensions: costs({ perParent: sendCalls }),
    description:
      'Sends a message to one user, role, group, distribution list or unknown address. To a role it goes into the caller’s conversation with it, which is created if necessary; NOBODY_ON_DUTY when no user would read it.',
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'The recipient and the content.' }) },
    resolve: async (_root, { input }, context) => {
      checkTarget(input); // a missing recipient is reported before anything else
      const delivery = deliveryOf(input, context);
      const hasContent =
        (input.body ?? '').trim() !== '' || input.attachment != null || (delivery.data?.length ?? 0) > 0;
      if (!hasContent) throw badUserInput('input.body', 'a text, unless an attachment or data is sent');
      // A lone surrogate has no UTF-8 form: beside an attachment it would be stored as another character.
      if (/\p{Cs}/u.test(input.body ?? '')) throw badUserInput('input.body', 'text without half of a surrogate pair');
      assertFitsEvent(context, { 'input.body': input.body, 'input.data': delivery.data });
      const { ttl } = input;
      if (ttl != null && ttl !== -1 && ttl < 1) throw badUserInput('input.ttl', 'minutes, 1 or more, or -1 for never');
      const message = {
        ...delivery,
        body: input.body ?? undefined,
        role: speakAsToken(input.speakAs),
        escalate: input.escalate ?? undefined,
        attachment: (await input.attachment) ?? undefined,
        ttl: ttl ?? undefined,
        deleteOnRead: input.deleteOnRead ?? undefined,
      };
      const target = await findTarget(input, context);
      if ('counterpart' in target) {
        const field = isToRole(input) ? 'input.recipient' : 'input.conversation';
        const sent = await missingFor(field, missingRecipient, sendInto(target, message, context));
        await publishSent(sent, context);
        return { ...sent, recipientCreated: false };
      }
      const recipientIsNew = await isNew(target.recipient, context);
      const sending = sendMessage(context.upstream, { ...message, ...target });
      const sent = await missingFor('input.recipient', missingRecipient, sending);
      await publishSent(sent, context);
      context.loaders.clearRoster();
      if (recipientIsNew) context.loaders.clearUsers();
      return { ...sent, recipientCreated: recipientIsNew && !sent.alreadyStored };
    },
  }),
}));
