/**
 * Deadlines of calls and operations. What arrived while the event loop was blocked is read before a deadline counts as missed: in a turn of
 * the loop, timers come before reads, and a process that stood still for longer than a deadline, on a machine that was suspended for
 * example, would fail all its calls although their responses are there.
 */

export interface Timed {
  /** Deadline in `performance.now()` milliseconds. May be moved to a later time. */
  readonly deadlineAt: number;
  /** Undefined unless started. Written by `startDeadline` and `clearDeadline` only. */
  deadlineTimer: NodeJS.Timeout | undefined;
  /** The deadline has passed. Called once. */
  expire(): void;
}

/** Calls `expire` when the deadline has passed, unless it is cleared before. */
export function startDeadline(timed: Timed): void {
  const timer = setTimeout(onTimeout, Math.max(0, timed.deadlineAt - performance.now()), timed);
  // The sockets of waiting calls keep the process alive.
  timed.deadlineTimer = timer.unref();
}

/** Does nothing when the deadline was not started or has passed. */
export function clearDeadline(timed: Timed): void {
  clearTimeout(timed.deadlineTimer);
  timed.deadlineTimer = undefined;
}

function onTimeout(timed: Timed): void {
  setImmediate(expireWhenDue, timed);
}

function expireWhenDue(timed: Timed): void {
  if (timed.deadlineTimer === undefined) return;
  if (timed.deadlineAt > performance.now()) startDeadline(timed);
  else {
    timed.deadlineTimer = undefined;
    timed.expire();
  }
}
