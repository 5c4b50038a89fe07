/**
 * Every read of one operation, or of one event of a subscription. Made anew for each, so nothing read with one
 * credential can be seen with another, and nothing is older than the operation, but for the users and groups that
 * entity-cache.ts keeps for a moment.
 */

import type {
  Counterpart,
  DistributionList,
  Group,
  Message,
  MessageStatus,
  Metadata,
  Mute,
  Organization,
  RosterEntry,
  User,
} from '../domain.ts';
import { tokenPattern } from '../domain.ts';
import type { GatewayError } from '../errors.ts';
import type { Completion } from '../upstream/completion.ts';
import { getDistributionList, listDistributionListMembers } from '../upstream/endpoints/distribution-list.ts';
import { groupLookup, listGroupMembers } from '../upstream/endpoints/group.ts';
import { getMessageStatus, getMessageStatusesBulk, messageLookup } from '../upstream/endpoints/message.ts';
import { getMetadata, getMetadataBulk } from '../upstream/endpoints/metadata.ts';
import { listMutes } from '../upstream/endpoints/mute.ts';
import {
  listOrganizationRoles,
  listOrganizations,
  type OrganizationRoles,
} from '../upstream/endpoints/organization.ts';
import { getRoster } from '../upstream/endpoints/roster.ts';
import { getMe, lookupUsersBulk, userLookup } from '../upstream/endpoints/user.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { BatchLoader, type BulkSupport } from './batch-loader.ts';
import { BatchScheduler } from './batch-scheduler.ts';
import { type PromiseOrValue, thenOrNow } from './deferred.ts';
import type { OperationCache } from './entity-cache.ts';
import { fromPromise } from './keyed-loader.ts';
import { PerOrganization } from './per-organization.ts';
import { Sightings, tellsOfOrganization } from './seen-users.ts';
import { SingleLoader } from './single-loader.ts';

/** Pages of a distribution list that are read at most; an upstream that never ends a list does not keep us for ever. */
const maxListPages = 50;

async function allListMembers(upstream: Upstream, token: string): Promise<string[]> {
  const tokens: string[] = [];
  let continuation: string | undefined;
  for (let page = 0; page < maxListPages; page++) {
    const { items, continuation: next } = await listDistributionListMembers(upstream, token, { continuation });
    tokens.push(...items.map((user) => user.token));
    if (next === undefined) break;
    continuation = next;
  }
  return tokens;
}

/** The mutes that keep to the contract: a broken one is no reason to call every conversation muted or not. */
function withoutErrors(mutes: readonly (Mute | GatewayError)[]): Mute[] {
  return mutes.filter((mute): mute is Mute => !(mute instanceof Error));
}

export class Loaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #cache: OperationCache | undefined;
  readonly #scheduler = new BatchScheduler();
  // Most operations read one or two kinds of things: what reads a kind is made when it is first asked for.
  #groups: SingleLoader<Group | undefined> | undefined;
  #messages: SingleLoader<Message | undefined> | undefined;
  #lists: SingleLoader<DistributionList | undefined> | undefined;
  #groupMembers: SingleLoader<readonly string[] | undefined> | undefined;
  #listMembers: SingleLoader<readonly string[]> | undefined;
  #organizations: SingleLoader<readonly (Organization | GatewayError)[]> | undefined;
  readonly #users = new PerOrganization((organization) => this.#makeUsers(organization));
  readonly #groupMetadata = new PerOrganization((organization) => this.#makeGroupMetadata(organization));
  readonly #userMetadata = new PerOrganization((organization) => this.#makeUserMetadata(organization));
  readonly #me = new PerOrganization((organization) => this.#readMe(organization));
  readonly #sightings = new Sightings();
  /** Users of the roster stand among those of the default organization, and may have been read in another. */
  readonly #ofRoster = new WeakSet<User>();
  /** Users of the default organization that are known to be read there; made when the roster left that open. */
  #ofDefault: BatchLoader<User> | undefined;
  #statuses: BatchLoader<MessageStatus> | undefined;
  #roster: Promise<readonly (RosterEntry | GatewayError)[]> | undefined;
  #roles: Promise<readonly OrganizationRoles[]> | undefined;
  #mutes: Promise<readonly Mute[]> | undefined;

  /** @param cache Undefined for an operation that has to read everything itself, such as one that makes changes. */
  constructor(upstream: Upstream, support: BulkSupport, cache?: OperationCache | undefined) {
    this.#upstream = upstream;
    this.#support = support;
    this.#cache = cache;
  }

  get groups(): SingleLoader<Group | undefined> {
    this.#groups ??= new SingleLoader<Group | undefined>(
      this.#scheduler,
      0,
      (token, completion) => this.#upstream.findInto(groupLookup(token), completion),
      this.#cache?.groups(),
    );
    return this.#groups;
  }

  get messages(): SingleLoader<Message | undefined> {
    this.#messages ??= new SingleLoader<Message | undefined>(this.#scheduler, 0, (token, completion) =>
      this.#upstream.findInto(messageLookup(token), completion),
    );
    return this.#messages;
  }

  get lists(): SingleLoader<DistributionList | undefined> {
    this.#lists ??= this.#singleLoader((token) => getDistributionList(this.#upstream, token));
    return this.#lists;
  }

  /** Group token → member tokens, for groups whose object does not carry them. */
  get groupMembers(): SingleLoader<readonly string[] | undefined> {
    this.#groupMembers ??= this.#singleLoader<readonly string[] | undefined>((token) =>
      listGroupMembers(this.#upstream, token),
    );
    return this.#groupMembers;
  }

  /** List token → tokens of the people on it, all pages. */
  get listMembers(): SingleLoader<readonly string[]> {
    this.#listMembers ??= this.#singleLoader<readonly string[]>((token) => allListMembers(this.#upstream, token));
    return this.#listMembers;
  }

  /** User address → the organizations that account is in. */
  get organizations(): SingleLoader<readonly (Organization | GatewayError)[]> {
    this.#organizations ??= this.#singleLoader<readonly (Organization | GatewayError)[]>((address) =>
      listOrganizations(this.#upstream, address),
    );
    return this.#organizations;
  }

  /**
   * Users by token or other address.
   * @param organization Whose title, department and do-not-disturb to read; the caller's default one when left out.
   */
  users(organization?: string): BatchLoader<User> {
    return this.#users.for(organization);
  }

  /**
   * A user as read in one organization; nothing when the user is not in it. Costs no call where this operation has seen the
   * user there.
   * @param organization Its key; the caller's default one when left out.
   */
  member(token: string, organization?: string): PromiseOrValue<User | undefined> {
    const seen = this.#sightings.find(organization, token);
    if (seen !== undefined) return seen;
    if (organization !== undefined) {
      const known = this.#sightings.find(undefined, token) ?? this.users().peek(token);
      const isThere = known?.organizationKey === organization;
      if (isThere && (!this.#ofRoster.has(known) || tellsOfOrganization(known))) return known;
      return this.users(organization).load(token);
    }
    return thenOrNow(this.users().load(token), (user) => {
      if (user === undefined || !this.#ofRoster.has(user)) return user;
      this.#ofDefault ??= this.#makeUsers(undefined);
      return this.#ofDefault.load(token);
    });
  }

  /**
   * Remembers what a list of users tells of their organizations, and gives each of them as one object, the first: the same
   * person may stand in a list once for each organization, and one global id means one set of values.
   */
  unified<Item extends Counterpart>(list: readonly Item[]): Item[] {
    const first = new Map<string, Item>();
    return list.map((item) => {
      if (item.kind !== 'USER') return item;
      if (item.organizationKey !== undefined && tellsOfOrganization(item)) {
        this.#sightings.add(item.organizationKey, item);
      }
      const known = first.get(item.token);
      if (known === undefined) first.set(item.token, item);
      return known ?? item;
    });
  }

  /** Delivery states by message token. */
  get statuses(): BatchLoader<MessageStatus> {
    this.#statuses ??= new BatchLoader({
      scheduler: this.#scheduler,
      phase: 1,
      support: this.#support,
      supportKey: 'statuses',
      loadBatch: (tokens) => this.#scheduler.track(1, getMessageStatusesBulk(this.#upstream, tokens)),
      loadOne: fromPromise((token) => this.#scheduler.track(1, getMessageStatus(this.#upstream, token))),
      accepts: () => true,
    });
    return this.#statuses;
  }

  /** The caller's own account. */
  me(organization?: string): PromiseOrValue<User> {
    return this.#me.for(organization);
  }

  /** Metadata by user address. */
  userMetadata(organization?: string): BatchLoader<Metadata> {
    return this.#userMetadata.for(organization);
  }

  /** Metadata by group token; the bulk read knows no groups (contract, getEntitiesBulk). */
  groupMetadata(organization?: string): SingleLoader<Metadata> {
    return this.#groupMetadata.for(organization);
  }

  /** The whole roster. Its entries are whole users and groups, so reading it answers later reads of them. */
  roster(): Promise<readonly (RosterEntry | GatewayError)[]> {
    this.#roster ??= this.#scheduler.track(
      0,
      getRoster(this.#upstream).then((entries) => this.#remembered(entries)),
    );
    return this.#roster;
  }

  mutes(): Promise<readonly Mute[]> {
    this.#mutes ??= this.#scheduler.track(0, listMutes(this.#upstream).then(withoutErrors));
    return this.#mutes;
  }

  /** The caller's administrative rights, in all organizations at once. */
  organizationRoles(): Promise<readonly OrganizationRoles[]> {
    // Any organization in the path gives the same answer (contract, listUserOrganizationRoles).
    this.#roles ??= this.#readRoles();
    return this.#roles;
  }

  /** Forgets the caller's own account, after a change to it. */
  clearMe(): void {
    this.#me.clear();
    this.#users.clear();
    this.#sightings.clear();
    this.#ofDefault = undefined;
  }

  /** Forgets the roster, after a change to it. */
  clearRoster(): void {
    this.#roster = undefined;
  }

  /** Forgets a message and its delivery states, after a change to them. */
  clearMessage(token: string): void {
    this.messages.clear(token);
    this.#statuses?.clear(token);
  }

  /** Forgets a group and its members, after a change to them. */
  clearGroup(token: string): void {
    this.groups.clear(token);
    this.groupMembers.clear(token);
    this.clearRoster();
  }

  /** Forgets metadata, and the user or group it may have come with. */
  clearMetadata(address: string): void {
    for (const loader of this.#groupMetadata.all()) loader.clear(address);
    for (const loader of this.#userMetadata.all()) loader.clear(address);
    for (const users of this.#users.all()) users.clear(address);
    this.#sightings.clear();
    this.#ofDefault = undefined;
    this.clearGroup(address);
  }

  clearMutes(): void {
    this.#mutes = undefined;
  }

  /**
   * What the roster brings whole need not be read again. The same person stands on it once for each organization, and is
   * one object all the same: one global id means one set of values.
   */
  #remembered(entries: readonly (RosterEntry | GatewayError)[]): (RosterEntry | GatewayError)[] {
    const first = new Map<string, User>();
    return entries.map((entry) => {
      if (entry instanceof Error) return entry;
      const { counterpart } = entry;
      if (counterpart.kind === 'GROUP') this.groups.prime(counterpart.token, counterpart);
      else if (counterpart.kind === 'LIST') this.lists.prime(counterpart.token, counterpart);
      else {
        const known = first.get(counterpart.token);
        if (known === undefined) first.set(counterpart.token, counterpart);
        this.#rememberFromRoster(counterpart);
        if (known !== undefined) return { ...entry, counterpart: known };
      }
      return entry;
    });
  }

  #rememberFromRoster(user: User): void {
    const users = this.users();
    users.prime(user.token, user);
    if (users.peek(user.token) === user) this.#ofRoster.add(user);
    else if (user.organizationKey !== undefined && tellsOfOrganization(user)) {
      this.#sightings.add(user.organizationKey, user);
    }
  }

  #singleLoader<Value>(read: (key: string) => Promise<Value>): SingleLoader<Value> {
    return new SingleLoader(this.#scheduler, 0, fromPromise(read));
  }

  #makeUsers(organization: string | undefined): BatchLoader<User> {
    const options = { organization };
    return new BatchLoader({
      scheduler: this.#scheduler,
      phase: 2,
      support: this.#support,
      supportKey: 'users',
      singleWhenAlone: true,
      loadBatch: (tokens) => lookupUsersBulk(this.#upstream, tokens, options),
      loadOne: (address, completion) =>
        this.#upstream.findInto(userLookup(address, options), this.#bySight(address, organization, completion)),
      accepts: isToken,
      cache: this.#cache?.users(organization),
    });
  }

  /** Remembers a user that is read by another address under its token, which memberships go by. */
  #bySight(
    address: string,
    organization: string | undefined,
    completion: Completion<User | undefined>,
  ): Completion<User | undefined> {
    if (isToken(address)) return completion;
    return {
      resolve: (user) => {
        if (user !== undefined) this.#sightings.add(organization, user);
        completion.resolve(user);
      },
      reject: (error) => completion.reject(error),
    };
  }

  #makeUserMetadata(organization: string | undefined): BatchLoader<Metadata> {
    const options = { organization };
    return new BatchLoader({
      scheduler: this.#scheduler,
      phase: 2,
      support: this.#support,
      supportKey: 'metadata',
      loadBatch: (tokens) => getMetadataBulk(this.#upstream, tokens, options),
      loadOne: fromPromise((address) => getMetadata(this.#upstream, address, options)),
      accepts: isToken,
    });
  }

  #makeGroupMetadata(organization: string | undefined): SingleLoader<Metadata> {
    return this.#singleLoader((address) => getMetadata(this.#upstream, address, { organization }));
  }

  #readMe(organization: string | undefined): PromiseOrValue<User> {
    const cache = this.#cache?.me();
    const key = organization ?? '';
    const seen = (user: User) => {
      if (tellsOfOrganization(user)) this.#sightings.add(organization, user);
    };
    const known = cache?.get(key);
    if (known !== undefined) {
      seen(known);
      return known;
    }
    return this.#scheduler.track(0, getMe(this.#upstream, { organization }), (user) => {
      seen(user);
      cache?.set(key, user);
    });
  }

  async #readRoles(): Promise<readonly OrganizationRoles[]> {
    const { token } = await this.me();
    return this.#scheduler.track(0, listOrganizationRoles(this.#upstream, token, 'placeholder'));
  }
}

function isToken(address: string): boolean {
  return tokenPattern.test(address);
}
