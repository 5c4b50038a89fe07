/**
 * Subscriptions to one kind of event, on the same stream as `events`. Events are acknowledged once written to the client's
 * connection. An event over STREAM_MAX_FRAME may have been of any kind: each subscription reports it as an error and goes on.
 */

import type { GatewayContext } from '../context.ts';
import type { User } from '../domain.ts';
import { tokenPattern } from '../domain.ts';
import { badUserInput, GatewayError } from '../errors.ts';
import type { Delivery, EventDelivery } from '../events/hub.ts';
import type { GatewayEvent } from '../gateway-event.ts';
import { builder } from './builder.ts';
import { PresenceChangedRef, RosterChangedRef } from './event/conversation.ts';
import type { EventNode } from './event/event.ts';
import { MessageRecalledRef, MessageReceivedRef, MessageStatusChangedRef, TypingChangedRef } from './event/message.ts';
import { type MappedSource, mapSource } from './event/source.ts';
import { bulkShare, costs } from './field-cost.ts';
import { addressOf, type NodeType, tokenOf } from './id.ts';
import { GroupRef, groupReference, UserRef, userReference } from './refs.ts';

/** Delivery of an event over STREAM_MAX_FRAME, whose type and content are unknown. */
type Skipped = EventNode<'SUBSCRIPTION_GAP'>;

function isSkipped(item: object): item is Skipped {
  return 'event' in item && (item as EventDelivery).event.type === 'SUBSCRIPTION_GAP'; // items with an event are deliveries
}

/** @throws GatewayError `EVENT_TOO_LARGE` for a skipped event. */
export function present<Item extends object>(item: Item | Skipped): Item {
  if (isSkipped(item)) throw new GatewayError('EVENT_TOO_LARGE');
  return item;
}

export function subscribe<Item>(
  context: GatewayContext,
  wants: (event: GatewayEvent) => boolean,
  itemsOf: (delivery: EventDelivery) => readonly Item[],
): MappedSource<Item | Skipped> {
  const subscription = context.services.hub.subscribe(context.credential, {
    wants: (event) => event.type === 'SUBSCRIPTION_GAP' || wants(event),
    acknowledge: 'AUTO',
    signal: context.caller.cancellation?.signal,
  });
  return mapSource(subscription, (delivery: Delivery): readonly (Item | Skipped)[] => {
    if (delivery.kind !== 'event') return [];
    return isSkipped(delivery) ? [delivery] : itemsOf(delivery);
  });
}

/** The events of one type that pass `test`. */
function subscribeTo<Type extends GatewayEvent['type']>(
  context: GatewayContext,
  type: Type,
  test: (event: EventNode<Type>['event']) => boolean = () => true,
): MappedSource<EventNode<Type> | Skipped> {
  const isOfType = (event: GatewayEvent): event is GatewayEvent & EventNode<Type>['event'] => event.type === type;
  // The delivery itself, not a copy: its identity lets subscribers of one caller share results.
  const isDelivery = (delivery: EventDelivery): delivery is EventDelivery & EventNode<Type> => isOfType(delivery.event);
  return subscribe(
    context,
    (event) => isOfType(event) && test(event),
    (delivery) => (isDelivery(delivery) ? [delivery] : []),
  );
}

/** Token of the user or group in an argument, in any form of address; undefined when the argument is left out. */
async function tokenNamed(
  types: readonly NodeType[],
  value: string | null | undefined,
  field: string,
  context: GatewayContext,
): Promise<string | undefined> {
  if (value == null) return undefined;
  const address = addressOf(types, value, field);
  if (tokenPattern.test(address)) return address;
  const user: User | undefined = await context.loaders.users().load(address);
  if (user === undefined) throw badUserInput(field, 'a user the caller may see');
  return user.token;
}

interface Changed {
  readonly id: string;
  readonly receivedAt: string;
  readonly token: string;
}

const UserChangedRef = builder.objectRef<Changed>('UserChanged').implement({
  description: 'An account changed: name, title, do-not-disturb, picture or metadata.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'Id of the event that reports the change.' }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'Time the gateway received the event.',
    }),
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The account after the change; null when it no longer exists.',
      resolve: ({ token }, _args, context, info) => userReference(token, context, info),
    }),
  }),
});

interface GroupChange extends Changed {
  readonly change: 'UPDATED' | 'ADDED' | 'REMOVED';
}

const GroupChangeRef = builder.enumType('GroupChange', {
  description: 'Kind of change to a group.',
  values: {
    UPDATED: { description: 'Name, members, picture or metadata changed.' },
    ADDED: { description: 'The caller became a member of the group.' },
    REMOVED: { description: 'The caller is no longer a member, or the group was deleted.' },
  } satisfies Record<GroupChange['change'], object>,
});

const GroupChangedRef = builder.objectRef<GroupChange>('GroupChanged').implement({
  description: 'A group changed, or the caller joined or left it.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'Id of the event that reports the change.' }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'Time the gateway received the event.',
    }),
    change: t.expose('change', { type: GroupChangeRef, nullable: false, description: 'Kind of change to the group.' }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group after the change; null when the caller may no longer see it.',
      resolve: ({ token }, _args, context, info) => groupReference(token, context, info),
    }),
  }),
});

/** Groups that an event reports as changed. */
function groupChanges({ id, receivedAt, event }: EventDelivery): GroupChange[] {
  if (event.type === 'ROSTER_CHANGED' && event.counterpart.kind === 'GROUP') {
    return [{ id, receivedAt, change: event.change, token: event.counterpart.token }];
  }
  if (event.type !== 'ENTITY_CHANGED') return [];
  return event.entities
    .filter(({ kind }) => kind === 'GROUP')
    .map(({ token }) => ({ id, receivedAt, change: 'UPDATED', token }));
}

/** Users that an event reports as changed. */
function userChanges({ id, receivedAt, event }: EventDelivery): Changed[] {
  if (event.type === 'ACCOUNT_SETTINGS_CHANGED' && event.user !== undefined) {
    return [{ id, receivedAt, token: event.user }];
  }
  if (event.type !== 'ENTITY_CHANGED') return [];
  return event.entities.filter(({ kind }) => kind === 'USER').map(({ token }) => ({ id, receivedAt, token }));
}

function subscribeToChanges<Item extends Changed>(
  context: GatewayContext,
  changes: (delivery: EventDelivery) => Item[],
  token: string | undefined,
): MappedSource<Item | Skipped> {
  const wanted = (delivery: EventDelivery) =>
    changes(delivery).filter((change) => token === undefined || change.token === token);
  const wants = (event: GatewayEvent) => wanted({ kind: 'event', id: '', receivedAt: '', event }).length > 0;
  return subscribe(context, wants, wanted);
}

builder.subscriptionFields((t) => ({
  messageReceived: t.field({
    type: MessageReceivedRef,
    nullable: false,
    description: 'Messages in order of arrival: first stored messages, then live ones.',
    args: {
      from: t.arg.id({
        description:
          'Only messages from this user or in this group: global id, token, e-mail address, phone number or login name.',
      }),
    },
    subscribe: async (_root, { from }, context) => {
      const token = await tokenNamed(['User', 'Group'], from, 'from', context);
      return subscribeTo(
        context,
        'MESSAGE_RECEIVED',
        ({ message }) => token === undefined || message.sender === token || message.group === token,
      );
    },
    resolve: present,
  }),
  messageStatusChanged: t.field({
    type: MessageStatusChangedRef,
    nullable: false,
    description: 'Changes of the delivery status of messages.',
    args: {
      message: t.arg.id({
        description: 'Only changes of this message: global id or token; all messages when left out.',
      }),
    },
    subscribe: (_root, { message }, context) => {
      const token = message == null ? undefined : tokenOf('Message', message, 'message');
      return subscribeTo(context, 'MESSAGE_STATUS_CHANGED', (event) => token === undefined || event.message === token);
    },
    resolve: present,
  }),
  messageRecalled: t.field({
    type: MessageRecalledRef,
    nullable: false,
    description: 'Messages that are recalled and must no longer be shown.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'MESSAGE_RECALLED'),
    resolve: present,
  }),
  typing: t.field({
    type: TypingChangedRef,
    nullable: false,
    description: 'Users who start or stop typing.',
    args: {
      in: t.arg.id({
        description:
          'Only in the conversation with this user or group: global id, token, e-mail address, phone number or login name.',
      }),
    },
    subscribe: async (_root, args, context) => {
      const token = await tokenNamed(['User', 'Group'], args.in, 'in', context);
      return subscribeTo(
        context,
        'TYPING_CHANGED',
        ({ user, group }) => token === undefined || (group ?? user) === token,
      );
    },
    resolve: present,
  }),
  groupChanged: t.field({
    type: GroupChangedRef,
    nullable: false,
    description: 'Changes of groups: name, members, picture, metadata, and the caller joining or leaving.',
    args: {
      group: t.arg.id({ description: 'Only changes of this group: global id or token; all groups when left out.' }),
    },
    subscribe: (_root, { group }, context) =>
      subscribeToChanges(context, groupChanges, group == null ? undefined : tokenOf('Group', group, 'group')),
    resolve: present,
  }),
  rosterChanged: t.field({
    type: RosterChangedRef,
    nullable: false,
    description: 'Conversations added to or removed from the caller’s roster.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'ROSTER_CHANGED'),
    resolve: present,
  }),
  userChanged: t.field({
    type: UserChangedRef,
    nullable: false,
    description: 'Changes of accounts, the caller’s own included.',
    args: {
      user: t.arg.id({
        description: 'Only changes of this account: global id, token, e-mail address, phone number or login name.',
      }),
    },
    subscribe: async (_root, { user }, context) =>
      subscribeToChanges(context, userChanges, await tokenNamed(['User'], user, 'user', context)),
    resolve: present,
  }),
  presenceChanged: t.field({
    type: PresenceChangedRef,
    nullable: false,
    description: 'Changes of the presence of users.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'PRESENCE_CHANGED'),
    resolve: present,
  }),
}));
