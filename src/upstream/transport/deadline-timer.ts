/**
 * When calls have to be over. One timer for all of them, set for the earliest: nearly all end long before, and a timer for
 * each would cost more than all the rest that is kept of a call.
 */

export interface Expiring {
  /** `performance.now()`; it may be put off. */
  readonly endsAt: number;
  /** Its place among the others, -1 outside; the deadlines' own business. */
  deadlinePlace: number;
  /** Its time is over. Told once. */
  expire(): void;
}

export class Deadlines {
  readonly #calls: Expiring[] = [];
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  add(call: Expiring): void {
    call.deadlinePlace = this.#calls.push(call) - 1;
    if (call.endsAt < this.#firesAt) this.#set(call.endsAt);
  }

  /** It is over, or has no deadline any more. */
  remove(call: Expiring): void {
    const { deadlinePlace: place } = call;
    if (place < 0) return;
    call.deadlinePlace = -1;
    const last = this.#calls.pop();
    if (last === undefined || last === call) return;
    this.#calls[place] = last;
    last.deadlinePlace = place;
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
    for (const call of [...this.#calls]) {
      // One that expires may end others.
      if (call.deadlinePlace < 0) continue;
      if (call.endsAt > now) next = Math.min(next, call.endsAt);
      else {
        this.remove(call);
        call.expire();
      }
    }
    if (next < this.#firesAt) this.#set(next);
  }
}
