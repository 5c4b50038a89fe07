/** Names of parts and files in multipart/form-data. */

/**
 * The name as it was before it was written into the header of a part: quotes and line ends stand there percent-encoded, and
 * nothing else does (WHATWG HTML, "multipart/form-data encoding algorithm").
 */
export function formName(written: string): string {
  return written.replaceAll(/%22|%0D|%0A/gi, decodeURIComponent);
}
