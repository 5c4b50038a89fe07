/**
 * Kinds of users, groups and messages, from the upstream's words. The upstream may add words: an unknown one is OTHER, and a field
 * beside has the word itself.
 */
import type { Group, User } from '../domain/domain.ts';
import { builder } from './builder.ts';
import { DistributionListRef, GroupRef, MessageRef, UserRef } from './refs.ts';

const counterpartKinds = {
  PERSON: { description: 'An account of a person, or of a bot.' },
  ROLE: {
    description:
      'An account that represents the user on duty, by the mark `feature_service: role` in its metadata. The mark is no proof: any user who may write the metadata of an account can set it; see `Role`.',
  },
  WAITING_ROOM_VISITOR: { description: 'A visitor of a virtual waiting room.' },
  GROUP: { description: 'A group with its members, by invitation.' },
  FORUM: { description: 'A group that anyone in the organization may join.' },
  ROLE_CONVERSATION: { description: 'A conversation of one person with a role.' },
  DUTY_LIST: { description: 'The list of users on duty for a role. Messages are not sent to it.' },
  ESCALATION: { description: 'The conversation about an escalated message.' },
  PATIENT_CARE: { description: 'The conversation of a patient’s care team.' },
  PATIENT_CONVERSATION: { description: 'A conversation with a patient or a contact of a patient.' },
  TEAM: { description: 'A conversation of a team, or with a team.' },
  LIST: { description: 'A distribution list of users.' },
  OTHER: { description: 'A kind that this version of the gateway has no value for; see `kindName`.' },
} as const;

type CounterpartKind = keyof typeof counterpartKinds;

// One type for all three, so that documents can select `kind` of each side of a conversation under one name.
const CounterpartKindRef = builder.enumType('CounterpartKind', {
  description: 'Kind of a user, a group or a distribution list.',
  values: counterpartKinds,
});

const userKinds: Readonly<Record<string, CounterpartKind>> = { role: 'ROLE', vwr: 'WAITING_ROOM_VISITOR' };

const groupKinds: Readonly<Record<string, CounterpartKind>> = {
  role: 'ROLE_CONVERSATION',
  escalation: 'ESCALATION',
  patient_care: 'PATIENT_CARE',
  patient_messaging: 'PATIENT_CONVERSATION',
};

/** Words of `meta_type` under which the upstream's `teams` are conversations of a team. */
const teamWords: ReadonlySet<string> = new Set(['activated_team', 'intra_team']);

/** A kind with the upstream's word for it; no word for the plain ones. */
interface NamedKind {
  readonly kind: CounterpartKind;
  readonly word?: string;
}

function named(kinds: Readonly<Record<string, CounterpartKind>>, word: string): NamedKind {
  return { kind: (Object.hasOwn(kinds, word) ? kinds[word] : undefined) ?? 'OTHER', word };
}

/** Undefined when the upstream sent no metadata with the user, which contain the word. */
function kindOfUser({ metadata }: User): NamedKind | undefined {
  if (metadata === undefined) return undefined;
  const word = metadata.feature_service;
  return word === undefined ? { kind: 'PERSON' } : named(userKinds, word);
}

/** The order is that of the official clients: the first that fits. Undefined without metadata, as for users. */
function kindOfGroup({ metadata, isPublic, team }: Group): NamedKind | undefined {
  if (metadata === undefined) return team === undefined ? undefined : { kind: 'TEAM' };
  const { meta_type: type, feature_service: service } = metadata;
  if (type === 'role_assignment') return { kind: 'DUTY_LIST', word: type };
  if (service === 'teams') return { kind: type !== undefined && teamWords.has(type) ? 'TEAM' : 'OTHER', word: service };
  if (service !== undefined) return named(groupKinds, service);
  return { kind: isPublic === true ? 'FORUM' : 'GROUP' };
}

const wordNote = 'The upstream’s word for the kind, such as `role`; null for the plain kinds, and when it sends none.';

builder.objectFields(UserRef, (t) => ({
  kind: t.field({
    type: CounterpartKindRef,
    description: 'Kind of the account, without an upstream call; null when the upstream sent no metadata with it.',
    resolve: (user) => kindOfUser(user)?.kind,
  }),
  kindName: t.string({ description: wordNote, resolve: (user) => kindOfUser(user)?.word }),
}));

builder.objectFields(GroupRef, (t) => ({
  kind: t.field({
    type: CounterpartKindRef,
    description: 'Kind of the group, without an upstream call; null when the upstream sent no metadata with it.',
    resolve: (group) => kindOfGroup(group)?.kind,
  }),
  kindName: t.string({ description: wordNote, resolve: (group) => kindOfGroup(group)?.word }),
}));

builder.objectFields(DistributionListRef, (t) => ({
  // Nullable like those of users and groups, otherwise documents that select several of them do not merge.
  kind: t.field({
    type: CounterpartKindRef,
    description: 'Kind of the counterpart: always LIST, never null.',
    resolve: () => 'LIST' as const,
  }),
}));

const messageKinds = {
  ORDINARY: { description: 'A message of a user, without a special purpose.' },
  APPOINTMENT: { description: 'A message about an appointment.' },
  AUTO_FORWARD: {
    description: 'A notice that messages are forwarded during do-not-disturb; inferred from its word.',
  },
  CHATBOT: { description: 'A message of a chat bot.' },
  EMPTY_ROLE: { description: 'A notice that no user is on duty for the role.' },
  ROLE_AWAY: { description: 'The away reply of a role.' },
  SCHEDULED: { description: 'A message that was scheduled to be sent.' },
  SMS_OPT_IN: { description: 'A notice that the recipient agreed to text messages.' },
  SMS_OPT_OUT: { description: 'A notice that the recipient declined text messages.' },
  SYSTEM: { description: 'A message of the system.' },
  TEAM_REQUEST: { description: 'A request to join a team.' },
  USER_AWAY: { description: 'The away reply of a user.' },
  WAITING_ROOM_CALL: { description: 'A call of a virtual waiting room.' },
  OTHER: { description: 'A kind that this version of the gateway has no value for; see `subType`.' },
} as const;

const subTypes: Readonly<Record<string, keyof typeof messageKinds>> = {
  appointment: 'APPOINTMENT',
  CHATBOT_MESSAGE: 'CHATBOT',
  dnd_af_notification: 'AUTO_FORWARD',
  empty_role_notification: 'EMPTY_ROLE',
  role_away_notification: 'ROLE_AWAY',
  schedule_message: 'SCHEDULED',
  sms_optin_notification: 'SMS_OPT_IN',
  sms_optout_notification: 'SMS_OPT_OUT',
  system: 'SYSTEM',
  team_request: 'TEAM_REQUEST',
  user_away_notification: 'USER_AWAY',
  vwr_call: 'WAITING_ROOM_CALL',
};

const MessageKindRef = builder.enumType('MessageKind', {
  description: 'Kind of a message, by its `subType`.',
  values: messageKinds,
});

builder.objectField(MessageRef, 'kind', (t) =>
  t.field({
    type: MessageKindRef,
    nullable: false,
    description: 'Kind of the message; the upstream’s word for it is in `subType`.',
    resolve: ({ subType }) => {
      if (subType === undefined || subType === '') return 'ORDINARY' as const;
      return (Object.hasOwn(subTypes, subType) ? subTypes[subType] : undefined) ?? ('OTHER' as const);
    },
  }),
);
