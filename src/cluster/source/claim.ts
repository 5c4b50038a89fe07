/** The claim of a stream: the reason, the events that the replica knows, and the lease term that begins. */

export type ClaimReason = 'free' | 'lost' | 'own' | 'left' | 'silent' | 'denied' | 'handed_over';

/** A lease term that begins. */
export interface Claim {
  readonly token: string;
  readonly reason: ClaimReason;
  /** When it was requested, on the clock of `performance`. */
  readonly claimedAt: number;
  /** History of the log, and the one that was proposed for a log without history. */
  readonly history: string;
  readonly proposed: string;
  /** Memory lacked nothing when it was requested, except what a gap reported. */
  readonly isWhole: boolean;
}

/** The caller's events that this replica knows. */
export interface Memory {
  /** It owned the stream when Redis last answered. */
  readonly isOwner: boolean;
  /** Events of the caller are in memory. */
  readonly hasEvents: boolean;
  /** Memory lacks no acknowledged event, except what a gap reported. */
  readonly isWhole: boolean;
  /** A gap was reported in it; the history that begins there is continued by no other replica. */
  readonly hasGap: boolean;
  /** Name of the log's history if it has none. */
  readonly history: string;
}
