/** The `Conversation` type: an organization and a counterpart, with values that only v5 of the upstream has. */

import type { FirstExpiring } from '../../domain/conversation.ts';
import { asError } from '../../errors.ts';
import { thenOrNow } from '../../loaders/promise-or-value.ts';
import { fromUnixMs } from '../../upstream/wire/timestamp.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { idInOrganization, splitIdInOrganization } from '../id.ts';
import { countOf } from '../numbers.ts';
import { organizationField, organizationOf } from '../organization/organization.ts';
import {
  allowItemErrors,
  ConversationRef,
  CounterpartRef,
  MessageRef,
  messageReference,
  UserRef,
  userReference,
} from '../refs.ts';
import { needsRead } from '../selection.ts';
import { counterpartIn, mutedUntilOf, readConversation, reportedOr, stateOf } from './read-conversation.ts';

/** Calls to read one conversation: up to three for the kind of its counterpart, and one for its state. */
const stateCost = costs({ perParent: 4, sharedKey: 'conversation' });

const v2Note = 'Null when the upstream has no history (`isHistoryAvailable`).';

const FirstExpiringRef = builder.objectRef<FirstExpiring>('FirstExpiringUnread').implement({
  description: 'The unread message of a conversation that disappears first.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description:
        'The message. More than its id costs an upstream call, and the upstream may treat that read as opening a message that deletes on read.',
      resolve: ({ message }, _args, context, info) => messageReference(message, context, info),
    }),
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who wrote the message; null when the upstream does not say.',
      resolve: ({ sender }, _args, context, info) => userReference(sender, context, info),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time the message disappears; read the conversation again then.',
      resolve: ({ expiresAtMs }) => fromUnixMs(expiresAtMs, 'FirstExpiringMessage.expire_in'),
    }),
  }),
});

builder.node(ConversationRef, {
  description:
    'A conversation of the caller in one organization. Conversations with one person in two organizations are two, with different ids. Its id is the same whatever the upstream offers; a selection of `id` alone costs no upstream call.',
  id: {
    resolve: ({ key }) => idInOrganization(key.counterpart, key.organization),
    description:
      'Global id: the type, a colon, the token of the counterpart, a colon, and the key of the organization.',
  },
  loadManyWithoutCache: async (ids, context) =>
    allowItemErrors(
      await Promise.all(
        ids.map((id) => {
          const { token, organization } = splitIdInOrganization(id);
          return readConversation({ counterpart: token, organization }, context).catch(asError);
        }),
      ),
    ),
  fields: (t) => ({
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 4, sharedKey: 'conversation', isReference: true }),
      description:
        'The other side of the conversation: a user, a group or a distribution list; null when it cannot be read.',
      resolve: (conversation, _args, context, info) => {
        const { kind, counterpart: token } = conversation.key;
        return kind !== undefined && !needsRead(info) ? { kind, token } : counterpartIn(conversation, context);
      },
    }),
    // Nullable like every other field of this name, otherwise documents that select several of them on one node do not merge.
    organizationKey: t.string({
      description: 'Key of the organization of the conversation; never null.',
      resolve: ({ key }) => key.organization,
    }),
    organization: t.field({
      ...organizationField,
      resolve: ({ key }, _args, context) => organizationOf(key.organization, context),
    }),
    isHistoryAvailable: t.boolean({
      extensions: costs({ perOperation: 1 }),
      description:
        'Whether the upstream keeps history for the caller: `timeline`, `messages`, `lastMessage` and the counts. False on an upstream without v5 of the API, where these are null; null when unknown.',
      resolve: ({ state }, _args, { loaders }) => state !== undefined || loaders.conversations.isAvailable(),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      extensions: costs({ perParent: 4, sharedKey: 'conversation', perOperation: 1 }),
      description: 'Time the caller’s mute of the conversation ends; null when it is not muted.',
      resolve: (conversation, _args, context) => mutedUntilOf(conversation, context),
    }),
    escalationCount: t.field({
      type: 'NonNegativeInt',
      extensions: stateCost,
      description: `Number of running escalations of its messages; null when the upstream does not say. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        thenOrNow(stateOf(conversation, context), (state) => state?.escalationCount),
    }),
    lastMessage: t.field({
      type: MessageRef,
      extensions: stateCost,
      description: `The newest message the caller may see, never a notice; null when there is none, or the upstream names it without its content. Reading it here marks nothing, and deletes no message that deletes on read. ${v2Note}`,
      resolve: (conversation, _args, context, info) =>
        conversation.reported?.lastMessage !== undefined
          ? conversation.reported.lastMessage
          : thenOrNow(stateOf(conversation, context), (state) => {
              const message = state?.lastMessage;
              return message?.sender === undefined && needsRead(info) ? null : message;
            }),
    }),
    unreadCount: t.field({
      type: 'NonNegativeInt',
      extensions: stateCost,
      description: `Number of messages the caller received and has not read, over all devices. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        thenOrNow(reportedOr(conversation, 'unreadCount', context), (count) => countOf(count, 'unread_message_count')),
    }),
    unreadPriorityCount: t.field({
      type: 'NonNegativeInt',
      extensions: stateCost,
      description: `Number of those messages with priority HIGH. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        thenOrNow(reportedOr(conversation, 'unreadPriorityCount', context), (count) =>
          countOf(count, 'unread_priority_message_count'),
        ),
    }),
    firstExpiringUnread: t.field({
      type: FirstExpiringRef,
      extensions: stateCost,
      description: `The unread message that disappears first; null when none does. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        conversation.reported?.firstExpiringUnread !== undefined
          ? conversation.reported.firstExpiringUnread
          : thenOrNow(stateOf(conversation, context), (state) => state?.firstExpiringUnread),
    }),
  }),
});
