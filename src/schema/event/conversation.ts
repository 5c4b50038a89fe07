/** Events about who and what the caller talks to. */
import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Counterpart } from '../../domain.ts';
import { asError } from '../../errors.ts';
import type { MuteChanged, NoticeParty, Presence, RosterChanged } from '../../gateway-event.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { floatOf } from '../numbers.ts';
import { allowItemErrors, CounterpartRef, orNull, UserRef, userReference } from '../refs.ts';
import { needsRead } from '../selection.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';

/** Read anew, because an event holds only what changed; what the event says where that cannot be read any more. */
async function readCounterpart(
  counterpart: Counterpart,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<Counterpart> {
  if (!needsRead(info)) return counterpart;
  const { kind, token } = counterpart;
  const { loaders } = context;
  const read = { USER: () => loaders.users(), GROUP: () => loaders.groups, LIST: () => loaders.lists }[kind]();
  return (await read.load(token)) ?? counterpart;
}

const PresenceStateRef = builder.enumType('PresenceState', {
  description: 'Whether somebody is there.',
  values: {
    AVAILABLE: { description: 'Connected and active.' },
    AWAY: { description: 'Connected, not active.' },
    UNAVAILABLE: { description: 'Not connected.' },
  } satisfies Record<Presence, object>,
});

export const PresenceChangedRef = builder
  .objectRef<EventNode<'PRESENCE_CHANGED'>>(eventTypeNames.PRESENCE_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'Somebody came, went or stepped away.',
    fields: (t) => ({
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'Who; null when the account is gone.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      presence: t.field({
        type: PresenceStateRef,
        nullable: false,
        description: 'Whether they are there now.',
        resolve: ({ event }) => event.presence,
      }),
    }),
  });

const RosterChangeRef = builder.enumType('RosterChange', {
  description: 'What happened to a conversation.',
  values: {
    ADDED: { description: 'It is on the roster now.' },
    REMOVED: { description: 'It is gone from the roster; for a group: left, or deleted.' },
  } satisfies Record<RosterChanged['change'], object>,
});

export const RosterChangedRef = builder
  .objectRef<EventNode<'ROSTER_CHANGED'>>(eventTypeNames.ROSTER_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'A conversation was added to or removed from the caller’s roster.',
    fields: (t) => ({
      change: t.field({
        type: RosterChangeRef,
        nullable: false,
        description: 'Added or removed.',
        resolve: ({ event }) => event.change,
      }),
      counterpart: t.field({
        type: CounterpartRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description:
          'Who or what the conversation is with. When it is gone, only what the event itself says; null when reading it failed.',
        resolve: ({ event }, _args, context, info) =>
          event.change === 'REMOVED' ? event.counterpart : readCounterpart(event.counterpart, context, info),
      }),
      organizationKey: t.string({
        description: 'Key of the organization of the conversation; null when the upstream does not say.',
        resolve: ({ event }) => orNull(event.organization),
      }),
    }),
  });

builder.objectRef<EventNode<'ENTITY_CHANGED'>>(eventTypeNames.ENTITY_CHANGED).implement({
  interfaces: [EventRef],
  description: 'Users, groups or distribution lists changed: renamed, other members, other picture, other metadata.',
  fields: (t) => ({
    entities: t.field({
      type: [CounterpartRef],
      nullable: { list: false, items: true },
      extensions: costs({ perItem: 1, items: { by: 'guess', count: 1 }, isReference: true }),
      description: 'Those that changed, as they are now; usually one. Null where reading it failed.',
      resolve: async ({ event }, _args, context, info) =>
        allowItemErrors(
          await Promise.all(event.entities.map((entity) => readCounterpart(entity, context, info).catch(asError))),
        ),
    }),
    organizationKey: t.string({
      description: 'Key of the organization they changed in; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.organization),
    }),
  }),
});

const NoticePartyRef = builder.objectRef<NoticeParty>('NoticeParty').implement({
  description: 'Someone or something a notice is about.',
  fields: (t) => ({
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The user, group or distribution list; null for things of another kind.',
      resolve: ({ kind, token, name }, _args, context, info) => {
        if (kind === undefined) return null;
        const known = kind === 'USER' ? { kind, token, displayName: name } : { kind, token, name };
        return readCounterpart(known, context, info);
      },
    }),
    token: t.exposeString('token', { nullable: false, description: 'The upstream’s own id, bare.' }),
    name: t.string({
      description: 'Its name as it came with the notice, without a further read; null when it did not.',
      resolve: ({ name }) => orNull(name),
    }),
  }),
});

builder.objectRef<EventNode<'CONVERSATION_NOTICE'>>(eventTypeNames.CONVERSATION_NOTICE).implement({
  interfaces: [EventRef],
  description:
    'Something to show inside a conversation: a member came or left, a call was missed, an escalation began.',
  fields: (t) => ({
    noticeId: t.string({
      description: 'The upstream’s id of the notice; null when it gives none.',
      resolve: ({ event }) => orNull(event.noticeId),
    }),
    notice: t.string({
      nullable: false,
      description:
        'The upstream’s word for what happened, such as `added`, `removed`, `missed_voip_call` or `escalation_initiated`.',
      resolve: ({ event }) => event.word,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.at),
    }),
    actor: t.field({
      type: NoticePartyRef,
      description: 'Who did it; null when nobody is named.',
      resolve: ({ event }) => orNull(event.actor),
    }),
    subject: t.field({
      type: NoticePartyRef,
      description: 'Whom it was done to; null when nobody is named.',
      resolve: ({ event }) => orNull(event.subject),
    }),
    target: t.field({
      type: NoticePartyRef,
      description: 'The conversation it belongs to; null when none is named.',
      resolve: ({ event }) => orNull(event.target),
    }),
    reason: t.string({
      description: 'The upstream’s word for why, such as `leave_org` or `delete_account`; null when it gives none.',
      resolve: ({ event }) => orNull(event.reason),
    }),
    reasonSubjectToken: t.string({
      description: 'Bare token of whom the reason is about; null when it names nobody.',
      resolve: ({ event }) => orNull(event.reasonSubject),
    }),
    sortNumber: t.float({
      description: 'Its place among the messages of the conversation; null when the upstream gives none.',
      resolve: ({ event }) => floatOf(event.sortNumber, 'event.sort_number'),
    }),
    organizationKey: t.string({
      description: 'Key of the organization; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.organization),
    }),
  }),
});

const MuteChangeRef = builder.enumType('MuteChange', {
  description: 'What happened to a silence.',
  values: {
    MUTED: { description: 'It began.' },
    UNMUTED: { description: 'It ended.' },
    CLEARED: { description: 'All of them ended.' },
  } satisfies Record<MuteChanged['change'], object>,
});

builder.objectRef<EventNode<'MUTE_CHANGED'>>(eventTypeNames.MUTE_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A conversation was silenced or heard again, here or on another device of the caller.',
  fields: (t) => ({
    muteChange: t.field({
      type: MuteChangeRef,
      nullable: false,
      description: 'Silenced or heard again.',
      resolve: ({ event }) => event.change,
    }),
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The conversation; null for an organization, for all, and when the upstream does not say.',
      resolve: ({ event }, _args, context, info) => {
        const { kind, token } = event;
        if (token === undefined || kind === undefined || kind === 'ORGANIZATION') return null;
        return readCounterpart({ kind, token }, context, info);
      },
    }),
    mutedBy: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'Whose silence it is; null when the upstream does not say.',
      resolve: ({ event }, _args, context, info) => userReference(event.mutedBy, context, info),
    }),
    organizationKey: t.string({
      description: 'Key of the organization; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.kind === 'ORGANIZATION' ? event.token : event.organization),
    }),
    mutedAt: t.field({
      type: 'DateTime',
      description: 'When it began; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.mutedAt),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      description: 'When it ends; null when it is over, or the upstream does not say.',
      resolve: ({ event }) => orNull(event.mutedUntil),
    }),
  }),
});
