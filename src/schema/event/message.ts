/** Events about messages and typing. */
import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { encodeId } from '../id.ts';
import { MessageDatumRef } from '../message/message-data.ts';
import { RecipientStatusRef } from '../message/message-status.ts';
import { organizationFields } from '../organization/organization.ts';
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
import { conversationOfEventField } from './event-conversation.ts';

const messageNote =
  'Selecting more than its id reads it from the upstream, which may delete a message that deletes on read.';

const changedMessageField = {
  type: MessageRef,
  extensions: costs({ perParent: 1, isReference: true }),
  description: `The message; null when it no longer exists. ${messageNote}`,
  resolve: (
    { event }: { readonly event: { readonly message: string } },
    _args: object,
    context: GatewayContext,
    info: GraphQLResolveInfo,
  ) => messageReference(event.message, context, info),
} as const;

const receivingGroupField = {
  type: GroupRef,
  extensions: costs({ perParent: 1, isReference: true }),
  description: 'The group the message was sent to; null for direct messages, and when the upstream does not say.',
  resolve: (
    { event }: { readonly event: { readonly group: string | undefined } },
    _args: object,
    context: GatewayContext,
    info: GraphQLResolveInfo,
  ) => groupReference(event.group, context, info),
} as const;

export const MessageReceivedRef = builder
  .objectRef<EventNode<'MESSAGE_RECEIVED'>>(eventTypeNames.MESSAGE_RECEIVED)
  .implement({
    interfaces: [EventRef],
    description: 'A direct or group message arrived, or the caller sent one from another device.',
    fields: (t) => ({
      message: t.field({
        type: MessageRef,
        description: 'The message, from the event itself, so that it costs no upstream call; never null.',
        resolve: ({ event }) => event.message,
      }),
      isHistory: t.boolean({
        nullable: false,
        description: 'Whether this is an older message, sent to a new member of a group that replays its history.',
        resolve: ({ event }) => event.isHistory,
      }),
      recipientStatuses: t.field({
        type: [RecipientStatusRef],
        nullable: false,
        extensions: costs({ items: { by: 'guess', count: 20 } }),
        description: 'Delivery status for each recipient named in the event; often empty.',
        resolve: ({ event }) => event.recipientStatuses,
      }),
      conversation: t.field(conversationOfEventField),
    }),
  });

export const MessageStatusChangedRef = builder
  .objectRef<EventNode<'MESSAGE_STATUS_CHANGED'>>(eventTypeNames.MESSAGE_STATUS_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'The delivery status of a message changed for one recipient.',
    fields: (t) => ({
      message: t.field(changedMessageField),
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The recipient; with `id` and `token` alone when it no longer exists.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      status: t.field({
        type: DeliveryStatusRef,
        nullable: false,
        description: 'Delivery status of the message.',
        resolve: ({ event }) => event.status,
      }),
      group: t.field(receivingGroupField),
      at: t.field({
        type: 'DateTime',
        description: 'Time the status was reached; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.at),
      }),
      conversation: t.field(conversationOfEventField),
    }),
  });

export const MessageRecalledRef = builder
  .objectRef<EventNode<'MESSAGE_RECALLED'>>(eventTypeNames.MESSAGE_RECALLED)
  .implement({
    interfaces: [EventRef],
    description: 'A message was recalled. It can no longer be read and must no longer be shown.',
    fields: (t) => ({
      recalledMessageId: t.id({
        nullable: false,
        description: 'Global id of the message.',
        resolve: ({ event }) => encodeId('Message', event.message),
      }),
      recalledBy: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The user who recalled the message; null when the upstream does not say.',
        resolve: ({ event }, _args, context, info) => userReference(event.recalledBy, context, info),
      }),
      group: t.field(receivingGroupField),
      at: t.field({
        type: 'DateTime',
        description: 'Time of the change; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.at),
      }),
      conversation: t.field(conversationOfEventField),
    }),
  });

builder.objectRef<EventNode<'MESSAGE_DATA_CHANGED'>>(eventTypeNames.MESSAGE_DATA_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The structured data of a message changed.',
  fields: (t) => ({
    message: t.field(changedMessageField),
    data: t.field({
      type: [MessageDatumRef],
      nullable: false,
      description: 'Structured data of the message after the change.',
      resolve: ({ event }) => event.data,
    }),
  }),
});

export const TypingChangedRef = builder
  .objectRef<EventNode<'TYPING_CHANGED'>>(eventTypeNames.TYPING_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'A user started or stopped typing. A stop may get lost: clear a start after some seconds.',
    fields: (t) => ({
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The user who is typing; with `id` and `token` alone when it no longer exists.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      isTyping: t.boolean({
        nullable: false,
        description: 'Whether the user started typing; false when the user stopped.',
        resolve: ({ event }) => event.isTyping,
      }),
      group: t.field({
        type: GroupRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: 'The group of the conversation; null in a direct conversation.',
        resolve: ({ event }, _args, context, info) => groupReference(event.group, context, info),
      }),
      speaksAs: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The role the user writes as; null when the user writes from their own account.',
        resolve: ({ event }, _args, context, info) => userReference(event.proxy, context, info),
      }),
      ...organizationFields(
        t,
        'Key of the organization of the conversation; null when the upstream does not say.',
        ({ event }) => event.organization,
      ),
      conversation: t.field(conversationOfEventField),
    }),
  });
