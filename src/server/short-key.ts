/** Keys of maps that what clients send is made into. */
import { hash } from 'node:crypto';

/** Characters up to which hashing costs more than it saves. */
const short = 1_024;

/** The text itself, or a hash in its place when it is long: a megabyte is not kept to find something by. */
export function shortKey(text: string): string {
  return text.length <= short ? text : hash('sha512-256', text, 'base64url');
}
