/**
 * Delay before the next connection attempt: full jitter over a window that grows with the number of streams of the process.
 *
 * When an upstream restarts, all its streams end at the same moment. Each reconnects at a random moment of the window, so one
 * gateway makes at most about 170 attempts per second, and a few streams reconnect within 250 ms.
 */

/** Window per open stream: 1,000 streams reconnect over 6 s. */
const spreadPerStreamMs = 6;
/** Window of the first attempt when the process has few streams. */
const minWindowMs = 250;
/** Maximum of the window that depends on the number of streams. */
const maxSpreadMs = 30_000;
/** Maximum backoff during a short outage: a recovered upstream is found within 1.5 s. Each failed attempt doubles the backoff. */
const shortOutageWindowMs = 1_500;
/** An outage of this length or longer uses `longOutageWindowMs` as the maximum backoff. */
const shortOutageMs = 60_000;
/** Maximum backoff during a long outage. */
const longOutageWindowMs = 5_000;
/** Maximum accepted `Retry-After`; longer values are shortened to it. */
const maxRetryAfterMs = 300_000;

export interface ReconnectSituation {
  /** Number of the coming attempt since the stream was last stable; at least 1. */
  readonly attempt: number;
  /** Duration of the current outage in milliseconds. */
  readonly outageMs: number;
  /** Open streams of this process. */
  readonly streams: number;
  readonly retryAfterMs?: number | undefined;
  /** Random number in [0, 1). */
  readonly random: number;
}

/** Milliseconds to wait: the bounded `Retry-After` plus the jitter. */
export function reconnectDelayMs({ attempt, outageMs, streams, retryAfterMs, random }: ReconnectSituation): number {
  const ceiling = outageMs < shortOutageMs ? shortOutageWindowMs : longOutageWindowMs;
  const backoff = Math.min(ceiling, minWindowMs * 2 ** Math.min(attempt - 1, 10));
  const window = Math.max(backoff, Math.min(maxSpreadMs, streams * spreadPerStreamMs));
  return Math.min(retryAfterMs ?? 0, maxRetryAfterMs) + Math.floor(random * window);
}
