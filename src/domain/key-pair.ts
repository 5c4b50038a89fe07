/** A key pair of the upstream, given by an operator or by a program that embeds the gateway. */

export interface KeyPair {
  readonly key: string;
  readonly secret: string;
}

/** Whether the pair can be sent as HTTP Basic, in which the name ends at the first colon (RFC 7617). */
export function isKeyPair(value: unknown): value is KeyPair {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('secret' in value)) return false;
  const { key, secret } = value;
  return (
    typeof key === 'string' && /^[^:\p{Cc}]+$/u.test(key) && typeof secret === 'string' && /^\P{Cc}+$/u.test(secret)
  );
}
