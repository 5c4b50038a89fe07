import type { RecipientStatus } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { recallMessage, updateMessageStatus } from '../../upstream/endpoints/message.ts';
import { missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { maxPageSize } from '../pagination.ts';
import { DeliveryStatusRef, MessageRef, messageReference, UserRef, userReference } from '../refs.ts';

export const RecipientStatusRef = builder.objectRef<RecipientStatus>('RecipientStatus').implement({
  description: 'Delivery status of a message for one recipient.',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The recipient; with `id` and `token` alone when it no longer exists.',
      resolve: (status, _args, context, info) => userReference(status.user, context, info),
    }),
    status: t.expose('status', {
      type: DeliveryStatusRef,
      description: 'Delivery status of the message.',
      nullable: false,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'Time the status was reached.', nullable: false }),
  }),
});

const UpdateMessageStatusInput = builder.inputType('UpdateMessageStatusInput', {
  description: 'Messages the caller received and read. The upstream ignores ids the caller may not mark.',
  fields: (t) => ({
    delivered: t.idList({
      description: `Global ids or tokens of messages now on the caller’s device; at most ${maxPageSize}.`,
    }),
    read: t.idList({ description: `Global ids or tokens of messages the caller has opened; at most ${maxPageSize}.` }),
  }),
});

interface UpdatedStatuses {
  readonly delivered: readonly string[];
  readonly read: readonly string[];
}

const UpdateMessageStatusPayload = builder.objectRef<UpdatedStatuses>('UpdateMessageStatusPayload').implement({
  description: 'The messages whose status was set.',
  fields: (t) => ({
    delivered: t.field({
      type: [MessageRef],
      extensions: costs({
        perItem: 1,
        items: { by: 'list', argument: 'input.delivered', of: 'parent' },
        isReference: true,
      }),
      nullable: { list: false, items: true },
      description: 'Messages marked as delivered; null in the place of each that has disappeared.',
      resolve: ({ delivered }, _args, context, info) =>
        delivered.map((token) => messageReference(token, context, info)),
    }),
    read: t.field({
      type: [MessageRef],
      extensions: costs({ perItem: 1, items: { by: 'list', argument: 'input.read', of: 'parent' }, isReference: true }),
      nullable: { list: false, items: true },
      description: 'Messages marked as read; null in the place of each that has disappeared.',
      resolve: ({ read }, _args, context, info) => read.map((token) => messageReference(token, context, info)),
    }),
  }),
});

function messageTokens(ids: readonly string[] | null | undefined, field: string): string[] {
  if (ids == null) return [];
  if (ids.length > maxPageSize) throw badUserInput(field, `at most ${maxPageSize} ids`);
  return ids.map((id, index) => tokenOf('Message', id, `${field}.${index}`));
}

const RecallMessageInput = builder.inputType('RecallMessageInput', {
  description: 'The message to recall.',
  fields: (t) => ({
    message: t.id({ required: true, description: 'Global id or token of a message the caller sent.' }),
  }),
});

const RecallMessagePayload = builder.objectRef<{ token: string }>('RecallMessagePayload').implement({
  description: 'The message that was recalled.',
  fields: (t) => ({
    recalledMessageId: t.id({
      nullable: false,
      description: 'Global id of the recalled message. It can no longer be read by anyone.',
      resolve: ({ token }) => `Message:${token}`,
    }),
  }),
});

builder.mutationFields((t) => ({
  updateMessageStatus: t.field({
    type: UpdateMessageStatusPayload,
    extensions: costs({ perParent: 2 }),
    description:
      'Marks messages as delivered to or read by the caller. Their senders receive an event. A status never moves backwards.',
    args: {
      input: t.arg({
        type: UpdateMessageStatusInput,
        required: true,
        description: 'The messages and their new status.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const delivered = messageTokens(input.delivered, 'input.delivered');
      const read = messageTokens(input.read, 'input.read');
      if (delivered.length + read.length === 0) throw badUserInput('input', 'at least one id in delivered or read');
      await updateMessageStatus(context.upstream, { delivered, read });
      for (const token of [...delivered, ...read]) context.loaders.clearMessage(token);
      return { delivered, read };
    },
  }),
  recallMessage: t.field({
    type: RecallMessagePayload,
    extensions: costs({ perParent: 1 }),
    description:
      'Recalls a message from all recipients. Only its sender may; recalling a recalled message causes no error.',
    args: { input: t.arg({ type: RecallMessageInput, required: true, description: 'The message to recall, by id.' }) },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Message', input.message, 'input.message');
      await missingFor('input.message', 'such message', recallMessage(context.upstream, token));
      context.loaders.clearMessage(token);
      return { token };
    },
  }),
}));
