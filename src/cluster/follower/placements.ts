/**
 * Subscribers that wait for their place: until the source is in step, and, when they name an event that is not known here, until
 * it is known or the upstream has repeated everything that is not acknowledged.
 */

import { trace } from '../log/trace.ts';

interface Waiting {
  /** The event it resumes after; undefined when it names none, or a known one. */
  readonly after: string | undefined;
  readonly since: number;
  resolve(): void;
}

export interface PlacementState {
  readonly isInStep: boolean;
  /** Since when the upstream has repeated everything, on the clock of `performance`; infinite before. */
  readonly replayedAt: number;
  readonly state: string;
  /** Time of which it is known what Redis has: a follower learns of an event through it. */
  readonly heardAt: number;
  readonly options: { /** Keyed hash of the credential. */ readonly name: string };
  /** Set when a subscriber gets its place. */
  hasPlaced: boolean;
}

/** An event shown by another replica is in the log by then. */
const settleMs = 1_500;
/** Longest wait for an event that is not known. */
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

  /** Places those that need not wait any more. */
  check(): void {
    if (this.#waiting.size === 0) return;
    const { isInStep, replayedAt, heardAt } = this.#state;
    if (!isInStep) return;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      const { after, since, resolve } = waiting;
      const isOver = heardAt - Math.max(since, replayedAt) >= settleMs || now - since >= maxWaitMs;
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
