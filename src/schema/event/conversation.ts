/** Events about users, groups, the roster and mutes. */

import type { MuteChanged, Presence, RosterChanged } from '../../domain/gateway-event.ts';
import { asError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { organizationFields } from '../organization/organization.ts';
import { allowItemErrors, CounterpartRef, orNull, UserRef, userReference } from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';
import { conversationOfEventField, readCounterpart } from './event-conversation.ts';

const PresenceStateRef = builder.enumType('PresenceState', {
  description: 'Presence of one user.',
  values: {
    AVAILABLE: { description: 'The user is connected and active.' },
    AWAY: { description: 'The user is connected but not active.' },
    UNAVAILABLE: { description: 'The user is not connected.' },
  } satisfies Record<Presence, object>,
});

export const PresenceChangedRef = builder
  .objectRef<EventNode<'PRESENCE_CHANGED'>>(eventTypeNames.PRESENCE_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'The presence of a user changed.',
    fields: (t) => ({
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The user whose presence changed; with `id` and `token` alone when it no longer exists.',
        resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
      }),
      presence: t.field({
        type: PresenceStateRef,
        nullable: false,
        description: 'Presence of the user now.',
        resolve: ({ event }) => event.presence,
      }),
    }),
  });

const RosterChangeRef = builder.enumType('RosterChange', {
  description: 'Kind of change to the roster.',
  values: {
    ADDED: { description: 'The conversation was added to the roster.' },
    UPDATED: {
      description:
        'Counts, the last message or delivery states changed while the event stream was closed; only on the event stream of v5.',
    },
    REMOVED: { description: 'The conversation was removed from the roster; a group was left or deleted.' },
  } satisfies Record<RosterChanged['change'], object>,
});

export const RosterChangedRef = builder
  .objectRef<EventNode<'ROSTER_CHANGED'>>(eventTypeNames.ROSTER_CHANGED)
  .implement({
    interfaces: [EventRef],
    description:
      'A conversation was added to or removed from the caller’s roster. On the event stream of v5, a conversation with messages that arrived or were recalled while the stream was closed comes as ADDED, whether it was there before or not: read it and its history again.',
    fields: (t) => ({
      change: t.field({
        type: RosterChangeRef,
        nullable: false,
        description: 'Kind of change to the roster.',
        resolve: ({ event }) => event.change,
      }),
      counterpart: t.field({
        type: CounterpartRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description:
          'The other side of the conversation. When it no longer exists, only the values in the event; null when it cannot be read.',
        resolve: ({ event }, _args, context, info) =>
          event.change === 'REMOVED' ? event.counterpart : readCounterpart(event.counterpart, context, info),
      }),
      ...organizationFields(
        t,
        'Key of the organization of the conversation; null when the upstream does not say.',
        ({ event }) => event.organization,
      ),
      conversation: t.field(conversationOfEventField),
    }),
  });

builder.objectRef<EventNode<'ENTITY_CHANGED'>>(eventTypeNames.ENTITY_CHANGED).implement({
  interfaces: [EventRef],
  description: 'Users, groups or distribution lists changed: name, members, picture or metadata.',
  fields: (t) => ({
    entities: t.field({
      type: [CounterpartRef],
      nullable: { list: false, items: true },
      extensions: costs({ perItem: 1, items: { by: 'guess', count: 1 }, isReference: true }),
      description: 'The changed objects after the change, usually one; null in the place of each that cannot be read.',
      resolve: async ({ event }, _args, context, info) =>
        allowItemErrors(
          await Promise.all(event.entities.map((entity) => readCounterpart(entity, context, info).catch(asError))),
        ),
    }),
    ...organizationFields(
      t,
      'Key of the organization of the change; null when the upstream does not say.',
      ({ event }) => event.organization,
    ),
  }),
});

const MuteChangeRef = builder.enumType('MuteChange', {
  description: 'Kind of change to a mute.',
  values: {
    MUTED: { description: 'A mute was set.' },
    UNMUTED: { description: 'A mute was ended.' },
    CLEARED: { description: 'All mutes of the caller ended.' },
  } satisfies Record<MuteChanged['change'], object>,
});

builder.objectRef<EventNode<'MUTE_CHANGED'>>(eventTypeNames.MUTE_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A conversation was muted or unmuted, on any device of the caller.',
  fields: (t) => ({
    conversation: t.field(conversationOfEventField),
    muteChange: t.field({
      type: MuteChangeRef,
      nullable: false,
      description: 'Kind of change to the mute.',
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
      description: 'The user who set the mute; null when the upstream does not say.',
      resolve: ({ event }, _args, context, info) => userReference(event.mutedBy, context, info),
    }),
    ...organizationFields(t, 'Key of the organization; null when the upstream does not say.', ({ event }) =>
      event.kind === 'ORGANIZATION' ? event.token : event.organization,
    ),
    mutedAt: t.field({
      type: 'DateTime',
      description: 'Time the mute began; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.mutedAt),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      description: 'Time the mute ends; null when it has ended, or the upstream does not say.',
      resolve: ({ event }) => orNull(event.mutedUntil),
    }),
  }),
});
