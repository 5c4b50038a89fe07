/** What a replica claims a stream with: what it knows of its events, and the lease term that begins. */

export type ClaimReason = 'free' | 'lost' | 'own' | 'left' | 'silent' | 'denied' | 'handed_over';

/** A lease term that begins. */
export interface Claim {
  readonly token: string;
  readonly reason: ClaimReason;
  /** When it was requested, on the clock of `performance`. */
  readonly claimedAt: number;
  /** Of the log, and the one that was proposed for a log that has none. */
  readonly history: string;
  readonly proposed: string;
  /** Memory lacked nothing when it was requested, but what a gap reported. */
  readonly isWhole: boolean;
}

/** What this replica knows of a caller's events. */
export interface Memory {
  /** It owned the stream when it last had Redis. */
  readonly isOwner: boolean;
  /** Events of the caller are in memory. */
  readonly hasEvents: boolean;
  /** Memory lacks nothing that was acknowledged, but what a gap reported. */
  readonly isWhole: boolean;
  /** A gap was reported in it, after which a history begins that no other replica continues. */
  readonly hasGap: boolean;
  /** What the log is called if it has no history. */
  readonly history: string;
}
