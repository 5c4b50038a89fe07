/** Credential keys in Redis: keyed hashes of credentials, the same on all replicas with the same `REDIS_KEYS`. */
import { createHmac, hkdfSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Credential } from '../upstream/credential.ts';

/** Derives credential keys, and remembers which credential of this process they belong to. */
export class CredentialKeys {
  readonly #hmacKey: Buffer;
  /** By the credential key of this process, which is another hash. */
  readonly #byLocalKey: LRUCache<string, string>;
  readonly #localKeys = new Map<string, string>();

  /**
   * @param keys `REDIS_KEYS`; the last one is used.
   * @param maxRemembered Maximum credentials whose keys are cached.
   */
  constructor(keys: readonly Buffer[], maxRemembered: number) {
    const last = keys.at(-1);
    if (last === undefined) throw new TypeError('There is no key.');
    this.#hmacKey = Buffer.from(hkdfSync('sha256', last, '', 'tigerconnect credential key', 32));
    this.#byLocalKey = new LRUCache({ max: maxRemembered, dispose: (derived) => this.#localKeys.delete(derived) });
  }

  /** The key of a credential: 22 characters of base64url. */
  of({ key, authorization, deviceId }: Credential): string {
    const known = this.#byLocalKey.get(key);
    if (known !== undefined) return known;
    const derived = this.#derive(`${deviceId ?? ''}\n${authorization}`);
    this.#byLocalKey.set(key, derived);
    this.#localKeys.set(derived, key);
    return derived;
  }

  /** The key of a credential whatever its device id, for limits. */
  ofPrincipal({ authorization }: Pick<Credential, 'authorization'>): string {
    return this.#derive(`\n${authorization}`);
  }

  /** The key of a client's address, for limits of operations without a credential. */
  ofAddress(address: string): string {
    return this.#derive(`address\n${address}`);
  }

  /** `of` by `Credential.key`; undefined for a credential that is not in the cache. */
  fromLocalKey(localKey: string): string | undefined {
    return this.#byLocalKey.get(localKey);
  }

  /** `Credential.key` of a credential that this process has used recently; undefined for any other. */
  toLocalKey(credentialKey: string): string | undefined {
    return this.#localKeys.get(credentialKey);
  }

  #derive(text: string): string {
    return createHmac('sha256', this.#hmacKey).update(text).digest('base64url').slice(0, 22);
  }
}
