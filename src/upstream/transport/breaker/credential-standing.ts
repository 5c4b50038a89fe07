/**
 * Cache of credentials the upstream recently accepted or rejected, by keyed hash, in memory and bounded. An evicted entry is
 * learned again from the next response.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../../errors.ts';
import { type Credential, rejectionMessage } from '../../credential.ts';
import { UpstreamFailure } from '../failure.ts';

type CredentialKeys = Pick<Credential, 'key' | 'principalKey'>;

/**
 * The errors of calls that are not sent, by message and status. Shared, because an operation has up to hundreds of them, and each error
 * takes 10 µs, most of it for the text of its stack.
 */
const unsent = new Map<string, GatewayError>();

function unsentError(credential: Credential, status?: number): GatewayError {
  const message = rejectionMessage(credential);
  const key = `${status} ${message}`;
  const known = unsent.get(key);
  if (known !== undefined) return known;
  const error = new GatewayError('UNAUTHENTICATED', { message, cause: new UpstreamFailure('rejected before', status) });
  unsent.set(key, error);
  return error;
}

/** Maximum number of accepted and of rejected credentials. */
const maxEntries = 20_000;

export class CredentialStanding {
  // Bounded by size: with `max`, the library allocates all entries at once, some 0.7 MB that every collection goes through.
  /** By `principalKey`. */
  readonly #accepted = new LRUCache<string, true>({ maxSize: maxEntries, sizeCalculation: () => 1 });
  /** By `key`: the upstream may reject a token for one device and accept it for another. */
  readonly #rejected: LRUCache<string, true>;
  /** The same of v5, which the upstream may reject for a credential that v2 accepts. */
  readonly #rejectedOnV5: LRUCache<string, true>;

  /** @param rejectionTtlMs Milliseconds a rejection is cached. */
  constructor(rejectionTtlMs: number) {
    const bound = { maxSize: maxEntries, sizeCalculation: () => 1, ttl: rejectionTtlMs };
    this.#rejected = new LRUCache(bound);
    this.#rejectedOnV5 = new LRUCache(bound);
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

  /**
   * The error of a call that is not sent. On v5 it has a status as if the call had been sent: only v2 shows whether the credential
   * is rejected, or only v5 for it.
   */
  rejectionOf(credential: Credential, path: string): GatewayError | undefined {
    if (this.isRejected(credential)) return unsentError(credential);
    return isOnV5(path) && this.#rejectedOnV5.get(credential.key) === true ? unsentError(credential, 401) : undefined;
  }

  accepted({ key, principalKey }: CredentialKeys): void {
    this.#accepted.set(principalKey, true);
    if (this.#rejected.size > 0) this.#rejected.delete(key);
  }

  /** @param path Of the rejected call. */
  rejected({ key, principalKey }: CredentialKeys, path: string): void {
    if (isOnV5(path)) {
      this.#rejectedOnV5.set(key, true);
      return;
    }
    this.#accepted.delete(principalKey);
    this.#rejected.set(key, true);
  }

  /** Drops a cached rejection, because the credential may be valid again, for example after signing in. */
  clearRejection({ key }: Pick<Credential, 'key'>): void {
    this.#rejected.delete(key);
    this.#rejectedOnV5.delete(key);
  }
}

function isOnV5(path: string): boolean {
  return path.startsWith('/v5/');
}
