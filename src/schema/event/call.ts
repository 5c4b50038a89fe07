/** Events about calls, push notices and work the upstream does. */
import type { CallStage, PushNoticeKind } from '../../gateway-event.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { floatOf } from '../numbers.ts';
import { orNull, UserRef, userReference } from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';

builder.objectRef<EventNode<'PROCESSING_CHANGED'>>(eventTypeNames.PROCESSING_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A long-running work of the upstream began or ended.',
  fields: (t) => ({
    isRunning: t.boolean({
      nullable: false,
      description: 'Whether it began; false when it ended.',
      resolve: ({ event }) => event.isRunning,
    }),
    action: t.string({
      description: 'The upstream’s word for the work, such as `message_replay` or `optin`; null when it gives none.',
      resolve: ({ event }) => orNull(event.action),
    }),
    conversationId: t.string({
      description: 'The upstream’s id of the conversation it is about; null when it is about none.',
      resolve: ({ event }) => orNull(event.conversation),
    }),
    organizationKey: t.string({
      description: 'Key of the organization it is about; null when it is about none.',
      resolve: ({ event }) => orNull(event.organization),
    }),
    entity: t.field({
      type: 'JSON',
      description: 'What it is about, under the upstream’s own names; null when it names nothing.',
      resolve: ({ event }) => event.entity ?? null,
    }),
  }),
});

const CallStageRef = builder.enumType('CallStage', {
  description: 'How far a call is.',
  values: {
    INCOMING: { description: 'It rings.' },
    ANSWERED: { description: 'It was answered.' },
    ENDED: { description: 'It is over.' },
    STATE: { description: 'Something about it changed.' },
    PROXY_INCOMING: { description: 'A call through the service’s own number rings.' },
    JOINABLE: { description: 'A call of a waiting room can be joined.' },
  } satisfies Record<CallStage, object>,
});

builder.objectRef<EventNode<'CALL_CHANGED'>>(eventTypeNames.CALL_CHANGED).implement({
  interfaces: [EventRef],
  description: 'A voice or video call changed.',
  fields: (t) => ({
    stage: t.field({
      type: CallStageRef,
      nullable: false,
      description: 'How far it is.',
      resolve: ({ event }) => event.stage,
    }),
    call: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What the upstream says of it, under its own names.',
      resolve: ({ event }) => event.call,
    }),
  }),
});

const PushNoticeKindRef = builder.enumType('PushNoticeKind', {
  description: 'What a push notice is about.',
  values: {
    REPEAT: { description: 'A reminder of something unread.' },
    NEW_USER: { description: 'Somebody the caller knows joined.' },
    EMAIL_VERIFICATION: { description: 'An e-mail address has to be verified.' },
    ADDRESS_BOOK_MATCH: { description: 'Somebody in the caller’s address book was found.' },
  } satisfies Record<PushNoticeKind, object>,
});

builder.objectRef<EventNode<'PUSH_NOTICE'>>(eventTypeNames.PUSH_NOTICE).implement({
  interfaces: [EventRef],
  description: 'What a phone would show as a push notice.',
  fields: (t) => ({
    kind: t.field({
      type: PushNoticeKindRef,
      nullable: false,
      description: 'What it is about.',
      resolve: ({ event }) => event.notice,
    }),
    alert: t.string({
      description: 'The text to show; null when there is none.',
      resolve: ({ event }) => orNull(event.alert),
    }),
    badge: t.float({
      description: 'The number to show on the icon; null when it does not change.',
      resolve: ({ event }) => floatOf(event.badge, 'event.badge'),
    }),
    sound: t.string({
      description: 'Name of the sound to play; null for none.',
      resolve: ({ event }) => orNull(event.sound),
    }),
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'Who it is about; null when it is about nobody.',
      resolve: ({ event }, _args, context, info) => userReference(event.user, context, info),
    }),
    organizationKey: t.string({
      description: 'Key of the organization; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.organization),
    }),
    word: t.string({
      description: 'The upstream’s own word for the notice; null when it gives none.',
      resolve: ({ event }) => orNull(event.word),
    }),
  }),
});
