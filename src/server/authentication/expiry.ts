/** The end of credentials that have one: sessions, and tokens of an identity provider. */

/** Longest delay of a Node timer. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Calls `onExpired` once, at `expiresAt` or at once when that has passed.
 * @param expiresAt Milliseconds since the epoch; undefined: never.
 * @returns Function that stops the timer.
 */
export function atExpiry(expiresAt: number | undefined, onExpired: () => void): () => void {
  if (expiresAt === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const leftMs = expiresAt - Date.now();
    timer = setTimeout(leftMs <= maxDelayMs ? check : wait, Math.min(Math.max(leftMs, 0), maxDelayMs));
  };
  // The wall clock may have been set back, and timers may run a millisecond early.
  const check = () => (Date.now() >= expiresAt ? onExpired() : wait());
  wait();
  return () => clearTimeout(timer);
}
