import type { EscalationPolicy } from './role-types.ts';

/** An escalation of one message. Times are milliseconds since 1970. */
export interface Escalation {
  readonly id: string;
  /** `#` and four hexadecimal digits. */
  readonly displayName: string;
  status: 'in_progress' | 'confirmed' | 'cancelled' | 'no_response';
  /** 0: the role itself; 1 and up: the steps of the policy's path. */
  level: number;
  /** Token of the role. */
  readonly target: string;
  readonly policy: EscalationPolicy;
  /** The original message, the group it is in, and the account that sent it. */
  readonly message: string;
  readonly group: string;
  readonly startedBy: string;
  readonly organization: string;
  /** The group of the back-ups, and the copy of the message in it; undefined until level 1. */
  backups: { readonly group: string; readonly copy: string } | undefined;
  /** Tokens of the persons asked so far: they may confirm, skip and read the message. */
  readonly asked: Set<string>;
  /** Start of the current level. */
  levelAt: number;
  /** Time of the last change. */
  actionAt: number;
}
