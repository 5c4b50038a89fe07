/** The records of roles, without the rules that change them. */
import type { Account } from './world-types.ts';

export interface RoleTag {
  readonly id: string;
  readonly name: string;
  /** `0xRRGGBB`. */
  readonly color: string;
}

export interface EscalationStep {
  /** Minutes. */
  readonly duration: number;
  /** Account tokens, roles included. */
  readonly targets: readonly string[];
}

export interface EscalationPolicy {
  readonly alwaysEscalate: boolean;
  /** Minutes that the role itself has. */
  readonly targetDuration: number;
  readonly path: readonly EscalationStep[];
  /** Minutes from the end of an escalation to the removal of its group. */
  readonly destructionDuration: number;
}

/** What a role has besides its account. Who is on duty is in `Account.owners`. */
export interface Role {
  /** Of its account. */
  readonly token: string;
  readonly organization: string;
  readonly description: string;
  readonly tag: RoleTag | undefined;
  /** Members of the organization may put themselves on duty. */
  readonly isOpen: boolean;
  /** The last one on duty may not leave. */
  readonly needsOwner: boolean;
  readonly noOwnersMessage: string;
  /** Text of the automatic reply, while it is on. */
  away: string | undefined;
  readonly policy: EscalationPolicy | undefined;
  /** Token of the group that lists those on duty; it is on no roster. */
  readonly dutyGroup: string;
}

/** A role with its account. */
export interface RoleAccount {
  readonly role: Role;
  readonly account: Account;
}
