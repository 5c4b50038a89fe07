/** Times of log lines. */

let second = Number.NaN;
let prefix = '';

/**
 * The present time in the form of `Date.prototype.toISOString`, which takes most of the time of a short log line: here it runs once
 * in a second.
 */
export function isoTime(): string {
  const now = Date.now();
  const current = Math.floor(now / 1_000);
  if (current !== second) {
    second = current;
    prefix = new Date(now).toISOString().slice(0, -4);
  }
  return `${prefix}${String(now - current * 1_000).padStart(3, '0')}Z`;
}
