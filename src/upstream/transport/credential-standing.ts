/**
 * What the upstream thinks of credentials, as far as its answers told: those it took lately, and those it refused a moment
 * ago. Both bounded, in memory, by keyed hashes; what is forgotten is found out again.
 */
import { LRUCache } from 'lru-cache';
import type { Credential } from '../credential.ts';

type Named = Pick<Credential, 'key' | 'principalKey'>;

/** Most credentials of each kind that are remembered. */
const most = 20_000;

export class CredentialStanding {
  /** By holder. */
  readonly #taken = new LRUCache<string, true>({ max: most });
  /** By key: a token may be refused for one device and taken for another. */
  readonly #refused: LRUCache<string, true>;

  /** @param refusedMs How long a refusal is remembered, in milliseconds. */
  constructor(refusedMs: number) {
    this.#refused = new LRUCache({ max: most, ttl: refusedMs });
  }

  /** The upstream answered a call with this credential with a success, and has not refused it since. */
  isProven({ principalKey }: Pick<Credential, 'principalKey'>): boolean {
    return this.#taken.get(principalKey) === true;
  }

  /** The holder of a proven credential; undefined for every other, and for none. */
  provenHolder(credential: Named | undefined): string | undefined {
    return credential !== undefined && this.isProven(credential) ? credential.principalKey : undefined;
  }

  /** The upstream refused it a moment ago: it need not be asked again. */
  isRefused({ key }: Pick<Credential, 'key'>): boolean {
    return this.#refused.size > 0 && this.#refused.get(key) === true;
  }

  succeeded({ key, principalKey }: Named): void {
    this.#taken.set(principalKey, true);
    if (this.#refused.size > 0) this.#refused.delete(key);
  }

  refused({ key, principalKey }: Named): void {
    this.#taken.delete(principalKey);
    this.#refused.set(key, true);
  }

  /** What was refused may be good now, as after signing in. */
  forgive({ key }: Pick<Credential, 'key'>): void {
    this.#refused.delete(key);
  }
}
