import { randomUUID } from 'node:crypto';
import type { GatewayContext } from '../context.ts';
import type { Message, Priority } from '../domain.ts';
import type { Conversation } from '../conversation.ts';
import { badUserInput } from '../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../loaders/promise-or-value.ts';
import { forwardMessage, type SentMessage, sendMessage } from '../upstream/endpoints/send-message.ts';
import { lookupUser } from '../upstream/endpoints/user.ts';
import { isUnnamedAbsence, missingFor, notThere } from './argument-error.ts';
import { builder } from './builder.ts';
import { mustFitEvent } from './event-size-limit.ts';
import { costs } from './field-cost.ts';
import { canBecomeAccount, speakAsField, tokenOf } from './id.ts';
import { PriorityRef } from './message.ts';
import { type DatumInput, dataDescription, dataOf, MessageDatumInput } from './message-data.ts';
import { publishSent } from './publish-own.ts';
import { ConversationRef, conversationReference, MessageRef } from './refs.ts';
import { needsRead } from './selection.ts';
import { forwardInto, sendInto, targetOf } from './send-target.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The contract's Request-ID, a UUID. A key from the client makes its repeated requests safe, a new one makes the gateway's
 * retries safe.
 */
function requestIdOf(key: string | null | undefined, { caller }: GatewayContext): string {
  if (key == null) {
    const fresh = randomUUID();
    caller.writes?.addFreshKey(fresh);
    return fresh;
  }
  if (!uuidPattern.test(key)) throw badUserInput('input.idempotencyKey', 'a UUID');
  return key.toLowerCase();
}

const idempotencyKeyField = {
  description:
    'A UUID chosen by the client. Requests with the same key store the message only once. When it is left out, an error with an unknown outcome has the key that was used in `extensions.idempotencyKey`.',
} as const;

const recipientDescription =
  'A user, group or distribution list: global id, token, e-mail address, phone number or login name. The upstream creates an account for an e-mail address or phone number that has none.';

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message to one recipient or conversation. It requires a body, an attachment or data.',
  fields: (t) => ({
    recipient: t.id({ description: `${recipientDescription} Required without \`conversation\`.` }),
    conversation: t.id({
      description: 'Global id of the conversation to send into, in place of `recipient` and the organizations.',
    }),
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
    senderOrganization: t.string({
      description: 'Key of the sender’s organization; the caller’s default organization when left out.',
    }),
    recipientOrganization: t.string({
      description: 'Key of the recipient’s organization; the same as `senderOrganization` when left out.',
    }),
    idempotencyKey: t.string(idempotencyKeyField),
  }),
});

const recipientWasCreatedField = {
  nullable: false,
  description:
    'Whether the address had no account and the upstream created one; the message is then sent by e-mail or phone.',
} as const;

interface Sent extends SentMessage {
  readonly recipientCreated: boolean;
  /** The conversation it went to, when it was sent to one. */
  readonly conversation?: Conversation | undefined;
}

/** The conversation of a sent message: the one it was sent to, or that of the message. */
function conversationOfSent(
  { conversation, message }: Sent,
  { loaders }: GatewayContext,
): PromiseOrValue<Conversation | null> {
  if (conversation !== undefined || message === undefined) return conversation ?? null;
  return thenOrNow(loaders.conversations.keyOfMessage(message), (key) => conversationReference(key));
}

/** The stored message if the upstream returned it; otherwise it is read when more than its id is selected. */
function sentMessage(
  sent: SentMessage,
  context: GatewayContext,
  read: boolean,
): PromiseOrValue<Message | null | undefined> {
  if (sent.message !== undefined) return sent.message;
  if (!read) return { kind: 'MESSAGE', token: sent.token };
  return context.loaders.messages.load(sent.token);
}

const sentConversationField = {
  type: ConversationRef,
  extensions: costs({ perOperation: 1 }),
} as const;

const SendMessagePayload = builder.objectRef<Sent>('SendMessagePayload').implement({
  description: 'Result of sending a message.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The stored message; null when it has already disappeared.',
      resolve: (sent, _args, context, info) => sentMessage(sent, context, needsRead(info)),
    }),
    wasAlreadyStored: t.exposeBoolean('alreadyStored', {
      nullable: false,
      description:
        'Whether an earlier request with the same `idempotencyKey` stored the message; this request then sent nothing.',
    }),
    recipientWasCreated: t.exposeBoolean('recipientCreated', recipientWasCreatedField),
    conversation: t.field({
      ...sentConversationField,
      description:
        'The conversation with the new message; null when the upstream does not name its organization. Its counts and its last message cost no call when the message was sent by `conversation`.',
      resolve: (sent, _args, context) => conversationOfSent(sent, context),
    }),
  }),
});

const ForwardMessageInput = builder.inputType('ForwardMessageInput', {
  description: 'A message to forward to one recipient or conversation.',
  fields: (t) => ({
    message: t.id({ required: true, description: 'Global id or token of the message to forward.' }),
    recipient: t.id({ description: `${recipientDescription} Required without \`conversation\`.` }),
    conversation: t.id({
      description: 'Global id of the conversation to forward into, in place of `recipient` and the organizations.',
    }),
    priority: t.field({
      type: PriorityRef,
      description: 'Priority of the message; the upstream decides when left out.',
    }),
    data: t.field({ type: [MessageDatumInput], description: dataDescription }),
    senderOrganization: t.string({
      description: 'Key of the sender’s organization; the caller’s default organization when left out.',
    }),
    recipientOrganization: t.string({
      description: 'Key of the recipient’s organization; the same as `senderOrganization` when left out.',
    }),
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
    wasAlreadyStored: t.exposeBoolean('alreadyStored', {
      nullable: false,
      description:
        'Whether an earlier request with the same `idempotencyKey` stored the message; this request then sent nothing.',
    }),
    recipientWasCreated: t.exposeBoolean('recipientCreated', recipientWasCreatedField),
  }),
});

const missingRecipient = 'user, group or distribution list by that address that the caller may write to';

/** Arguments common to sending and forwarding. */
function deliveryOf(
  input: {
    readonly priority?: Priority | null | undefined;
    readonly data?: readonly DatumInput[] | null | undefined;
    readonly senderOrganization?: string | null | undefined;
    readonly recipientOrganization?: string | null | undefined;
    readonly idempotencyKey?: string | null | undefined;
  },
  context: GatewayContext,
) {
  return {
    priority: input.priority ?? undefined,
    data: dataOf(input.data, 'input.data'),
    senderOrganization: input.senderOrganization ?? undefined,
    recipientOrganization: input.recipientOrganization ?? input.senderOrganization ?? undefined,
    requestId: requestIdOf(input.idempotencyKey, context),
  };
}

/** Only an e-mail address or phone number can be new, and only a lookup before sending shows whether it is. */
async function isNew(recipient: string, context: GatewayContext): Promise<boolean> {
  return canBecomeAccount(recipient) && (await lookupUser(context.upstream, recipient)) === undefined;
}

builder.mutationFields((t) => ({
  sendMessage: t.field({
    type: SendMessagePayload,
    extensions: costs({ perParent: 2 }),
    description: 'Sends a message to one user, group, distribution list or unknown address.',
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'The recipient and the content.' }) },
    resolve: async (_root, { input }, context) => {
      const target = targetOf(input);
      const delivery = deliveryOf(input, context);
      const hasContent =
        (input.body ?? '').trim() !== '' || input.attachment != null || (delivery.data?.length ?? 0) > 0;
      if (!hasContent) throw badUserInput('input.body', 'a text, unless an attachment or data is sent');
      // Without a pair it has no form in UTF-8: beside an attachment it would be stored as another character.
      if (/\p{Cs}/u.test(input.body ?? '')) throw badUserInput('input.body', 'text without half of a surrogate pair');
      mustFitEvent(context, { 'input.body': input.body, 'input.data': delivery.data });
      const { ttl } = input;
      if (ttl != null && ttl !== -1 && ttl < 1) throw badUserInput('input.ttl', 'minutes, 1 or more, or -1 for never');
      const message = {
        ...delivery,
        body: input.body ?? undefined,
        role: input.speakAs == null ? undefined : tokenOf('User', input.speakAs, 'input.speakAs'),
        escalate: input.escalate ?? undefined,
        attachment: (await input.attachment) ?? undefined,
        ttl: ttl ?? undefined,
        deleteOnRead: input.deleteOnRead ?? undefined,
      };
      if ('counterpart' in target) {
        const sent = await missingFor('input.conversation', missingRecipient, sendInto(target, message, context));
        await publishSent(sent, context);
        return { ...sent, recipientCreated: false };
      }
      const recipientIsNew = await isNew(target.recipient, context);
      const sending = sendMessage(context.upstream, { ...message, ...target });
      const sent = await missingFor('input.recipient', missingRecipient, sending);
      await publishSent(sent, context);
      context.loaders.clearRoster();
      return { ...sent, recipientCreated: recipientIsNew && !sent.alreadyStored };
    },
  }),
  forwardMessage: t.field({
    type: ForwardMessagePayload,
    extensions: costs({ perParent: 2 }),
    description: 'Forwards a message. The new message has its origin in `forwardedFrom`.',
    args: {
      input: t.arg({ type: ForwardMessageInput, required: true, description: 'The message and its new recipient.' }),
    },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Message', input.message, 'input.message');
      const target = targetOf(input);
      const delivery = deliveryOf(input, context);
      mustFitEvent(context, { 'input.data': delivery.data });
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
          ? notThere('input.message', 'such message')
          : notThere(isInto ? 'input.conversation' : 'input.recipient', missingRecipient);
      });
      await publishSent(sent, context);
      context.loaders.clearRoster();
      return { ...sent, recipientCreated: recipientIsNew && !sent.alreadyStored };
    },
  }),
}));
