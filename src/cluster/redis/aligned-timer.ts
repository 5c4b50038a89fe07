/**
 * Timers of all callers that end together: what they send then goes to Redis in one write, which costs it one read for many
 * commands, and messages to one replica in one entry of its inbox.
 */

/** @param everyMs Calls `run` at the next multiple of it. */
export function setAlignedTimer(run: () => void, everyMs: number): NodeJS.Timeout {
  return setTimeout(run, everyMs - (performance.now() % everyMs));
}
