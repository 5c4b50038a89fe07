/**
 * Subscribers that wait for their place: until the source is in step, and, if they resume after an unknown event, until it is known
 * or the upstream has repeated everything unacknowledged.
 */

import { trace } from '../log/trace.ts';

interface Waiting {
  /** The event that the subscriber resumes after; undefined when there is none, or it is known. */
  readonly after: string | undefined;
  readonly since: number;
  resolve(): void;
}

export interface PlacementState {
  readonly isInStep: boolean;
  /** Time at which the upstream had repeated everything, on the clock of `performance`; infinite before. */
  readonly replayedAt: number;
  readonly state: string;
  /** Time up to which the content of Redis is known: a follower learns of an event through it. */
  readonly knownUntil: number;
  readonly options: { /** Keyed hash of the credential. */ readonly name: string };
  /** Set when a subscriber gets its place. */
  hasPlaced: boolean;
}

/** Time after which an event that another replica delivered is in the log. */
const settleMs = 1_500;
/** Maximum wait for an unknown event. */
const maxWaitMs = 10_000;

export class Placements {
  readonly #isKnown: (id: string) => boolean;
  readonly #state: PlacementState;
  readonly #waiting = new Set<Waiting>();

  constructor(isKnown: (id: string) => boolean, state: PlacementState) {
    this.#isKnown = isKnown;
    this.#state = state;
  }

  /** @param after The event it resumes after, if it is not known. */
  wait(after: string | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ after, since: performance.now(), resolve });
    });
  }

  /** Places subscribers whose wait is over. */
  check(): void {
    if (this.#waiting.size === 0) return;
    const { isInStep, replayedAt, knownUntil } = this.#state;
    if (!isInStep) return;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      const { after, since, resolve } = waiting;
      const isOver = knownUntil - Math.max(since, replayedAt) >= settleMs || now - since >= maxWaitMs;
      const isUnknown = after !== undefined && !this.#isKnown(after);
      if (isUnknown && !isOver) continue;
      if (isUnknown) trace(this.#state.options.name, 'position unknown', after, this.#state.state);
      this.#waiting.delete(waiting);
      this.#state.hasPlaced = true;
      resolve();
    }
  }

  clear(): void {
    this.#waiting.clear();
  }
}
