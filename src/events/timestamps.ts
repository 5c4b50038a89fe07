/** @returns Formats a time in ISO 8601; keeps the last text, because many events arrive in the same millisecond. */
export function createTimestamps(): (time: number) => string {
  let last = Number.NaN;
  let text = '';
  return (time) => {
    if (time !== last) {
      last = time;
      text = new Date(time).toISOString();
    }
    return text;
  };
}
