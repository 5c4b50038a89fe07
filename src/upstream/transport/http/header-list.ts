/** Request headers in undici's raw form: name, value, name, value. Names are lower-case. */
export type HeaderList = readonly string[];

/** Response headers as undici passes them: names are lower-case, a repeated header is an array. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

export const acceptsJson: HeaderList = ['accept', 'application/json'];

/**
 * A copy of `list` with the headers of `more` set. A header that `list` already contains gets the new value, so that none is
 * sent twice: a receiver may use either of two `Authorization` headers, or join two media types (RFC 9110 §5.3).
 */
export function withHeaders(list: HeaderList, more: HeaderList): string[] {
  const all = [...list];
  for (let index = 0; index + 1 < more.length; index += 2) {
    const [name, value] = [more[index] as string, more[index + 1] as string]; // within bounds by the loop's condition
    const valueIndex = valueIndexOf(all, name);
    if (valueIndex === undefined) all.push(name, value);
    else all[valueIndex] = value;
  }
  return all;
}

/** Index of the value of a header. */
function valueIndexOf(list: HeaderList, name: string): number | undefined {
  const wanted = name.toLowerCase();
  for (let index = 0; index + 1 < list.length; index += 2) {
    if (list[index]?.toLowerCase() === wanted) return index + 1;
  }
  return undefined;
}
