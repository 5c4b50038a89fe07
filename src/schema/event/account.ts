/** Events about the caller's own account, organizations and sessions. Data without a fixed form in the contract is JSON. */
import type { TeamRequest, TeamRequestStatus } from '../../domain/account-event.ts';
import { builder } from '../builder.ts';
import { EscalationChangedRef, EscalationRef } from '../duty/escalation-ref.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { organizationFields } from '../organization/organization.ts';
import { MessageRef, messageReference, orNull, UserRef, userReference, valueOrError } from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';

builder.objectRef<EventNode<'ACCOUNT_SETTINGS_CHANGED'>>(eventTypeNames.ACCOUNT_SETTINGS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The caller’s own account changed; read `me` again.',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The account of the caller.',
      resolve: ({ event }, _args, context, info) =>
        event.user === undefined ? context.loaders.me() : userReference(event.user, context, info),
    }),
    services: t.field({
      type: ['String'],
      nullable: false,
      description: 'The upstream’s names of the parts that changed; empty when it gives none.',
      resolve: ({ event }) => event.services,
    }),
  }),
});

builder.objectRef<EventNode<'USER_PREFERENCES_CHANGED'>>(eventTypeNames.USER_PREFERENCES_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The caller’s preferences changed.',
  fields: (t) => ({
    quickReplies: t.stringList({
      description: 'The caller’s quick replies after the change; null when the event has none.',
      resolve: ({ event }) => orNull(event.quickReplies),
    }),
    preferences: t.field({
      type: 'JSON',
      nullable: false,
      description: 'All values in the event, under the upstream’s names. Only `quickReplies` has a known form.',
      resolve: ({ event }) => event.preferences,
    }),
  }),
});

builder
  .objectRef<EventNode<'ORGANIZATION_PREFERENCES_CHANGED'>>(eventTypeNames.ORGANIZATION_PREFERENCES_CHANGED)
  .implement({
    interfaces: [EventRef],
    description: 'The preferences of an organization changed.',
    fields: (t) => ({
      quickReplies: t.stringList({
        description: 'Quick replies of the organization after the change; null when the event has none.',
        resolve: ({ event }) => orNull(event.quickReplies),
      }),
      ...organizationFields(
        t,
        'Key of the organization; null when the upstream does not say.',
        ({ event }) => event.organization,
      ),
      preferences: t.field({
        type: 'JSON',
        nullable: false,
        description: 'All values in the event, under the upstream’s names. Only `quickReplies` has a known form.',
        resolve: ({ event }) => event.preferences,
      }),
    }),
  });

builder.objectRef<EventNode<'ORGANIZATION_SETTINGS_CHANGED'>>(eventTypeNames.ORGANIZATION_SETTINGS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The settings of an organization changed; read them again.',
  fields: (t) => ({
    settings: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The values in the event, under the upstream’s names; often an empty object. Their form is unknown.',
      resolve: ({ event }) => event.settings,
    }),
  }),
});

builder.objectRef<EventNode<'TAG_CHANGED'>>(eventTypeNames.TAG_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A tag of an organization changed.',
  fields: (t) => ({
    token: t.string({
      nullable: false,
      description: 'The upstream’s id of the tag.',
      resolve: ({ event }) => event.token,
    }),
    name: t.string({
      description: 'Name of the tag; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.name),
    }),
    ...organizationFields(
      t,
      'Key of the tag’s organization; null when the upstream does not say.',
      ({ event }) => event.organization,
    ),
    colorId: t.string({
      description: 'The upstream’s id of the tag’s colour; null when it has none.',
      resolve: ({ event }) => orNull(event.colorId),
    }),
    colorValue: t.string({
      description: 'Colour of the tag, as the upstream writes it; null when it has none.',
      resolve: ({ event }) => orNull(event.colorValue),
    }),
  }),
});

const TeamRequestStatusRef = builder.enumType('TeamRequestStatus', {
  description: 'Status of a request to join a team.',
  values: {
    PENDING: { description: 'The request waits for an answer. The word for it is assumed.' },
    ACCEPTED: { description: 'The user is a member of the team now.' },
    DECLINED: { description: 'The request was declined.' },
    OTHER: { description: 'A status that this version of the gateway has no value for; see `statusName`.' },
  } satisfies Record<TeamRequestStatus, object>,
});

const TeamRequestRef = builder.objectRef<TeamRequest>('TeamRequest').implement({
  description: 'A request of a user to join a team.',
  fields: (t) => ({
    requestId: t.exposeString('requestId', {
      nullable: false,
      description: 'The upstream’s id of the request; not a global id.',
    }),
    status: t.expose('status', {
      type: TeamRequestStatusRef,
      description: 'Status of the request; null when the upstream does not say.',
    }),
    statusName: t.exposeString('statusName', {
      description: 'The upstream’s word for the status, such as `accepted`; null when it gives none.',
    }),
    createdBy: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who wants to join; null when the upstream does not say.',
      resolve: ({ createdBy }, _args, context, info) => userReference(createdBy, context, info),
    }),
    teamId: t.string({
      description: 'The upstream’s id of the team; null when it does not say.',
      resolve: ({ team }) => team,
    }),
    reason: t.exposeString('reason', { description: 'Reason that the upstream sends; null when it sends none.' }),
  }),
});

builder.objectRef<EventNode<'TEAM_REQUEST_CHANGED'>>(eventTypeNames.TEAM_REQUEST_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A request to a team changed.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1 }),
      description: 'The message that carries the request; null when it no longer exists, or the upstream names none.',
      resolve: ({ event }, _args, context, info) => messageReference(event.message, context, info),
    }),
    request: t.field({
      type: TeamRequestRef,
      description: 'The request after the change; null with an error when the upstream sends none with an id.',
      resolve: ({ event: { request } }) => valueOrError(request),
    }),
    teamRequest: t.field({
      type: 'JSON',
      description: 'The request, under the upstream’s names; null when it sends none.',
      deprecationReason: 'Use `request`, which has types. Removal on 2027-06-01.',
      resolve: ({ event }) => event.teamRequest ?? null,
    }),
  }),
});

builder.objectRef<EventNode<'WAITING_ROOM_CHANGED'>>(eventTypeNames.WAITING_ROOM_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A virtual waiting room changed.',
  fields: (t) => ({
    waitingRoom: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The changed values, under the upstream’s names. Their form is unknown.',
      resolve: ({ event }) => event.waitingRoom,
    }),
  }),
});

EscalationChangedRef.implement({
  interfaces: [EventRef],
  description: 'An escalation of a message changed.',
  fields: (t) => ({
    changedEscalation: t.field({
      type: EscalationRef,
      description: 'The escalation after the change; null with an error when it breaks the upstream’s contract.',
      resolve: ({ event: { changed } }) => valueOrError(changed),
    }),
    escalation: t.field({
      type: 'JSON',
      description: 'The escalation, under the upstream’s names; null when it sends none.',
      deprecationReason: 'Use `changedEscalation`, which has types. Removal on 2027-06-01.',
      resolve: ({ event }) => event.escalation ?? null,
    }),
  }),
});

builder.objectRef<EventNode<'REMOTE_WIPED'>>(eventTypeNames.REMOTE_WIPED).implement({
  interfaces: [EventRef],
  description: 'The account was signed out everywhere; erase all local data. The subscription ends after this event.',
});

builder.objectRef<EventNode<'SESSION_HIBERNATED'>>(eventTypeNames.SESSION_HIBERNATED).implement({
  interfaces: [EventRef],
  description: 'The session is suspended until the next sign-in.',
});

builder.objectRef<EventNode<'PUSH_CREDENTIALS_CHANGED'>>(eventTypeNames.PUSH_CREDENTIALS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'Credentials for push notifications changed.',
  fields: (t) => ({
    credentials: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The changed values, under the upstream’s names. Their form is unknown.',
      resolve: ({ event }) => event.credentials,
    }),
  }),
});

builder.objectRef<EventNode<'PHONE_NUMBER_VALIDATED'>>(eventTypeNames.PHONE_NUMBER_VALIDATED).implement({
  interfaces: [EventRef],
  description: 'A phone number of the caller was verified.',
  fields: (t) => ({
    phoneNumber: t.field({
      type: 'PhoneNumber',
      description: 'The verified number; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.phoneNumber),
    }),
  }),
});
