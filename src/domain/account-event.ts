/** Events about the caller's account, sessions and organizations, calls and push notices. The rules of `gateway-event.ts` hold here too. */

import type { GatewayError } from '../errors.ts';
import type { NoticeParty } from './conversation.ts';
import type { Escalation } from './duty.ts';
import type { EventOf, Extra } from './event-base.ts';

/** The caller's own account changed. */
export interface AccountSettingsChanged extends EventOf<'ACCOUNT_SETTINGS_CHANGED'> {
  readonly user: string | undefined;
  /** The upstream's names of the parts that changed. */
  readonly services: readonly string[];
}

/** `preferences` holds the upstream's fields under their wire names; only `quickReplies` has a known form. */
export interface UserPreferencesChanged extends EventOf<'USER_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
  readonly quickReplies: readonly string[] | undefined;
}
export interface OrganizationPreferencesChanged extends EventOf<'ORGANIZATION_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
  readonly quickReplies: readonly string[] | undefined;
  readonly organization: string | undefined;
}
/** The settings changed; `settings` is often empty, so clients read the organization again. */
export interface OrganizationSettingsChanged extends EventOf<'ORGANIZATION_SETTINGS_CHANGED'> {
  readonly settings: Extra;
}

export interface TagChanged extends EventOf<'TAG_CHANGED'> {
  readonly token: string;
  readonly name: string | undefined;
  readonly organization: string | undefined;
  readonly colorId: string | undefined;
  readonly colorValue: string | undefined;
}

export interface TeamRequestChanged extends EventOf<'TEAM_REQUEST_CHANGED'> {
  readonly message: string | undefined;
  /** As the upstream sent it. */
  readonly teamRequest: unknown;
  /** An error when it has no id. */
  readonly request: TeamRequest | GatewayError;
}

/** OTHER: the upstream has another word. */
export type TeamRequestStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'OTHER';

/** A request of a user to join a team. */
export interface TeamRequest {
  readonly requestId: string;
  readonly status: TeamRequestStatus | undefined;
  readonly statusName: string | undefined;
  /** Token of the user. */
  readonly createdBy: string | undefined;
  /** The upstream's id of the team. */
  readonly team: string | undefined;
  readonly reason: string | undefined;
}

export interface WaitingRoomChanged extends EventOf<'WAITING_ROOM_CHANGED'> {
  readonly waitingRoom: Extra;
}

export interface EscalationChanged extends EventOf<'ESCALATION_CHANGED'> {
  /** As the upstream sent it. */
  readonly escalation: unknown;
  /** An error when it breaks the contract, or is missing. */
  readonly changed: Escalation | GatewayError;
  /** Tokens of the original message and of its copy, if named; of a broken escalation too. */
  readonly messages: readonly string[];
}

/** Clients sign out and erase local data. The last event of a subscription. */
export type RemoteWiped = EventOf<'REMOTE_WIPED'>;

/** The session is suspended until the next sign-in. */
export type SessionHibernated = EventOf<'SESSION_HIBERNATED'>;

export interface PushCredentialsChanged extends EventOf<'PUSH_CREDENTIALS_CHANGED'> {
  readonly credentials: Extra;
}

export interface PhoneNumberValidated extends EventOf<'PHONE_NUMBER_VALIDATED'> {
  readonly phoneNumber: string | undefined;
}

/** A long-running task of the upstream began or ended. */
export interface ProcessingChanged extends EventOf<'PROCESSING_CHANGED'> {
  readonly isRunning: boolean;
  /** The upstream's name of the task, such as `message_replay`. */
  readonly action: string | undefined;
  readonly conversation: string | undefined;
  readonly organization: string | undefined;
  /** As the upstream sent it. */
  readonly entity: unknown;
  /** An error when the event names none. */
  readonly subject: NoticeParty | GatewayError;
}

export type CallStage = 'INCOMING' | 'ANSWERED' | 'ENDED' | 'STATE' | 'PROXY_INCOMING' | 'JOINABLE';

export interface CallChanged extends EventOf<'CALL_CHANGED'> {
  readonly stage: CallStage;
  /** The upstream's word for the subject of a STATE event. */
  readonly state: string | undefined;
  readonly callId: string | undefined;
  readonly roomName: string | undefined;
  readonly callType: string | undefined;
  readonly reason: string | undefined;
  /** Tokens of users. */
  readonly caller: string | undefined;
  readonly participants: readonly string[];
  readonly disabledParticipants: readonly string[];
  /** Tokens of roles. */
  readonly roles: readonly string[];
  readonly isVideo: boolean | undefined;
  readonly name: string | undefined;
  /** Token of the group that is called. */
  readonly group: string | undefined;
  readonly organization: string | undefined;
  readonly network: string | undefined;
  /** The whole payload. */
  readonly call: Extra;
}

export type PushNoticeKind = 'REPEAT' | 'NEW_USER' | 'EMAIL_VERIFICATION' | 'ADDRESS_BOOK_MATCH';

export interface PushNotice extends EventOf<'PUSH_NOTICE'> {
  readonly notice: PushNoticeKind;
  readonly alert: string | undefined;
  readonly badge: number | undefined;
  readonly sound: string | undefined;
  readonly organization: string | undefined;
  readonly user: string | undefined;
  /** The upstream's name of the notice. */
  readonly word: string | undefined;
}

export type AccountEvent =
  | AccountSettingsChanged
  | UserPreferencesChanged
  | OrganizationPreferencesChanged
  | OrganizationSettingsChanged
  | TagChanged
  | TeamRequestChanged
  | WaitingRoomChanged
  | EscalationChanged
  | RemoteWiped
  | SessionHibernated
  | PushCredentialsChanged
  | PhoneNumberValidated
  | ProcessingChanged
  | CallChanged
  | PushNotice;
