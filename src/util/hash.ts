/** Hashes: of credentials and addresses under a secret, for maps and logs; of long texts that clients send, for map keys. */
import { hash, randomBytes } from 'node:crypto';

// Random per process unless LOG_KEY is set, so that a hash in a log cannot be tested against guessed credentials.
let secret = randomBytes(32).toString('base64url');

/**
 * Makes the hashes the same in all processes with this key. It applies to the whole process: with several gateways, the key of
 * the last one applies to hashes made from then on.
 */
export function setHashKey(key: string): void {
  secret = hash('sha512-256', `hash key\n${key}`, 'base64url');
}

/**
 * 22 characters of base64url. SHA-512/256 with a secret prefix is a secure keyed hash: unlike SHA-256 it does not allow length
 * extension. It costs a third of an HMAC, and every request pays it.
 */
export function keyedHash(text: string): string {
  return hash('sha512-256', `${secret}\n${text}`, 'base64url').slice(0, 22);
}

/** Maximum characters of an unhashed key; below this, hashing costs more than it saves. */
const maxUnhashedLength = 1_024;

/** Begins every key that is a hash, and no other key. */
const hashMark = 'sha512-256:';

/** The text, or its hash when it is long, so that a map never keeps a key of a megabyte. No text has the key of another. */
export function shortKey(text: string): string {
  if (text.length <= maxUnhashedLength && !text.startsWith(hashMark)) return text;
  return hashMark + hash('sha512-256', text, 'base64url');
}
