/**
 * Cache of credentials the upstream recently accepted or rejected, by keyed hash, in memory and bounded. An evicted entry is
 * learned again from the next response.
 */
import { LRUCache } from 'lru-cache';
import type { Credential } from '../credential.ts';

type CredentialKeys = Pick<Credential, 'key' | 'principalKey'>;

/** Maximum number of accepted and of rejected credentials. */
const maxEntries = 20_000;

export class CredentialStanding {
  // Bounded by size: with `max`, the library allocates all entries at once, some 0.7 MB that every collection goes through.
  /** By `principalKey`. */
  readonly #accepted = new LRUCache<string, true>({ maxSize: maxEntries, sizeCalculation: () => 1 });
  /** By `key`: the upstream may reject a token for one device and accept it for another. */
  readonly #rejected: LRUCache<string, true>;

  /** @param rejectionTtlMs Milliseconds a rejection is cached. */
  constructor(rejectionTtlMs: number) {
    this.#rejected = new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1, ttl: rejectionTtlMs });
  }

  /** A call with this credential succeeded, and the upstream has not rejected it since. */
  isAccepted({ principalKey }: Pick<Credential, 'principalKey'>): boolean {
    return this.#accepted.get(principalKey) === true;
  }

  /** The `principalKey` of an accepted credential; undefined for any other or missing one. */
  acceptedPrincipal(credential: CredentialKeys | undefined): string | undefined {
    return credential !== undefined && this.isAccepted(credential) ? credential.principalKey : undefined;
  }

  /** The upstream rejected it within the last `rejectionTtlMs`: calls fail without a request. */
  isRejected({ key }: Pick<Credential, 'key'>): boolean {
    return this.#rejected.size > 0 && this.#rejected.get(key) === true;
  }

  accepted({ key, principalKey }: CredentialKeys): void {
    this.#accepted.set(principalKey, true);
    if (this.#rejected.size > 0) this.#rejected.delete(key);
  }

  rejected({ key, principalKey }: CredentialKeys): void {
    this.#accepted.delete(principalKey);
    this.#rejected.set(key, true);
  }

  /** Drops a cached rejection, because the credential may be valid again, for example after signing in. */
  clearRejection({ key }: Pick<Credential, 'key'>): void {
    this.#rejected.delete(key);
  }
}
