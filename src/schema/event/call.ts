/** Events about calls, push notices and long-running tasks of the upstream. */
import type { CallStage, PushNoticeKind } from '../../domain/account-event.ts';
import { builder } from '../builder.ts';
import { RoleRef, roleReferences } from '../duty/role-ref.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { floatOf } from '../numbers.ts';
import { organizationFields } from '../organization/organization.ts';
import { GroupRef, groupReference, orNull, UserRef, userReference, userReferences, valueOrError } from '../refs.ts';
import { needsRead } from '../selection.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';
import { NoticePartyRef } from './notice.ts';

builder.objectRef<EventNode<'PROCESSING_CHANGED'>>(eventTypeNames.PROCESSING_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A long-running task of the upstream began or ended.',
  fields: (t) => ({
    isRunning: t.boolean({
      nullable: false,
      description: 'Whether the task is running; false when it ended.',
      resolve: ({ event }) => event.isRunning,
    }),
    action: t.string({
      description: 'The upstream’s name of the task, such as `message_replay` or `optin`; null when it gives none.',
      resolve: ({ event }) => orNull(event.action),
    }),
    conversationId: t.string({
      description: 'The upstream’s id of the conversation; null when the task concerns none.',
      resolve: ({ event }) => orNull(event.conversation),
    }),
    ...organizationFields(
      t,
      'Key of the organization; null when the task concerns none.',
      ({ event }) => event.organization,
    ),
    subject: t.field({
      type: NoticePartyRef,
      description:
        'The user, group or other object that the task concerns; null with an error when the upstream names none.',
      resolve: ({ event: { subject } }) => valueOrError(subject),
    }),
    entity: t.field({
      type: 'JSON',
      description: 'Subject of the task, under the upstream’s names; null when the upstream names none.',
      deprecationReason: 'Use `subject`, which has types. Removal on 2027-06-01.',
      resolve: ({ event }) => event.entity ?? null,
    }),
  }),
});

const CallStageRef = builder.enumType('CallStage', {
  description: 'Stage of a call, from ringing to ended.',
  values: {
    INCOMING: { description: 'The call is ringing.' },
    ANSWERED: { description: 'The call was answered.' },
    ENDED: { description: 'The call has ended.' },
    STATE: { description: 'Some other state of the call changed.' },
    PROXY_INCOMING: { description: 'A call through the service’s own number rings.' },
    JOINABLE: { description: 'A call of a waiting room can be joined.' },
  } satisfies Record<CallStage, object>,
});

/** Users that the upstream names in a call. */
const callUsers = {
  nullable: { list: false, items: true },
  extensions: costs({ perItem: bulkShare, items: { by: 'guess', count: 4 }, isReference: true }),
} as const;

builder.objectRef<EventNode<'CALL_CHANGED'>>(eventTypeNames.CALL_CHANGED).implement({
  interfaces: [EventRef],
  description:
    'A voice or video call changed. The media go over Twilio Video, not the gateway. The names of the values are known, their forms are assumed; values of another form, and `metadata`, whose form is unknown, are in `extra`.',
  fields: (t) => ({
    stage: t.field({
      type: CallStageRef,
      nullable: false,
      description: 'Stage of the call, from ringing to ended.',
      resolve: ({ event }) => event.stage,
    }),
    state: t.string({
      description:
        'The upstream’s word for a change of stage STATE: `metadata_update`, `participants_updated` or `disabled_participants`; null in other stages.',
      resolve: ({ event }) => orNull(event.state),
    }),
    callId: t.string({
      description: 'The upstream’s id of the call; null when it gives none.',
      resolve: ({ event }) => orNull(event.callId),
    }),
    roomName: t.string({
      description: 'Name of the room of the media service; null when the upstream gives none.',
      resolve: ({ event }) => orNull(event.roomName),
    }),
    callType: t.string({
      description: 'The upstream’s word for the kind of the call; null when it gives none.',
      resolve: ({ event }) => orNull(event.callType),
    }),
    reason: t.string({
      description: 'The upstream’s word for the end of the call: `ended`, `declined` or `unanswered`; null before it.',
      resolve: ({ event }) => orNull(event.reason),
    }),
    caller: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who calls; null when the upstream names none.',
      resolve: ({ event }, _args, context, info) => userReference(event.caller, context, info),
    }),
    participants: t.field({
      type: [UserRef],
      ...callUsers,
      description: 'Users who are called; empty when the upstream names none.',
      resolve: ({ event }, _args, context, info) =>
        userReferences(partiesOf(event.participants), needsRead(info), context),
    }),
    disabledParticipants: t.field({
      type: [UserRef],
      ...callUsers,
      description: 'Participants whom the upstream names as disabled; empty when it names none.',
      resolve: ({ event }, _args, context, info) =>
        userReferences(partiesOf(event.disabledParticipants), needsRead(info), context),
    }),
    roles: t.field({
      type: [RoleRef],
      nullable: { list: false, items: true },
      extensions: costs({ perItem: bulkShare, items: { by: 'guess', count: 1 }, isReference: true }),
      description:
        'Roles that the upstream names with the call; empty when it names none. Null in the place of one that the caller may not see, and with an error of one that cannot be read.',
      resolve: ({ event: { roles, organization } }, _args, context, info) =>
        roleReferences(roles, organization, context, info),
    }),
    isVideo: t.boolean({
      description: 'Whether the call has video; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.isVideo),
    }),
    name: t.string({
      description: 'Name to show for the call; null when the upstream gives none.',
      resolve: ({ event }) => orNull(event.name),
    }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group that is called; null for a call between two, and when the caller may not see the group.',
      resolve: ({ event }, _args, context, info) => groupReference(event.group, context, info),
    }),
    ...organizationFields(
      t,
      'Key of the organization; null when the upstream does not say.',
      ({ event }) => event.organization,
    ),
    network: t.string({
      description: 'The upstream’s word for the network, `provider` or `patient`; null when it does not say.',
      resolve: ({ event }) => orNull(event.network),
    }),
    call: t.field({
      type: 'JSON',
      nullable: false,
      description: 'All data of the call, under the upstream’s names.',
      deprecationReason: 'Use the other fields, and `extra` for what is beyond them. Removal on 2027-06-01.',
      resolve: ({ event }) => event.call,
    }),
  }),
});

function partiesOf(tokens: readonly string[]): { readonly token: string }[] {
  return tokens.map((token) => ({ token }));
}

const PushNoticeKindRef = builder.enumType('PushNoticeKind', {
  description: 'Subject of a push notification.',
  values: {
    REPEAT: { description: 'A reminder of an unread message.' },
    NEW_USER: { description: 'A user the caller knows has joined.' },
    EMAIL_VERIFICATION: { description: 'An e-mail address must be verified.' },
    ADDRESS_BOOK_MATCH: { description: 'A contact in the caller’s address book has an account.' },
  } satisfies Record<PushNoticeKind, object>,
});

builder.objectRef<EventNode<'PUSH_NOTICE'>>(eventTypeNames.PUSH_NOTICE).implement({
  interfaces: [EventRef],
  description: 'A push notification for a mobile device.',
  fields: (t) => ({
    kind: t.field({
      type: PushNoticeKindRef,
      nullable: false,
      description: 'Subject of the push notification.',
      resolve: ({ event }) => event.notice,
    }),
    alert: t.string({
      description: 'Text to show; null when there is none.',
      resolve: ({ event }) => orNull(event.alert),
    }),
    badge: t.float({
      description: 'Number to show on the app icon; null when it does not change.',
      resolve: ({ event }) => floatOf(event.badge, 'event.badge'),
    }),
    sound: t.string({
      description: 'Name of the sound to play; null for none.',
      resolve: ({ event }) => orNull(event.sound),
    }),
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user the notification concerns; null when it concerns none.',
      resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
    }),
    ...organizationFields(
      t,
      'Key of the organization; null when the upstream does not say.',
      ({ event }) => event.organization,
    ),
    word: t.string({
      description: 'The upstream’s name of the notification; null when it gives none.',
      resolve: ({ event }) => orNull(event.word),
    }),
  }),
});
