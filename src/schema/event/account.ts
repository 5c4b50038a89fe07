/** Events about the caller's own account, organizations and sessions. What has no fixed form upstream is JSON here. */
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { MessageRef, messageReference, orNull, UserRef, userReference } from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';

builder.objectRef<EventNode<'ACCOUNT_SETTINGS_CHANGED'>>(eventTypeNames.ACCOUNT_SETTINGS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The caller’s own account changed: read `me` again.',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The account; null when the upstream does not say.',
      resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
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
    preferences: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What the upstream says of them, under its own names.',
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
      preferences: t.field({
        type: 'JSON',
        nullable: false,
        description: 'What the upstream says of them, under its own names.',
        resolve: ({ event }) => event.preferences,
      }),
    }),
  });

builder.objectRef<EventNode<'ORGANIZATION_SETTINGS_CHANGED'>>(eventTypeNames.ORGANIZATION_SETTINGS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'The settings of an organization changed: read them again.',
  fields: (t) => ({
    settings: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What the event itself says, under the upstream’s own names; often an empty object.',
      resolve: ({ event }) => event.settings,
    }),
  }),
});

builder.objectRef<EventNode<'TAG_CHANGED'>>(eventTypeNames.TAG_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A tag changed.',
  fields: (t) => ({
    token: t.string({
      nullable: false,
      description: 'The upstream’s own id of the tag.',
      resolve: ({ event }) => event.token,
    }),
    name: t.string({
      description: 'Its name; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.name),
    }),
    organizationKey: t.string({
      description: 'Key of its organization; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.organization),
    }),
    colorId: t.string({
      description: 'The upstream’s id of its colour; null when it has none.',
      resolve: ({ event }) => orNull(event.colorId),
    }),
    colorValue: t.string({
      description: 'Its colour as the upstream writes it; null when it has none.',
      resolve: ({ event }) => orNull(event.colorValue),
    }),
  }),
});

builder.objectRef<EventNode<'TEAM_REQUEST_CHANGED'>>(eventTypeNames.TEAM_REQUEST_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A request to a team changed.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1 }),
      description: 'The message that carries the request; null when it is gone, or the upstream names none.',
      resolve: ({ event }, _args, context, info) => messageReference(event.message, context, info),
    }),
    teamRequest: t.field({
      type: 'JSON',
      description: 'The request, under the upstream’s own names; null when it sends none.',
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
      description: 'What the upstream says of it, under its own names.',
      resolve: ({ event }) => event.waitingRoom,
    }),
  }),
});

builder.objectRef<EventNode<'ESCALATION_CHANGED'>>(eventTypeNames.ESCALATION_CHANGED).implement({
  interfaces: [EventRef],
  description: 'An escalation changed.',
  fields: (t) => ({
    escalation: t.field({
      type: 'JSON',
      description: 'The escalation, under the upstream’s own names; null when it sends none.',
      resolve: ({ event }) => event.escalation ?? null,
    }),
  }),
});

builder.objectRef<EventNode<'REMOTE_WIPED'>>(eventTypeNames.REMOTE_WIPED).implement({
  interfaces: [EventRef],
  description: 'The account was signed out everywhere: erase what is kept locally. The subscription ends after it.',
});

builder.objectRef<EventNode<'SESSION_HIBERNATED'>>(eventTypeNames.SESSION_HIBERNATED).implement({
  interfaces: [EventRef],
  description: 'This session sleeps until the next sign-in.',
});

builder.objectRef<EventNode<'PUSH_CREDENTIALS_CHANGED'>>(eventTypeNames.PUSH_CREDENTIALS_CHANGED).implement({
  interfaces: [EventRef],
  description: 'Credentials for push notices changed.',
  fields: (t) => ({
    credentials: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What the upstream says of them, under its own names.',
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
      description: 'The number; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.phoneNumber),
    }),
  }),
});
