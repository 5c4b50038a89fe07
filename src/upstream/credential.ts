/** The caller's upstream credential: forwarded as it came, stored nowhere, and told apart by a keyed hash. */
import { createHmac, randomBytes } from 'node:crypto';

export interface Credential {
  /** The `Authorization` value to forward: `Basic …` or `Bearer …`. */
  readonly authorization: string;
  /** `X-Device-ID`, which the upstream expects next to a bearer token. */
  readonly deviceId: string | undefined;
  /** Keyed hash of the two; the only form in which a credential may be a map key or stand in a log line. */
  readonly key: string;
}

// Fresh for every process, so a hash in a log cannot be tested against guessed credentials.
const hashKey = randomBytes(32);

export function createCredential(authorization: string, deviceId?: string): Credential {
  const key = createHmac('sha256', hashKey)
    .update(`${deviceId ?? ''}\n${authorization}`)
    .digest('base64url')
    .slice(0, 22);
  return { authorization, deviceId, key };
}
