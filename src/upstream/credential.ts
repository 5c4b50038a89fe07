/** The caller's upstream credential: forwarded, stored nowhere, and told apart by a keyed hash. */
import { hash, randomBytes } from 'node:crypto';

export interface Credential {
  /** The `Authorization` value to forward: `Basic …` or `Bearer …`. */
  readonly authorization: string;
  /** `X-Device-ID`, which the upstream expects next to a bearer token. */
  readonly deviceId: string | undefined;
  /** Keyed hash of the two; a credential may be a map key or stand in a log line in this form and in that of `principalKey` only. */
  readonly key: string;
  /** Keyed hash of the first alone: what limits count by, since anybody can name any number of devices. */
  readonly principalKey: string;
}

// Fresh for every process, so a hash in a log cannot be tested against guessed credentials.
const hashKey = randomBytes(32).toString('base64url');

export function createCredential(authorization: string, deviceId?: string): Credential {
  const principalKey = hashOf(`\n${authorization}`);
  const key = deviceId === undefined ? principalKey : hashOf(`${deviceId}\n${authorization}`);
  return { authorization, deviceId, key, principalKey };
}

/**
 * SHA-512/256 after a secret prefix is a keyed hash as it is, unlike SHA-256: knowing one hash helps to extend none. A third
 * of the cost of an HMAC, and paid by every request.
 */
function hashOf(text: string): string {
  return hash('sha512-256', `${hashKey}\n${text}`, 'base64url').slice(0, 22);
}
