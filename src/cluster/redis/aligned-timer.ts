/**
 * Timers of all callers that fire together: their commands reach Redis in one write, which Redis reads at once, and their messages
 * to one replica share an entry of its inbox.
 */

/** @param everyMs Calls `run` at the next multiple of it. */
export function setAlignedTimer(run: () => void, everyMs: number): NodeJS.Timeout {
  return setTimeout(run, everyMs - (performance.now() % everyMs));
}
