/** Escalations: the path of an unanswered message to a role. */
import type { Group, Message } from '../../domain/domain.ts';
import type { Escalation, EscalationStatus } from '../../domain/duty.ts';
import { builder } from '../builder.ts';
import { present, subscribeTo } from '../event/typed-source.ts';
import { costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { intOf } from '../numbers.ts';
import { organizationField, organizationOf } from '../organization/organization.ts';
import { GroupRef, groupReference, MessageRef, messageReference, orNull, valueOrError } from '../refs.ts';
import { EscalationChangedRef, EscalationRef } from './escalation-ref.ts';
import { EscalationTargetRef, stepsField } from './role.ts';

const EscalationStatusRef = builder.enumType('EscalationStatus', {
  description: 'Status of an escalation. All but IN_PROGRESS are final.',
  values: {
    IN_PROGRESS: { description: 'The target, or a step of the path, is asked.' },
    CONFIRMED: { description: 'A user has confirmed the escalation.' },
    CANCELLED: { description: 'The sender ended the escalation.' },
    UNANSWERED: { description: 'Not confirmed, and the last step is over.' },
    OTHER: { description: 'A status that this version of the gateway has no value for; see `statusName`.' },
  } satisfies Record<EscalationStatus, object>,
});

EscalationRef.implement({
  description:
    'The path of a message to a role until it is answered: the role is asked first, then the steps of its policy. Its changes have the order of the events; the upstream’s timing is not documented.',
  fields: (t) => ({
    escalationId: t.exposeString('escalationId', {
      nullable: false,
      description:
        'The upstream’s id of the escalation, for `confirmEscalation` and `skipEscalation`; not a global id.',
    }),
    name: t.exposeString('name', { nullable: false, description: 'Short name for people, such as `#AB12`.' }),
    status: t.expose('status', {
      type: EscalationStatusRef,
      nullable: false,
      description: 'Status of the escalation at this moment.',
    }),
    statusName: t.exposeString('statusName', {
      nullable: false,
      description: 'The upstream’s word for the status, such as `no_response`.',
    }),
    level: t.int({
      description:
        'Step that is asked: 0 the target itself, 1 and up those of `steps`; null when the upstream does not say.',
      resolve: ({ level }) => intOf(level, 'Escalation.level'),
    }),
    target: t.field({
      type: EscalationTargetRef,
      description: 'The role that the message was written to; null when the upstream names none.',
      resolve: ({ target }) => (target === undefined ? null : { token: target, name: undefined }),
    }),
    targetMinutes: t.int({
      description: 'Time the target has before the first step, in minutes; null when the upstream does not say.',
      resolve: ({ targetMinutes }) => intOf(targetMinutes, 'Escalation.target_duration'),
    }),
    steps: t.field(stepsField),
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The original message; null when the caller may not see it, or it no longer exists.',
      resolve: ({ message }, _args, context, info) => messageReference(message, context, info),
    }),
    copy: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The copy of the message for the back-ups; null before the first step, and for other users.',
      resolve: ({ copy }, _args, context, info) => messageReference(copy, context, info),
    }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group of the back-ups; null before the first step, and for non-members.',
      resolve: ({ group }, _args, context, info) => groupReference(group, context, info),
    }),
    conversationId: t.exposeString('conversation', {
      description: 'The upstream’s id of the conversation of the original message; null when it does not say.',
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization; null when the upstream does not say.',
    }),
    organization: t.field({
      ...organizationField,
      resolve: ({ organizationKey }, _args, context) => organizationOf(organizationKey, context),
    }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      description: 'Time of the last change (inferred); null when the upstream does not say.',
    }),
    keptMinutes: t.int({
      description: 'Time until the data of the escalation is removed, in minutes; null when the upstream does not say.',
      resolve: ({ keptMinutes }) => intOf(keptMinutes, 'Escalation.destruction_duration'),
    }),
    keptUntil: t.expose('keptUntil', {
      type: 'DateTime',
      description: 'Time at which the data of the escalation is removed; null when the upstream does not say.',
    }),
  }),
});

function readableEscalation({ escalation }: Message | Group): Escalation | null {
  return orNull(valueOrError(escalation));
}

builder.objectField(MessageRef, 'escalation', (t) =>
  t.field({
    type: EscalationRef,
    description:
      'The escalation of the message, or of the message it is a copy of; null without one, and with an error when it breaks the upstream’s contract.',
    resolve: readableEscalation,
  }),
);

builder.objectField(GroupRef, 'escalation', (t) =>
  t.field({
    type: EscalationRef,
    description:
      'The escalation that the group is about; null for all other groups, when the upstream sent the group without it, and with an error when it breaks the upstream’s contract.',
    resolve: readableEscalation,
  }),
);

builder.subscriptionField('escalationChanged', (t) =>
  t.field({
    type: EscalationChangedRef,
    nullable: false,
    description: 'Changes of escalations that concern the caller, in their order.',
    args: {
      message: t.arg.id({
        description:
          'Only the escalation of this message, or of the one it is a copy of: global id or token; all when left out.',
      }),
    },
    subscribe: (_root, { message }, context) => {
      const token = message == null ? undefined : tokenOf('Message', message, 'message');
      return subscribeTo(
        context,
        'ESCALATION_CHANGED',
        ({ messages }) => token === undefined || messages.includes(token),
      );
    },
    resolve: present,
  }),
);
