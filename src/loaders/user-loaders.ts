/** Reads of users in one operation: by organization, as members, from the roster, and the caller's own account. */

import type { Counterpart, User } from '../domain/domain.ts';
import { tokenPattern } from '../domain/domain.ts';
import type { Completion } from '../upstream/completion.ts';
import { getMe, lookupUsersBulk, userLookup } from '../upstream/endpoints/user.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { BatchLoader, type BulkSupport } from './batch-loader.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import type { OperationCache } from './entity-cache.ts';
import { PerOrganization } from './per-organization.ts';
import { type PromiseOrValue, thenOrNow } from './promise-or-value.ts';
import { hasOrganizationProfile, SeenUsers } from './seen-users.ts';

/** Reads of users for one operation. */
export class UserLoaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #scheduler: BatchScheduler;
  readonly #cache: OperationCache | undefined;
  readonly #users = new PerOrganization((organization) => this.#createUsers(organization));
  #me: PerOrganization<PromiseOrValue<User>> | undefined;
  readonly #seenUsers = new SeenUsers();
  /**
   * Users primed from the roster: they are stored under the default organization, but may be profiles of another one. Not a WeakSet:
   * this object lives as long as they do, and weak collections make garbage collection longer.
   */
  #rosterUsers: Set<User> | undefined;
  /** Pending reads of referenced users, by token; created on first use, as an empty Map takes 0.2 KiB. */
  #references: Map<string, Promise<User>> | undefined;
  /** Users read in the default organization itself; created when a primed roster user may be a profile of another one. */
  #defaultUsers: BatchLoader<User> | undefined;

  /** @param cache Undefined for an operation that must not use cached values, such as a mutation. */
  constructor(upstream: Upstream, support: BulkSupport, scheduler: BatchScheduler, cache: OperationCache | undefined) {
    this.#upstream = upstream;
    this.#support = support;
    this.#scheduler = scheduler;
    this.#cache = cache;
  }

  /**
   * Users by token or other address.
   * @param organization Key of the organization whose title, department and do-not-disturb are read; default: the caller's.
   */
  in(organization?: string): BatchLoader<User> {
    return this.#users.for(organization);
  }

  /** A user that another object refers to by token; only its token when the user does not exist for the caller. */
  referenced(token: string): PromiseOrValue<User> {
    const found = this.in().load(token);
    if (!(found instanceof Promise)) return found ?? { kind: 'USER', token };
    // One promise per user: a list refers to the same few many times.
    this.#references ??= new Map();
    let pending = this.#references.get(token);
    if (pending === undefined) {
      pending = found.then((user) => user ?? { kind: 'USER', token });
      this.#references.set(token, pending);
    }
    return pending;
  }

  /** The caller's own account. */
  me(organization?: string): PromiseOrValue<User> {
    this.#me ??= new PerOrganization((key) => this.#readMe(key));
    return this.#me.for(organization);
  }

  /**
   * A user's profile in one organization; undefined when the user is not a member. Costs no call when this operation has
   * already seen that profile.
   * @param organization Key of the organization; default: the caller's.
   */
  member(token: string, organization?: string): PromiseOrValue<User | undefined> {
    const seen = this.#seenUsers.find(organization, token);
    if (seen !== undefined) return seen;
    if (organization !== undefined) {
      const known = this.#seenUsers.find(undefined, token) ?? this.in().peek(token);
      const isMember = known?.organizationKey === organization;
      if (isMember && (this.#rosterUsers?.has(known) !== true || hasOrganizationProfile(known))) return known;
      return this.in(organization).load(token);
    }
    return thenOrNow(this.in().load(token), (user) => {
      if (user === undefined || this.#rosterUsers?.has(user) !== true) return user;
      this.#defaultUsers ??= this.#createUsers(undefined);
      return this.#defaultUsers.load(token);
    });
  }

  /**
   * Records the organization profiles in a list, and replaces repeated users with their first object. A list may contain a
   * user once per organization, but one global id must have one set of values.
   */
  deduplicateUsers<Item extends Counterpart | undefined>(list: readonly Item[]): Item[] {
    const first = new Map<string, Item>();
    return list.map((item) => {
      if (item?.kind !== 'USER') return item;
      this.#recordProfile(item);
      const known = first.get(item.token);
      if (known === undefined) first.set(item.token, item);
      return known ?? item;
    });
  }

  /** Stores a user of the roster, so that a later read of it costs no call. */
  primeFromRoster(user: User): void {
    const users = this.in();
    users.prime(user.token, user);
    if (users.peek(user.token) === user) this.#rosterUsers = (this.#rosterUsers ?? new Set()).add(user);
    else this.#recordProfile(user);
  }

  /** Discards all users, after a change to one. */
  clear(): void {
    this.#me = undefined;
    this.#users.clear();
    this.#references = undefined;
    this.#seenUsers.clear();
    this.#defaultUsers = undefined;
  }

  #recordProfile(user: User): void {
    if (user.organizationKey !== undefined && hasOrganizationProfile(user)) {
      this.#seenUsers.add(user.organizationKey, user);
    }
  }

  #createUsers(organization: string | undefined): BatchLoader<User> {
    const options = { organization };
    return new BatchLoader({
      scheduler: this.#scheduler,
      phase: 2,
      support: this.#support,
      supportKey: 'users',
      singleWhenAlone: true,
      loadBatch: (tokens) => lookupUsersBulk(this.#upstream, tokens, options),
      loadOne: (address, completion) =>
        this.#upstream.findInto(userLookup(address, options), this.#recordByToken(address, organization, completion)),
      accepts: isToken,
      cache: this.#cache?.users(organization),
    });
  }

  /** Records a user read by another address under its token, which memberships refer to. */
  #recordByToken(
    address: string,
    organization: string | undefined,
    completion: Completion<User | undefined>,
  ): Completion<User | undefined> {
    if (isToken(address)) return completion;
    return {
      resolve: (user) => {
        if (user !== undefined) this.#seenUsers.add(organization, user);
        completion.resolve(user);
      },
      reject: (error) => completion.reject(error),
    };
  }

  #readMe(organization: string | undefined): PromiseOrValue<User> {
    const cache = this.#cache?.me();
    const key = organization ?? '';
    const record = (user: User) => {
      if (hasOrganizationProfile(user)) this.#seenUsers.add(organization, user);
    };
    const cached = cache?.get(key);
    if (cached !== undefined) {
      record(cached);
      return cached;
    }
    return this.#scheduler.track(0, getMe(this.#upstream, { organization }), (user) => {
      record(user);
      cache?.set(key, user);
    });
  }
}

/** Whether an address is a token, which bulk reads require. */
export function isToken(address: string): boolean {
  return tokenPattern.test(address);
}
