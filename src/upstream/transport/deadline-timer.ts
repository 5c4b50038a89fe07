/**
 * Deadlines of calls, with one timer set to the earliest. What arrived while the event loop was blocked is read before a deadline counts as
 * missed: in a turn of the loop, timers come before reads, and a process that stood still for longer than a deadline, on a machine that was
 * suspended for example, would fail all its calls although their responses are there. Nearly all calls end long before their deadline, and a timer for
 * each would cost more than the rest of the call's state.
 */
import { SlotSet } from '../../util/slot-set.ts';

export interface Timed {
  /** Deadline in `performance.now()` milliseconds. May be moved to a later time. */
  readonly deadlineAt: number;
  /** Slot in the timer's set, -1 when not added. Written by `DeadlineTimer` only. */
  deadlineSlot: number;
  /** The deadline has passed. Called once. */
  expire(): void;
}

export class DeadlineTimer {
  readonly #timed = new SlotSet<Timed>();
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  add(timed: Timed): void {
    timed.deadlineSlot = this.#timed.add(timed);
    if (timed.deadlineAt < this.#firesAt) this.#set(timed.deadlineAt);
  }

  /** Removes a deadline. Does nothing when it was not added. */
  remove(timed: Timed): void {
    const { deadlineSlot: slot } = timed;
    if (slot < 0) return;
    timed.deadlineSlot = -1;
    this.#timed.remove(slot);
  }

  #set(at: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    // unref: the sockets of waiting calls keep the process alive, and the timer may outlive the calls.
    this.#timer = setTimeout(() => setImmediate(this.#expire), Math.max(0, at - performance.now())).unref();
  }

  readonly #expire = () => {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const timed of this.#timed.members()) {
      // An expiry may have removed this one.
      if (timed.deadlineSlot < 0) continue;
      if (timed.deadlineAt > now) next = Math.min(next, timed.deadlineAt);
      else {
        this.remove(timed);
        timed.expire();
      }
    }
    if (next < this.#firesAt) this.#set(next);
  };
}
