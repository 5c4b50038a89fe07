/** The caller's upstream credential: forwarded, never stored, and identified by a keyed hash. */
import { keyedHash } from '../util/hash.ts';

export interface Credential {
  /** The `Authorization` value to forward: `Basic …` or `Bearer …`. */
  readonly authorization: string;
  /** `X-Device-ID`, which the upstream expects next to a bearer token. */
  readonly deviceId: string | undefined;
  /** Keyed hash of `authorization` and `deviceId`. Map keys and logs contain a credential only as this or as `principalKey`. */
  readonly key: string;
  /** Keyed hash of `authorization` alone. Limits count by it, because a client can send any number of device ids. */
  readonly principalKey: string;
}

/** A credential with its keys: hashes by which it is known in caches and logs. */
export function createCredential(authorization: string, deviceId?: string): Credential {
  const principalKey = keyedHash(`\n${authorization}`);
  const key = deviceId === undefined ? principalKey : keyedHash(`${deviceId}\n${authorization}`);
  return { authorization, deviceId, key, principalKey };
}

const rejected = 'The upstream rejected the credential.';
const rejectedWithoutDevice = `${rejected} Beside a Bearer token it expects X-Device-ID: 1 to 200 visible characters of ASCII.`;

/** The message of the error when the upstream rejects a credential. */
export function rejectionMessage(credential: Pick<Credential, 'authorization' | 'deviceId'> | undefined): string {
  const isDeviceMissing =
    credential?.deviceId === undefined && credential?.authorization.startsWith('Bearer ') === true;
  return isDeviceMissing ? rejectedWithoutDevice : rejected;
}
