/**
 * Types of duty: roles, and escalations of messages without an answer. Like `domain.ts`, it has the gateway's
 * names, and `undefined` means that the upstream sent no value.
 */
import type { GatewayError } from '../errors.ts';

/** A user, or a role, as the upstream names it. */
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

/** One step of an escalation: its targets, and the time they have. */
export interface EscalationStep {
  readonly durationMinutes: number | undefined;
  readonly targets: readonly DutyParty[];
}

/** Path of a message to a role that is not answered. */
export interface EscalationPolicy {
  readonly isAutomatic: boolean | undefined;
  readonly targetMinutes: number | undefined;
  readonly steps: readonly EscalationStep[];
  /** Time from the end of an escalation until its conversation goes. */
  readonly keptMinutes: number | undefined;
}

/** What the metadata of a role's account says of it. */
export interface RoleProfile {
  /** Empty when the upstream names no one. */
  readonly onDuty: readonly DutyParty[];
  readonly description: string | undefined;
  readonly tag: RoleTag | undefined;
  readonly escalationPolicy: EscalationPolicy | undefined;
  /** The metadata break the contract: the other fields say nothing. */
  readonly error?: GatewayError | undefined;
}

/** What only the role's own object says. */
export interface RoleRules {
  /** Members of the organization may put themselves on duty. */
  readonly isOpen: boolean | undefined;
  /** The last one on duty may not leave. */
  readonly isOwnerRequired: boolean | undefined;
  /** Text for users who write while no one is on duty. */
  readonly noOwnersMessage: string | undefined;
}

/** An account that stands for the person on duty. */
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

/** The role that a message was written as, and the person behind it. */
export interface RoleAuthorship {
  readonly role: DutyParty;
  readonly writer: DutyParty | undefined;
}

/** UNANSWERED: not confirmed after the last step. OTHER: the upstream has another word. */
export type EscalationStatus = 'IN_PROGRESS' | 'CONFIRMED' | 'CANCELLED' | 'UNANSWERED' | 'OTHER';

/** The way of a message to a role until it is answered. */
export interface Escalation {
  /** The upstream's id of it. */
  readonly escalationId: string;
  /** Short name for people, such as `#AB12`. */
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
  /** ISO 8601, UTC: of the last change, and the end of everything about it. */
  readonly changedAt: string | undefined;
  readonly keptMinutes: number | undefined;
  readonly keptUntil: string | undefined;
}
