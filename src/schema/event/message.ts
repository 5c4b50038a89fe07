/** Events about messages and typing. */
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { encodeId } from '../id.ts';
import { MessageDatumRef } from '../message-data.ts';
import { RecipientStatusRef } from '../message-status.ts';
import {
  DeliveryStatusRef,
  GroupRef,
  groupReference,
  MessageRef,
  messageReference,
  orNull,
  UserRef,
  userReference,
} from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';

const messageNote =
  'Selecting more than its id reads it from the upstream, which may count as reading it where it deletes on read.';

export const MessageReceivedRef = builder
  .objectRef<EventNode<'MESSAGE_RECEIVED'>>(eventTypeNames.MESSAGE_RECEIVED)
  .implement({
    interfaces: [EventRef],
    description: 'A direct or group message arrived, or was sent by the caller from elsewhere.',
    fields: (t) => ({
      message: t.field({
        type: MessageRef,
        description: 'The message, as it came with the event: no further read. Never null.',
        resolve: ({ event }) => event.message,
      }),
      isHistory: t.boolean({
        nullable: false,
        description: 'Whether it is an older message, given to a new member of a group that replays its history.',
        resolve: ({ event }) => event.isHistory,
      }),
      recipientStatuses: t.field({
        type: [RecipientStatusRef],
        nullable: false,
        description: 'How far it got with each recipient, as far as the event says; often empty.',
        resolve: ({ event }) => event.recipientStatuses,
      }),
    }),
  });

export const MessageStatusChangedRef = builder
  .objectRef<EventNode<'MESSAGE_STATUS_CHANGED'>>(eventTypeNames.MESSAGE_STATUS_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'A message got further with one recipient.',
    fields: (t) => ({
      message: t.field({
        type: MessageRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: `The message; null when it is gone. ${messageNote}`,
        resolve: ({ event }, _args, context, info) => messageReference(event.message, context, info),
      }),
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The recipient; null when the account is gone.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      status: t.field({
        type: DeliveryStatusRef,
        nullable: false,
        description: 'How far it got.',
        resolve: ({ event }) => event.status,
      }),
      group: t.field({
        type: GroupRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: 'The group the message went to; null for direct messages, and when the upstream does not say.',
        resolve: ({ event }, _args, context, info) => groupReference(event.group, context, info),
      }),
      at: t.field({
        type: 'DateTime',
        description: 'When it got there; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.at),
      }),
    }),
  });

export const MessageRecalledRef = builder
  .objectRef<EventNode<'MESSAGE_RECALLED'>>(eventTypeNames.MESSAGE_RECALLED)
  .implement({
    interfaces: [EventRef],
    description: 'A message was taken back: show it no longer. It can no longer be read.',
    fields: (t) => ({
      recalledMessageId: t.id({
        nullable: false,
        description: 'Global id of the message.',
        resolve: ({ event }) => encodeId('Message', event.message),
      }),
      recalledBy: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'Who took it back; null when the upstream does not say.',
        resolve: ({ event }, _args, context, info) => userReference(event.recalledBy, context, info),
      }),
      group: t.field({
        type: GroupRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: 'The group it had gone to; null for direct messages, and when the upstream does not say.',
        resolve: ({ event }, _args, context, info) => groupReference(event.group, context, info),
      }),
      at: t.field({
        type: 'DateTime',
        description: 'When; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.at),
      }),
    }),
  });

builder.objectRef<EventNode<'MESSAGE_DATA_CHANGED'>>(eventTypeNames.MESSAGE_DATA_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The structured data of a message changed.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: `The message; null when it is gone. ${messageNote}`,
      resolve: ({ event }, _args, context, info) => messageReference(event.message, context, info),
    }),
    data: t.field({
      type: [MessageDatumRef],
      nullable: false,
      description: 'The data it has now.',
      resolve: ({ event }) => event.data,
    }),
  }),
});

export const TypingChangedRef = builder
  .objectRef<EventNode<'TYPING_CHANGED'>>(eventTypeNames.TYPING_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'Somebody began or stopped typing. A stop may get lost: forget a start after some seconds.',
    fields: (t) => ({
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'Who is typing; null when the account is gone.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      isTyping: t.boolean({
        nullable: false,
        description: 'Whether they began; false when they stopped.',
        resolve: ({ event }) => event.isTyping,
      }),
      group: t.field({
        type: GroupRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: 'The group they type in; null in a direct conversation.',
        resolve: ({ event }, _args, context, info) => groupReference(event.group, context, info),
      }),
      speaksAs: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The role they speak as; null when they speak as themselves.',
        resolve: ({ event }, _args, context, info) => userReference(event.proxy, context, info),
      }),
      organizationKey: t.string({
        description: 'Key of the organization of the conversation; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.organization),
      }),
    }),
  });
