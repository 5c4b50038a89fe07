import type { Target } from './world-types.ts';

/** An ended call. */
export interface Call {
  readonly id: string;
  readonly organization: string;
  readonly network: 'provider' | 'patient';
  /** Token of the person who called. */
  readonly caller: string;
  readonly target: Target;
  /** Tokens of the persons and roles that were called. */
  readonly called: readonly string[];
  readonly isVideo: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly outcome: 'answered' | 'declined' | 'unanswered';
  /** From the answer to the end; 0 without an answer. */
  readonly seconds: number;
}
