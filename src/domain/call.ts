/** Types of the call log. The rules of `domain.ts` hold here too. */
import type { Counterpart, User } from './domain.ts';

/** Network of the calls: between members of an organization, or with patients. */
export type CallNetwork = 'PROVIDER' | 'PATIENT';

/** An ended call. */
export interface CallLogEntry {
  /** The upstream's id of the row. */
  readonly entryId: string;
  /** The upstream's word, such as `missed_voip_call`. */
  readonly word: string | undefined;
  readonly caller: User | undefined;
  /** Undefined when it cannot be a counterpart too. */
  readonly target: Counterpart | undefined;
  readonly at: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly isVideo: boolean | undefined;
  /** Organization in which the log was read. */
  readonly organizationKey: string;
}
