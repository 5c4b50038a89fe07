/**
 * How long to wait before the next connection attempt: full jitter, bounds that know how many streams this process holds.
 *
 * When an upstream restarts, all its streams end in the same instant. Each comes back at a random moment of a window that
 * grows with their number, so the upstream meets at most about 170 attempts a second from one gateway, and a handful of
 * streams still comes back almost at once.
 */

/** Share of the window each stream brings along: 1,000 streams spread over 6 s. */
const spreadPerStreamMs = 6;
/** The first window of a stream that stands alone. */
const minWindowMs = 250;
/** No window is longer, however many streams there are. */
const maxSpreadMs = 30_000;
/** The window doubles per failed attempt up to this one, so that an upstream that comes back is found within 1.5 s… */
const shortOutageWindowMs = 1_500;
/** …until the outage has lasted this long; then the ceiling is the later one. */
const shortOutageMs = 60_000;
const longOutageWindowMs = 5_000;
/** `Retry-After` is honoured up to this. */
const maxRetryAfterMs = 300_000;

export interface ReconnectSituation {
  /** Attempts since the stream last worked well, the coming one included; at least 1. */
  readonly attempt: number;
  /** Since when the stream has not worked, in milliseconds. */
  readonly outageMs: number;
  /** Open streams of this process. */
  readonly streams: number;
  readonly retryAfterMs?: number | undefined;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/** Milliseconds to wait. A `Retry-After` is waited out first; the jitter comes on top of it. */
export function reconnectDelayMs({ attempt, outageMs, streams, retryAfterMs, random }: ReconnectSituation): number {
  const ceiling = outageMs < shortOutageMs ? shortOutageWindowMs : longOutageWindowMs;
  const backoff = Math.min(ceiling, minWindowMs * 2 ** Math.min(attempt - 1, 10));
  const window = Math.max(backoff, Math.min(maxSpreadMs, streams * spreadPerStreamMs));
  return Math.min(retryAfterMs ?? 0, maxRetryAfterMs) + Math.floor(random * window);
}
