/**
 * Types of duty: roles, and escalations of unanswered messages. As in `domain.ts`, names are the gateway's, and `undefined` means
 * that the upstream sent no value.
 */
import type { GatewayError } from '../errors.ts';

/** A user or a role, as the upstream refers to it. */
export interface DutyParty {
  readonly token: string;
  readonly name: string | undefined;
}

/** A tag that groups the roles of an organization. */
export interface RoleTag {
  readonly tagId: string;
  readonly name: string | undefined;
  /** `#RRGGBB`. */
  readonly color: string | undefined;
}

/** One step of an escalation: its targets, and their time to answer. */
export interface EscalationStep {
  readonly durationMinutes: number | undefined;
  readonly targets: readonly DutyParty[];
}

/** Path of an unanswered message to a role. */
export interface EscalationPolicy {
  readonly isAutomatic: boolean | undefined;
  readonly targetMinutes: number | undefined;
  readonly steps: readonly EscalationStep[];
  /** Time from the end of an escalation to the removal of its conversation. */
  readonly keptMinutes: number | undefined;
}

/** The role of an account, from its metadata. */
export interface RoleProfile {
  /** Empty when the upstream names no user. */
  readonly onDuty: readonly DutyParty[];
  readonly description: string | undefined;
  readonly tag: RoleTag | undefined;
  readonly escalationPolicy: EscalationPolicy | undefined;
  /** The metadata break the contract: the other fields are empty. */
  readonly error?: GatewayError | undefined;
}

/** Values that only the role's own object has. */
export interface RoleRules {
  /** Members of the organization may put themselves on duty. */
  readonly isOpen: boolean | undefined;
  /** The last one on duty may not leave. */
  readonly isOwnerRequired: boolean | undefined;
  /** Text for users who write while no one is on duty. */
  readonly noOwnersMessage: string | undefined;
}

/** An account that represents the person on duty. */
export interface Role {
  readonly kind: 'ROLE';
  /** Of the account. */
  readonly token: string;
  readonly name: string | undefined;
  readonly organizationKey: string | undefined;
  readonly profile: RoleProfile;
  /** Undefined until the role's own object is read. */
  readonly rules?: RoleRules | undefined;
}

/** The role as which a message was written, and the person behind it. */
export interface RoleAuthorship {
  readonly role: DutyParty;
  readonly writer: DutyParty | undefined;
}

/** UNANSWERED: not confirmed after the last step. OTHER: the upstream has another word. */
export type EscalationStatus = 'IN_PROGRESS' | 'CONFIRMED' | 'CANCELLED' | 'UNANSWERED' | 'OTHER';

/** The escalation of a message to a role, until it is answered. */
export interface Escalation {
  /** The upstream's id of the escalation. */
  readonly escalationId: string;
  /** Short name for display, such as `#AB12`. */
  readonly name: string;
  readonly status: EscalationStatus;
  /** The upstream's word for the status. */
  readonly statusName: string;
  /** 0: the target itself; 1 and up: the steps of the path. */
  readonly level: number | undefined;
  /** Token of the role that the message was written to. */
  readonly target: string | undefined;
  readonly targetMinutes: number | undefined;
  readonly steps: readonly EscalationStep[];
  /** Tokens of the original message, and of its copy for the back-ups. */
  readonly message: string | undefined;
  readonly copy: string | undefined;
  /** The upstream's id of the conversation of the original message. */
  readonly conversation: string | undefined;
  /** Token of the group of the back-ups. */
  readonly group: string | undefined;
  readonly organizationKey: string | undefined;
  /** ISO 8601, UTC: the last change, and the end of the escalation with its conversation. */
  readonly changedAt: string | undefined;
  readonly keptMinutes: number | undefined;
  readonly keptUntil: string | undefined;
}
