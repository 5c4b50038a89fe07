/** Map keys made from client input. */
import { hash } from 'node:crypto';

/** Maximum characters of an unhashed key; below this, hashing costs more than it saves. */
const maxUnhashedLength = 1_024;

/** The text, or its hash when it is long, so that a map never keeps a key of a megabyte. */
export function shortKey(text: string): string {
  return text.length <= maxUnhashedLength ? text : hash('sha512-256', text, 'base64url');
}
