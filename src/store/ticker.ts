/** What changes by itself: looked at when it is due, and from time to time, as clocks jump. */
import { type Context, forever } from './context.ts';

/** A part of the store that changes with time. */
export interface Expiring {
  /** When it changes next, in milliseconds since 1970; infinite when it does not. */
  readonly dueAt: number;
  expire(now: number): void;
}

/** Longest time between looks at the clock. */
const tickMs = 30_000;
/** A clock that moved back by more than this: what expired may be there after all. */
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

  /** Sets the timer for what is due next. */
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
