/** The caller's upstream credential: forwarded as it came, stored nowhere, and told apart by a keyed hash. */
import { hash, randomBytes } from 'node:crypto';

export interface Credential {
  /** The `Authorization` value to forward: `Basic …` or `Bearer …`. */
  readonly authorization: string;
  /** `X-Device-ID`, which the upstream expects next to a bearer token. */
  readonly deviceId: string | undefined;
  /** Keyed hash of the two; the only form in which a credential may be a map key or stand in a log line. */
  readonly key: string;
}

// Fresh for every process, so a hash in a log cannot be tested against guessed credentials.
const hashKey = randomBytes(32).toString('base64url');

export function createCredential(authorization: string, deviceId?: string): Credential {
  // SHA-512/256 after a secret prefix is a keyed hash as it is, unlike SHA-256: knowing one hash helps to extend none. A
  // third of the cost of an HMAC, and paid by every request.
  const key = hash('sha512-256', `${hashKey}\n${deviceId ?? ''}\n${authorization}`, 'base64url').slice(0, 22);
  return { authorization, deviceId, key };
}
