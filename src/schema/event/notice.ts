/** Notices inside a conversation, as events and as items of its history. */
import type { NoticeParty } from '../../domain/conversation.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { floatOf } from '../numbers.ts';
import { organizationFields } from '../organization/organization.ts';
import { CounterpartRef, orNull } from '../refs.ts';
import { type EventNode, EventRef, eventTypeNames } from './event.ts';
import { conversationOfEventField, readCounterpart } from './event-conversation.ts';

export const NoticePartyRef = builder.objectRef<NoticeParty>('NoticeParty').implement({
  description: 'A user, group or other object in a notice.',
  fields: (t) => ({
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The user, group or distribution list; null for objects of another kind.',
      resolve: ({ kind, token, name }, _args, context, info) => {
        if (kind === undefined) return null;
        const reference = kind === 'USER' ? { kind, token, displayName: name } : { kind, token, name };
        return readCounterpart(reference, context, info);
      },
    }),
    token: t.exposeString('token', { nullable: false, description: 'The upstream’s id, without a type prefix.' }),
    name: t.string({
      description: 'Name as sent with the notice, so that it costs no upstream call; null when the notice has none.',
      resolve: ({ name }) => orNull(name),
    }),
  }),
});

export const ConversationNoticeRef = builder.objectRef<EventNode<'CONVERSATION_NOTICE'>>(
  eventTypeNames.CONVERSATION_NOTICE,
);
ConversationNoticeRef.implement({
  interfaces: [EventRef],
  description:
    'A notice inside a conversation: a member joined or left, a call was missed, an escalation began. In a conversation’s history it is not an event: `id` is then that of the notice, which cannot be acknowledged, and `receivedAt` is the time of the notice.',
  fields: (t) => ({
    noticeId: t.string({
      description: 'The upstream’s id of the notice; null when it gives none.',
      resolve: ({ event }) => orNull(event.noticeId),
    }),
    notice: t.string({
      nullable: false,
      description:
        'The upstream’s name of the notice, such as `added`, `removed`, `missed_voip_call` or `escalation_initiated`.',
      resolve: ({ event }) => event.word,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'Time of the change; null when the upstream does not say.',
      resolve: ({ event }) => orNull(event.at),
    }),
    actor: t.field({
      type: NoticePartyRef,
      description: 'The party that acted; null when the upstream names none.',
      resolve: ({ event }) => orNull(event.actor),
    }),
    subject: t.field({
      type: NoticePartyRef,
      description: 'The party affected; null when the upstream names none.',
      resolve: ({ event }) => orNull(event.subject),
    }),
    target: t.field({
      type: NoticePartyRef,
      description: 'The conversation that shows the notice; null when the upstream names none.',
      resolve: ({ event }) => orNull(event.target),
    }),
    reason: t.string({
      description:
        'The upstream’s name of the reason, such as `leave_org` or `delete_account`; null when it gives none.',
      resolve: ({ event }) => orNull(event.reason),
    }),
    actedBy: t.field({
      type: NoticePartyRef,
      description: 'Of an escalation, the user who acted; null in other notices, and when the upstream names none.',
      resolve: ({ event }) => orNull(event.acted?.by),
    }),
    actedAt: t.field({
      type: 'DateTime',
      description:
        'Of an escalation, the time of the action; null in other notices, and when the upstream does not say.',
      resolve: ({ event }) => orNull(event.acted?.at),
    }),
    member: t.field({
      type: NoticePartyRef,
      description: 'The back-up that was asked in an escalation; null in other notices.',
      resolve: ({ event }) => orNull(event.acted?.member),
    }),
    reasonSubjectToken: t.string({
      description: 'Token of the user the reason concerns; null when the upstream names none.',
      resolve: ({ event }) => orNull(event.reasonSubject),
    }),
    sortNumber: t.float({
      description: 'Sort key among the messages of the conversation; null when the upstream gives none.',
      resolve: ({ event }) => floatOf(event.sortNumber, 'event.sort_number'),
    }),
    conversation: t.field(conversationOfEventField),
    ...organizationFields(
      t,
      'Key of the organization; null when the upstream does not say.',
      ({ event }) => event.organization,
    ),
  }),
});
