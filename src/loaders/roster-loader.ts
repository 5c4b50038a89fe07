/** The roster of one operation. Its entries are complete users, groups and lists, so that later reads of these cost no call. */
import type { Counterpart, DistributionList, Group, RosterEntry, User } from '../domain/domain.ts';
import type { GatewayError } from '../errors.ts';
import { getRoster } from '../upstream/endpoints/roster.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import type { SingleLoader } from './single-loader.ts';
import type { UserLoaders } from './user-loaders.ts';

/** Loaders that the roster primes. */
interface PrimedLoaders {
  readonly groups: SingleLoader<Group | undefined>;
  readonly lists: SingleLoader<DistributionList | undefined>;
}

export class RosterLoader {
  readonly #upstream: Upstream;
  readonly #scheduler: BatchScheduler;
  readonly #loaders: PrimedLoaders;
  readonly #users: UserLoaders;
  /** Rosters list a user once per organization; repeated entries share the first object, because one global id must have one set of values. */
  readonly #firstUsers = new Map<string, User>();
  #entries: Promise<readonly (RosterEntry | GatewayError)[]> | undefined;

  constructor(upstream: Upstream, scheduler: BatchScheduler, loaders: PrimedLoaders, users: UserLoaders) {
    this.#upstream = upstream;
    this.#scheduler = scheduler;
    this.#loaders = loaders;
    this.#users = users;
  }

  load(): Promise<readonly (RosterEntry | GatewayError)[]> {
    this.#entries ??= this.#scheduler.track(
      0,
      getRoster(this.#upstream).then((entries) => withoutRepeated(entries).map((entry) => this.#primed(entry))),
    );
    return this.#entries;
  }

  /** Stores a complete user, group or list. @returns The object that represents it in the operation. */
  prime(counterpart: Counterpart): Counterpart {
    if (counterpart.kind === 'GROUP') this.#loaders.groups.prime(counterpart.token, counterpart);
    else if (counterpart.kind === 'LIST') this.#loaders.lists.prime(counterpart.token, counterpart);
    else {
      const known = this.#firstUsers.get(counterpart.token);
      if (known === undefined) this.#firstUsers.set(counterpart.token, counterpart);
      this.#users.primeFromRoster(counterpart);
      if (known !== undefined) return known;
    }
    return counterpart;
  }

  #primed(entry: RosterEntry | GatewayError): RosterEntry | GatewayError {
    if (entry instanceof Error) return entry;
    const counterpart = this.prime(entry.counterpart);
    return counterpart === entry.counterpart ? entry : { ...entry, counterpart };
  }
}

/** Without entries of a conversation that is there before: its entry is its position in pages. */
function withoutRepeated(entries: readonly (RosterEntry | GatewayError)[]): readonly (RosterEntry | GatewayError)[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    if (entry instanceof Error) return true;
    const { counterpart, organizationKey = '' } = entry;
    const { size } = seen;
    seen.add(`${counterpart.kind} ${counterpart.token} ${organizationKey}`);
    return seen.size > size;
  });
}
