/** Entity tags of conditional requests (RFC 9110 §13.1.2). */

/** A tag of the list, or `*` for any. */
const listItem = /(?:W\/)?"[\x21\x23-\x7e]*"|\*/g;

/**
 * Whether a client has the content with this tag: its `If-None-Match` names it, weak or not, among others, or any with `*`.
 * @param header Value of `If-None-Match`.
 * @param etag Tag of the content, weak or not.
 */
export function matchesEntityTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const opaque = etag.replace(/^W\//, '');
  return (header.match(listItem) ?? []).some((item) => item === '*' || item.replace(/^W\//, '') === opaque);
}
