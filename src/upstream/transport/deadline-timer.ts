/**
 * When calls have to be over. One timer for all of them, set for the earliest: nearly all end long before, and a timer for
 * each would cost more than all the rest that is kept of a call.
 */

export interface Timed {
  /** `performance.now()`; it may be put off. */
  readonly deadlineAt: number;
  /** Its place among the others, -1 outside; the deadlines' own business. */
  deadlineIndex: number;
  /** Its time is over. Told once. */
  expire(): void;
}

export class DeadlineTimer {
  readonly #timed: Timed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  add(timed: Timed): void {
    timed.deadlineIndex = this.#timed.push(timed) - 1;
    if (timed.deadlineAt < this.#firesAt) this.#set(timed.deadlineAt);
  }

  /** It is over, or has no deadline any more. */
  remove(timed: Timed): void {
    const { deadlineIndex: index } = timed;
    if (index < 0) return;
    timed.deadlineIndex = -1;
    const last = this.#timed.pop();
    if (last === undefined || last === timed) return;
    this.#timed[index] = last;
    last.deadlineIndex = index;
  }

  #set(at: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    // What waits has a socket that keeps the process alive; the timer may outlast all that wait.
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, at - performance.now())).unref();
  }

  #fire(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const timed of [...this.#timed]) {
      // One that expires may end others.
      if (timed.deadlineIndex < 0) continue;
      if (timed.deadlineAt > now) next = Math.min(next, timed.deadlineAt);
      else {
        this.remove(timed);
        timed.expire();
      }
    }
    if (next < this.#firesAt) this.#set(next);
  }
}
