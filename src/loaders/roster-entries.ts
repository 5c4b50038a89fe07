/** Primes the loaders of an operation with the complete users, groups and lists in the roster. */
import type { Counterpart, DistributionList, Group, RosterEntry, User } from '../domain.ts';
import type { GatewayError } from '../errors.ts';
import type { SingleLoader } from './single-loader.ts';
import type { UserLoaders } from './user-loaders.ts';

interface PrimedLoaders {
  readonly groups: SingleLoader<Group | undefined>;
  readonly lists: SingleLoader<DistributionList | undefined>;
}

/** Stores a complete user, group or list. @returns The object that represents it in the operation. */
export type PrimeCounterpart = (counterpart: Counterpart) => Counterpart;

/**
 * Creates the primer of an operation. Rosters list a user once per organization; repeated entries share the first object,
 * because one global id must have one set of values.
 */
export function createPrimer(loaders: PrimedLoaders, users: UserLoaders): PrimeCounterpart {
  const first = new Map<string, User>();
  return (counterpart) => {
    if (counterpart.kind === 'GROUP') loaders.groups.prime(counterpart.token, counterpart);
    else if (counterpart.kind === 'LIST') loaders.lists.prime(counterpart.token, counterpart);
    else {
      const known = first.get(counterpart.token);
      if (known === undefined) first.set(counterpart.token, counterpart);
      users.primeFromRoster(counterpart);
      if (known !== undefined) return known;
    }
    return counterpart;
  };
}

/** Primes the loaders. @returns The entries with shared objects. */
export function primeFromRoster(
  entries: readonly (RosterEntry | GatewayError)[],
  prime: PrimeCounterpart,
): (RosterEntry | GatewayError)[] {
  return entries.map((entry) => {
    if (entry instanceof Error) return entry;
    const counterpart = prime(entry.counterpart);
    return counterpart === entry.counterpart ? entry : { ...entry, counterpart };
  });
}
