/** What is remembered of one event: who waits for it, who was given it, and, as long as someone may want it, the event. */
import type { EventDelivery } from './delivery.ts';

export interface EventRecord {
  readonly id: string;
  /** Place in the order of first arrival. */
  readonly position: number;
  readonly isStored: boolean;
  /** Estimate of the memory its content takes, in bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch; infinite when it does not expire. */
  readonly expiresAt: number;
  /** The content; undefined once nobody can ask for it any more, and at once when it expired or was recalled. */
  delivery: EventDelivery | undefined;
  /** Its id is known: it comes again as a repeat. */
  isKnown: boolean;
  /** In the resume buffer. */
  isBuffered: boolean;
  /** Left the resume buffer unacknowledged: a new subscriber can only get it from the upstream. */
  isMissing: boolean;
  /** Expired or recalled: nobody gets it any more. */
  isWithdrawn: boolean;
  /** Subscribers whose queue holds it. */
  queued: number;
  /** Live AUTO subscribers it was queued for and that were not handed it yet. */
  waiting: number;
  /** Live MANUAL subscribers that were given it. */
  manual: number;
  /** An AUTO subscriber was handed it. */
  isHanded: boolean;
  /** A client named it. */
  isNamed: boolean;
  /** To be acknowledged upstream, or already so. */
  isAcknowledged: boolean;
  /** The upstream took the acknowledgement: it will not come again. */
  isConfirmed: boolean;
}
