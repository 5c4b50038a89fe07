/**
 * User profiles that one operation has seen per organization, outside its user loaders: from lists, from the caller's own
 * account, and from reads by an address other than the token.
 */
import type { User } from '../domain/domain.ts';

/** Users of one operation, by token and organization. */
export class SeenUsers {
  #users: Map<string, User> | undefined;

  /** @param organization Key of the organization; undefined for the caller's default one. */
  add(organization: string | undefined, user: User): void {
    this.#users ??= new Map();
    this.#users.set(keyOf(organization, user.token), user);
  }

  find(organization: string | undefined, token: string): User | undefined {
    return this.#users?.get(keyOf(organization, token));
  }

  clear(): void {
    this.#users = undefined;
  }
}

function keyOf(organization: string | undefined, token: string): string {
  return `${organization ?? ''}\n${token}`;
}

/**
 * Whether a user from a list or another reply includes its profile in the organization it names. If title and department are
 * both missing, they may be unset or omitted (contract, SearchResult.entity); the profile must then be read.
 */
export function hasOrganizationProfile({ title, department }: User): boolean {
  return title !== undefined || department !== undefined;
}
