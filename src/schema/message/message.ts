import type { GatewayContext } from '../../context.ts';
import type { Forwarded, Message, Priority } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { thenOrNow } from '../../loaders/promise-or-value.ts';
import { fromUnixMs } from '../../upstream/wire/timestamp.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { floatOf, intOf } from '../numbers.ts';
import { organizationField, organizationOf } from '../organization/organization.ts';
import { maxPageSize } from '../pagination.ts';
import {
  CounterpartRef,
  DeliveryStatusRef,
  GroupRef,
  groupReference,
  loadManyOrErrors,
  MessageRef,
  messageReference,
  orNull,
  UserRef,
  userReference,
} from '../refs.ts';
import { AttachmentRef, attachmentsOf } from './attachment.ts';
import { MessageDatumRef } from './message-data.ts';
import { RecipientStatusRef } from './message-status.ts';

export const PriorityRef = builder.enumType('MessagePriority', {
  description: 'Priority of a message for its recipient.',
  values: {
    LOW: { description: 'Lower than normal (upstream -1).' },
    NORMAL: { description: 'The default priority (upstream 0).' },
    HIGH: { description: 'Higher than normal; clients show it first (upstream 1).' },
  } satisfies Record<Priority, object>,
});

const ForwardedRef = builder.objectRef<Forwarded>('ForwardedFrom').implement({
  description: 'Origin of a forwarded message.',
  fields: (t) => ({
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who wrote the original message; null when the upstream does not say.',
      resolve: (original, _args, context, info) => userReference(original.sender, context, info),
    }),
    senderName: t.exposeString('senderName', {
      description: 'Name of the original sender when the message was sent; null when the upstream does not say.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Time the original message was sent; null when the upstream does not say.',
    }),
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The original message; null when the caller may not see it, or it no longer exists.',
      resolve: (original, _args, context, info) => messageReference(original.message, context, info),
    }),
  }),
});

/** Minutes to milliseconds. */
const minute = 60_000;

/** Tolerance for the upstream's remaining seconds, which are whole numbers and already old when they arrive. */
const expiryToleranceMs = 5_000;

/**
 * The lifetime counts from creation; a message that deletes on read can end earlier, which the remaining seconds show.
 * @returns Undefined when the message never expires, or the upstream does not say.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field when the end is outside the range of dates.
 */
function expiryOf({ createdAt, ttl, expireIn }: Message): string | undefined {
  const ends =
    createdAt === undefined || ttl === undefined || ttl < 0 ? Number.NaN : Date.parse(createdAt) + ttl * minute;
  const left = expireIn === undefined || expireIn <= 0 ? Number.NaN : Date.now() + expireIn * 1_000;
  const isSooner = Number.isNaN(ends) || left < ends - expiryToleranceMs;
  if (!Number.isNaN(left) && isSooner) return fromUnixMs(left, 'Message.expire_in');
  return Number.isNaN(ends) ? undefined : fromUnixMs(ends, 'Message.ttl');
}

/**
 * The recipient of a direct message is a user or a distribution list, and the upstream does not say which; the user is
 * tried first.
 */
async function recipientOf(message: Message, context: GatewayContext) {
  if (message.recipient === undefined) return null;
  return (
    (await context.loaders.users().load(message.recipient)) ??
    (await context.loaders.lists.load(message.recipient)) ??
    null
  );
}

builder.node(MessageRef, {
  description:
    'A message. It can disappear at any time: at the end of its lifetime, when it is read and deletes on read, or by recall.',
  id: { resolve: (message) => message.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.messages, tokens),
  fields: (t) => ({
    token: t.exposeID('token', {
      description: 'The upstream’s id of the message, without a type prefix.',
      nullable: false,
    }),
    body: t.exposeString('body', {
      description: 'Text of the message; null when the message has only an attachment or data.',
    }),
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'The user who wrote the message, with `id` and `token` alone when it no longer exists; null when the upstream names none.',
      resolve: (message, _args, context, info) => userReference(message.sender, context, info),
    }),
    senderName: t.exposeString('senderName', {
      description:
        'The sender’s name as sent with the message, so that it costs no upstream call; null when the message has none.',
    }),
    recipient: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: bulkShare + 1 }),
      description: 'The recipient: a user, a group or a distribution list; null when the caller may not see it.',
      resolve: (message, _args, context, info) =>
        message.group === undefined ? recipientOf(message, context) : groupReference(message.group, context, info),
    }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group the message was sent to; null for direct messages.',
      resolve: (message, _args, context, info) => groupReference(message.group, context, info),
    }),
    senderOrganizationKey: t.exposeString('senderOrganizationKey', {
      description: 'Key of the sender’s organization; null when the upstream does not say.',
    }),
    senderOrganization: t.field({
      ...organizationField,
      resolve: (message, _args, context) => organizationOf(message.senderOrganizationKey, context),
    }),
    recipientOrganizationKey: t.exposeString('recipientOrganizationKey', {
      description: 'Key of the recipient’s organization; null when the upstream does not say.',
    }),
    recipientOrganization: t.field({
      ...organizationField,
      resolve: (message, _args, context) => organizationOf(message.recipientOrganizationKey, context),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Time the upstream stored the message; null when the upstream does not say.',
    }),
    ttl: t.int({
      description:
        'Lifetime in minutes, counted from `createdAt`; -1 means no end; null when the upstream does not say.',
      resolve: ({ ttl }) => intOf(ttl, 'Message.ttl'),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Time the message disappears for everyone; null when it never does, or the upstream does not say.',
      resolve: (message) => orNull(expiryOf(message)),
    }),
    deleteOnRead: t.exposeBoolean('deleteOnRead', {
      description: 'Whether the message is deleted once it is read; null when the upstream does not say.',
    }),
    priority: t.expose('priority', {
      type: PriorityRef,
      description: 'Priority of the message; null when the upstream does not say.',
    }),
    status: t.expose('status', {
      type: DeliveryStatusRef,
      description:
        'Delivery status as the upstream summarizes it for the caller; for groups see `recipientStatuses`. NEW when the upstream does not say.',
    }),
    isRecalled: t.boolean({
      extensions: costs({ perParent: bulkShare, sharedKey: 'statuses' }),
      description: 'Whether the sender recalled the message; null when the caller may not see its delivery states.',
      resolve: (message, _args, context) =>
        thenOrNow(context.loaders.statuses.load(message.token), (status) => status?.isRecalled),
    }),
    recipientStatuses: t.field({
      type: [RecipientStatusRef],
      // Most messages have one recipient; a group message has one per member.
      extensions: costs({ perParent: bulkShare, sharedKey: 'statuses', items: { by: 'guess', count: 20 } }),
      description: 'Delivery status for each recipient; null when the caller may not see it.',
      resolve: (message, _args, context) =>
        thenOrNow(context.loaders.statuses.load(message.token), (status) => status?.recipients),
    }),
    attachments: t.field({
      type: [AttachmentRef],
      nullable: false,
      description: 'Attached files, empty when there are none; the upstream allows one file per message.',
      resolve: attachmentsOf,
    }),
    data: t.field({
      type: [MessageDatumRef],
      nullable: false,
      description: 'Structured data for programs; empty when there is none.',
      resolve: (message) => message.data ?? [],
    }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      description:
        'Key the message was sent with, in lower case, by which the sender’s own devices recognise it; null for all other users, and when the upstream does not say.',
    }),
    subType: t.exposeString('subType', {
      description: 'The upstream’s word for a special message, such as `system`; null for ordinary ones.',
    }),
    isUnread: t.exposeBoolean('isUnread', {
      description:
        'Whether the caller received the message and has not read it; null on an upstream without history, and when it does not say.',
    }),
    sortNumber: t.float({
      description: 'Sort key within the conversation; null when the upstream gives none.',
      resolve: ({ sortNumber }) => floatOf(sortNumber, 'Message.sort_number'),
    }),
    forwardedFrom: t.expose('forwardedFrom', {
      type: ForwardedRef,
      description: 'Origin of a forwarded message; null when the message was not forwarded.',
    }),
  }),
});

builder.queryFields((t) => ({
  message: t.field({
    type: MessageRef,
    extensions: costs({ perParent: 1 }),
    description:
      'Reads one message; null when it does not exist, has disappeared, or the caller is neither its sender nor its recipient.',
    args: { id: t.arg.id({ required: true, description: 'Global id or token of the message.' }) },
    resolve: (_root, { id }, context) => context.loaders.messages.load(tokenOf('Message', id, 'id')),
  }),
  messages: t.field({
    type: [MessageRef],
    extensions: costs({ perItem: 1, items: { by: 'list', argument: 'ids' } }),
    nullable: { list: false, items: true },
    description:
      'Reads several messages, in the order given; null in the place of each that does not exist or has disappeared.',
    args: {
      ids: t.arg.idList({ required: true, description: `Global ids or tokens of messages; at most ${maxPageSize}.` }),
    },
    resolve: (_root, { ids }, context) => {
      if (ids.length > maxPageSize) throw badUserInput('ids', `at most ${maxPageSize} ids`);
      const tokens = ids.map((id, index) => tokenOf('Message', id, `ids.${index}`));
      // Messages are loaded first, so that nested selections batch their users and delivery states into one read.
      return loadManyOrErrors(context.loaders.messages, tokens);
    },
  }),
}));
