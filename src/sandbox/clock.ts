/** The sandbox's clock. Tests shift it instead of waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the clock forward by `ms`, or back when `ms` is negative. */
  shift(ms: number): void;
}

/** A clock that runs with the system's and can be shifted. */
export function createClock(): Clock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    shift: (ms) => {
      offsetMs += ms;
    },
  };
}

/** ISO 8601 in UTC with milliseconds and a trailing Z, the contract's only time format (NOTES.md, "Formats"). */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
