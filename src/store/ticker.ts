/** Runs changes that are due at a time, such as expiry. Also checks at intervals, because clocks can jump. */
import { type Context, forever } from './context.ts';

/** A part of the store that changes with time. */
export interface Expiring {
  /** Time of the next change, in milliseconds since 1970; infinite without one. */
  readonly dueAt: number;
  expire(now: number): void;
}

/** Maximum time between two checks of the clock. */
const tickMs = 30_000;
/** Milliseconds by which a clock must move back for expired items to count as possibly present again. */
const toleranceMs = 2_000;

export class Ticker {
  readonly #context: Context;
  readonly #parts: () => readonly Expiring[];
  readonly #onMovedBack: () => void;
  #now = 0;

  constructor(context: Context, parts: () => readonly Expiring[], onMovedBack: () => void) {
    this.#context = context;
    this.#parts = parts;
    this.#onMovedBack = onMovedBack;
  }

  /** Sets the timer for the next change. */
  schedule(): void {
    const dueAt = Math.min(forever, ...this.#parts().map((part) => part.dueAt));
    const ms = Math.min(tickMs, Math.max(0, dueAt - this.#context.now()));
    this.#context.timers.set('tick', ms, () => this.tick());
  }

  tick(): void {
    const now = this.#context.now();
    for (const part of this.#parts()) part.expire(now);
    if (now < this.#now - toleranceMs) this.#onMovedBack();
    this.#now = now;
    this.schedule();
  }
}
