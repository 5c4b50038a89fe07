/** Primes the loaders of an operation with the complete users, groups and lists in the roster. */
import type { DistributionList, Group, RosterEntry, User } from '../domain.ts';
import type { GatewayError } from '../errors.ts';
import type { SingleLoader } from './single-loader.ts';
import type { UserLoaders } from './user-loaders.ts';

interface PrimedLoaders {
  readonly groups: SingleLoader<Group | undefined>;
  readonly lists: SingleLoader<DistributionList | undefined>;
}

/**
 * Primes the loaders. The roster lists a user once per organization; repeated entries share the first object, because one
 * global id must have one set of values.
 * @returns The entries with shared objects.
 */
export function primeFromRoster(
  entries: readonly (RosterEntry | GatewayError)[],
  loaders: PrimedLoaders,
  users: UserLoaders,
): (RosterEntry | GatewayError)[] {
  const first = new Map<string, User>();
  return entries.map((entry) => {
    if (entry instanceof Error) return entry;
    const { counterpart } = entry;
    if (counterpart.kind === 'GROUP') loaders.groups.prime(counterpart.token, counterpart);
    else if (counterpart.kind === 'LIST') loaders.lists.prime(counterpart.token, counterpart);
    else {
      const known = first.get(counterpart.token);
      if (known === undefined) first.set(counterpart.token, counterpart);
      users.primeFromRoster(counterpart);
      if (known !== undefined) return { ...entry, counterpart: known };
    }
    return entry;
  });
}
