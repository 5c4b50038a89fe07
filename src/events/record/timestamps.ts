let last = Number.NaN;
let text = '';

/** A time in ISO 8601. The last text is kept, because many events arrive in the same millisecond. */
export function timestampOf(time: number): string {
  if (time !== last) {
    last = time;
    text = new Date(time).toISOString();
  }
  return text;
}
