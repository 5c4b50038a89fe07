import type { GatewayContext } from '../context.ts';
import type { Forwarded, Message, Priority } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { thenOrNow } from '../loaders/deferred.ts';
import { fromUnixMs } from '../upstream/wire/timestamp.ts';
import { AttachmentRef, attachmentsOf } from './attachment.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { tokenOf } from './id.ts';
import { MessageDatumRef } from './message-data.ts';
import { RecipientStatusRef } from './message-status.ts';
import { floatOf, intOf } from './numbers.ts';
import { maxPageSize } from './pagination.ts';
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
} from './refs.ts';

export const PriorityRef = builder.enumType('MessagePriority', {
  description: 'How much attention a message asks for.',
  values: {
    LOW: { description: 'Below normal (upstream -1).' },
    NORMAL: { description: 'The usual (upstream 0).' },
    HIGH: { description: 'Shown first and announced louder (upstream 1).' },
  } satisfies Record<Priority, object>,
});

const ForwardedRef = builder.objectRef<Forwarded>('ForwardedFrom').implement({
  description: 'Where a forwarded message came from.',
  fields: (t) => ({
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'Who wrote it first; null when the upstream does not say.',
      resolve: (original, _args, context, info) => userReference(original.sender, context, info),
    }),
    senderName: t.exposeString('senderName', {
      description: 'The first writer’s name at that time; null when the upstream does not say.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was first sent; null when the upstream does not say.',
    }),
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The first message; null when the caller may not see it, or it is gone.',
      resolve: (original, _args, context, info) => messageReference(original.message, context, info),
    }),
  }),
});

/** Minutes to milliseconds. */
const minute = 60_000;

/** By how much the upstream's seconds left may be off: they are whole ones, and took a while to come. */
const expiryToleranceMs = 5_000;

/**
 * Its time to live counts from its creation; what deletes on read may end sooner, which shows in the seconds left.
 * @returns Undefined when the message never expires, or the upstream did not say.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field when it ends outside the calendar.
 */
function expiryOf({ createdAt, ttl, expireIn }: Message): string | undefined {
  const ends =
    createdAt === undefined || ttl === undefined || ttl < 0 ? Number.NaN : Date.parse(createdAt) + ttl * minute;
  const left = expireIn === undefined || expireIn <= 0 ? Number.NaN : Date.now() + expireIn * 1_000;
  const isSooner = Number.isNaN(ends) || left < ends - expiryToleranceMs;
  if (!Number.isNaN(left) && isSooner) return fromUnixMs(left, 'Message.expire_in');
  return Number.isNaN(ends) ? undefined : fromUnixMs(ends, 'Message.ttl');
}

/** A direct message names a user or a distribution list and does not say which; the user is tried first. */
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
    'A message. It may disappear at any time: by its life time, by being read when it deletes on read, or by recall.',
  id: { resolve: (message) => message.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.messages, tokens),
  fields: (t) => ({
    token: t.exposeID('token', { description: 'The upstream’s own id of the message, bare.', nullable: false }),
    body: t.exposeString('body', {
      description: 'The text; null when there is only an attachment or data.',
    }),
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'Who wrote it; null when the account is gone.',
      resolve: (message, _args, context, info) => userReference(message.sender, context, info),
    }),
    senderName: t.exposeString('senderName', {
      description: 'The writer’s name as it came with the message, without a further read; null when it did not.',
    }),
    recipient: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: bulkShare + 1 }),
      description:
        'Whom it was sent to: a user, a group or a distribution list; null when the caller may not see them.',
      resolve: (message, _args, context, info) =>
        message.group === undefined ? recipientOf(message, context) : groupReference(message.group, context, info),
    }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group it was sent to; null for direct messages.',
      resolve: (message, _args, context, info) => groupReference(message.group, context, info),
    }),
    senderOrganizationKey: t.exposeString('senderOrganizationKey', {
      description: 'Key of the organization the sender wrote in; null when the upstream does not say.',
    }),
    recipientOrganizationKey: t.exposeString('recipientOrganizationKey', {
      description: 'Key of the organization the recipient reads in; null when the upstream does not say.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the upstream took it; null when it does not say.',
    }),
    ttl: t.int({
      description:
        'Life time in minutes, counted from `createdAt`; -1 never ends; null when the upstream does not say.',
      resolve: ({ ttl }) => intOf(ttl, 'Message.ttl'),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it disappears for everyone; null when it never does.',
      resolve: (message) => orNull(expiryOf(message)),
    }),
    deleteOnRead: t.exposeBoolean('deleteOnRead', {
      description: 'Whether it disappears once read; null when the upstream does not say.',
    }),
    priority: t.expose('priority', {
      type: PriorityRef,
      description: 'How much attention it asks for; null when the upstream does not say.',
    }),
    status: t.expose('status', {
      type: DeliveryStatusRef,
      description:
        'How far it got, as the upstream sums it up for the caller; for groups see `recipientStatuses`. Null when it does not say.',
    }),
    isRecalled: t.boolean({
      extensions: costs({ perParent: bulkShare, sharedKey: 'statuses' }),
      description: 'Whether the sender took it back; null when the caller may not see its delivery states.',
      resolve: (message, _args, context) =>
        thenOrNow(context.loaders.statuses.load(message.token), (status) => status?.isRecalled),
    }),
    recipientStatuses: t.field({
      type: [RecipientStatusRef],
      // Most messages have one recipient, those to groups as many as the group has members.
      extensions: costs({ perParent: bulkShare, sharedKey: 'statuses', items: { by: 'guess', count: 20 } }),
      description: 'How far it got with each recipient; null when the caller may not see that.',
      resolve: (message, _args, context) =>
        thenOrNow(context.loaders.statuses.load(message.token), (status) => status?.recipients),
    }),
    attachments: t.field({
      type: [AttachmentRef],
      nullable: false,
      description: 'Files that came with it; the upstream allows one. Empty when there is none.',
      resolve: attachmentsOf,
    }),
    data: t.field({
      type: [MessageDatumRef],
      nullable: false,
      description: 'Structured data that came with it, for programs rather than people. Empty when there is none.',
      resolve: (message) => message.data ?? [],
    }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      description:
        'The key it was sent with, by which the sender’s own devices recognise it; null for everyone else, or when the upstream does not say.',
    }),
    subType: t.exposeString('subType', {
      description: 'The upstream’s word for a special message, such as `system`; null for ordinary ones.',
    }),
    sortNumber: t.float({
      description: 'Orders the messages of one conversation; null when the upstream gives none.',
      resolve: ({ sortNumber }) => floatOf(sortNumber, 'Message.sort_number'),
    }),
    forwardedFrom: t.expose('forwardedFrom', {
      type: ForwardedRef,
      description: 'Where it was forwarded from; null when it is an original.',
    }),
  }),
});

builder.queryFields((t) => ({
  message: t.field({
    type: MessageRef,
    extensions: costs({ perParent: 1 }),
    description: 'One message; null when it does not exist, is gone, or the caller is no party to it.',
    args: { id: t.arg.id({ required: true, description: 'Global id or token of the message.' }) },
    resolve: (_root, { id }, context) => context.loaders.messages.load(tokenOf('Message', id, 'id')),
  }),
  messages: t.field({
    type: [MessageRef],
    extensions: costs({ perItem: 1, items: { by: 'list', argument: 'ids' } }),
    nullable: { list: false, items: true },
    description: 'Several messages, in the order asked for; null where one does not exist or is gone.',
    args: { ids: t.arg.idList({ required: true, description: `Global ids or tokens; at most ${maxPageSize}.` }) },
    resolve: (_root, { ids }, context) => {
      if (ids.length > maxPageSize) throw badUserInput('ids', `at most ${maxPageSize} ids`);
      const tokens = ids.map((id, index) => tokenOf('Message', id, `ids.${index}`));
      // All of them first: what is selected inside then asks for users and delivery states in one go.
      return loadManyOrErrors(context.loaders.messages, tokens);
    },
  }),
}));
