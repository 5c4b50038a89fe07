/** The sandbox's own time, which a test may move without waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the time forward, or back with a negative number of milliseconds. */
  shift(ms: number): void;
}

export function createClock(): Clock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    shift: (ms) => {
      offsetMs += ms;
    },
  };
}

/** ISO 8601, UTC, milliseconds, trailing Z: the contract's only form of time (NOTES.md, "Formats"). */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
