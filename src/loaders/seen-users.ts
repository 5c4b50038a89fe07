/**
 * Users as one operation has seen them in an organization, beside what its user loaders hold: those that came with lists,
 * with the caller's own account, and under an address other than their token.
 */
import type { User } from '../domain.ts';

export class Sightings {
  #users: Map<string, User> | undefined;

  /** @param organization Its key; undefined for the caller's default one. */
  add(organization: string | undefined, user: User): void {
    this.#users ??= new Map();
    this.#users.set(placeOf(organization, user.token), user);
  }

  find(organization: string | undefined, token: string): User | undefined {
    return this.#users?.get(placeOf(organization, token));
  }

  clear(): void {
    this.#users = undefined;
  }
}

function placeOf(organization: string | undefined, token: string): string {
  return `${organization ?? ''}\n${token}`;
}

/**
 * Whether a user that came with something else says what the user is in the organization it names. Where both are left out,
 * they may be unset or may not have been given (contract, SearchResult.entity): then the user is read.
 */
export function tellsOfOrganization({ title, department }: User): boolean {
  return title !== undefined || department !== undefined;
}
