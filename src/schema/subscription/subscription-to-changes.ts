/** Subscriptions to changes of groups and of accounts, which several types of events report. */
import type { GatewayContext } from '../../context.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { EventDelivery } from '../../events/hub.ts';
import { builder } from '../builder.ts';
import type { MappedSource } from '../event/source.ts';
import { present, type Skipped, subscribe } from '../event/typed-source.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { GroupRef, groupOrReference, UserRef, userReference } from '../refs.ts';
import { resolveToken } from '../token-argument.ts';

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
      description: 'The account after the change; with `id` and `token` alone when it no longer exists.',
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
      description: 'The group after the change; with `id` and `token` alone when the caller may no longer see it.',
      resolve: ({ token }, _args, context, info) => groupOrReference(token, context, info),
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
      subscribeToChanges(context, userChanges, await resolveToken(['User'], user, 'user', context)),
    resolve: present,
  }),
}));
