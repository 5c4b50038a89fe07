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
import type { GatewayError } from '../errors.ts';
import type { Upstream } from '../upstream/client.ts';
import type { Told } from '../upstream/completion.ts';
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
import { BulkReads, type BulkSupport } from './batch-loader.ts';
import { ReadSchedule } from './batch-scheduler.ts';
import type { KeptForOperation } from './entity-cache.ts';
import { promising } from './keyed-loader.ts';
import { PerOrganization } from './per-organization.ts';
import { type Known, whenKnown } from './promise-or-value.ts';
import { Sightings, tellsOfOrganization } from './seen-users.ts';
import { ReadOnce } from './single-loader.ts';

/** The form of every user, group, message and list token (contract, Uuid); other user addresses are read one by one. */
export const tokenPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Pages of a distribution list that are read at most; an upstream that never ends a list does not keep us for ever. */
const mostListPages = 50;

async function allListMembers(upstream: Upstream, token: string): Promise<string[]> {
  const tokens: string[] = [];
  let continuation: string | undefined;
  for (let page = 0; page < mostListPages; page++) {
    const { items, continuation: next } = await listDistributionListMembers(upstream, token, { continuation });
    tokens.push(...items.map((user) => user.token));
    if (next === undefined) break;
    continuation = next;
  }
  return tokens;
}

/** The mutes that keep to the contract: a broken one is no reason to call every conversation muted or not. */
function readable(mutes: readonly (Mute | GatewayError)[]): Mute[] {
  return mutes.filter((mute): mute is Mute => !(mute instanceof Error));
}

export class Loaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #kept: KeptForOperation | undefined;
  readonly #schedule = new ReadSchedule();
  // Most operations read one or two kinds of things: what reads a kind is made when it is first asked for.
  #groups: ReadOnce<Group | undefined> | undefined;
  #messages: ReadOnce<Message | undefined> | undefined;
  #lists: ReadOnce<DistributionList | undefined> | undefined;
  #groupMembers: ReadOnce<readonly string[] | undefined> | undefined;
  #listMembers: ReadOnce<readonly string[]> | undefined;
  #organizations: ReadOnce<readonly (Organization | GatewayError)[]> | undefined;
  readonly #users = new PerOrganization((organization) => this.#makeUsers(organization));
  readonly #groupMetadata = new PerOrganization((organization) => this.#makeGroupMetadata(organization));
  readonly #userMetadata = new PerOrganization((organization) => this.#makeUserMetadata(organization));
  readonly #me = new PerOrganization((organization) => this.#readMe(organization));
  readonly #sightings = new Sightings();
  /** Users of the roster stand among those of the default organization, and may have been read in another. */
  readonly #ofRoster = new WeakSet<User>();
  /** Users of the default organization that are known to be read there; made when the roster left that open. */
  #ofDefault: BulkReads<User> | undefined;
  #statuses: BulkReads<MessageStatus> | undefined;
  #roster: Promise<readonly (RosterEntry | GatewayError)[]> | undefined;
  #roles: Promise<readonly OrganizationRoles[]> | undefined;
  #mutes: Promise<readonly Mute[]> | undefined;

  /** @param kept Undefined for an operation that has to read everything itself, such as one that makes changes. */
  constructor(upstream: Upstream, support: BulkSupport, kept?: KeptForOperation | undefined) {
    this.#upstream = upstream;
    this.#support = support;
    this.#kept = kept;
  }

  get groups(): ReadOnce<Group | undefined> {
    this.#groups ??= new ReadOnce<Group | undefined>(
      this.#schedule,
      0,
      (token, told) => this.#upstream.seek(groupLookup(token), told),
      this.#kept?.groups(),
    );
    return this.#groups;
  }

  get messages(): ReadOnce<Message | undefined> {
    this.#messages ??= new ReadOnce<Message | undefined>(this.#schedule, 0, (token, told) =>
      this.#upstream.seek(messageLookup(token), told),
    );
    return this.#messages;
  }

  get lists(): ReadOnce<DistributionList | undefined> {
    this.#lists ??= this.#readOnce((token) => getDistributionList(this.#upstream, token));
    return this.#lists;
  }

  /** Group token → member tokens, for groups whose object does not carry them. */
  get groupMembers(): ReadOnce<readonly string[] | undefined> {
    this.#groupMembers ??= this.#readOnce<readonly string[] | undefined>((token) =>
      listGroupMembers(this.#upstream, token),
    );
    return this.#groupMembers;
  }

  /** List token → tokens of the people on it, all pages. */
  get listMembers(): ReadOnce<readonly string[]> {
    this.#listMembers ??= this.#readOnce<readonly string[]>((token) => allListMembers(this.#upstream, token));
    return this.#listMembers;
  }

  /** User address → the organizations that account is in. */
  get organizations(): ReadOnce<readonly (Organization | GatewayError)[]> {
    this.#organizations ??= this.#readOnce<readonly (Organization | GatewayError)[]>((address) =>
      listOrganizations(this.#upstream, address),
    );
    return this.#organizations;
  }

  /**
   * Users by token or other address.
   * @param organization Whose title, department and do-not-disturb to read; the caller's default one when left out.
   */
  users(organization?: string): BulkReads<User> {
    return this.#users.for(organization);
  }

  /**
   * A user as read in one organization; nothing when the user is not in it. Costs no call where this operation has seen the
   * user there.
   * @param organization Its key; the caller's default one when left out.
   */
  member(token: string, organization?: string): Known<User | undefined> {
    const seen = this.#sightings.find(organization, token);
    if (seen !== undefined) return seen;
    if (organization !== undefined) {
      const known = this.#sightings.find(undefined, token) ?? this.users().peek(token);
      const isThere = known?.organizationKey === organization;
      if (isThere && (!this.#ofRoster.has(known) || tellsOfOrganization(known))) return known;
      return this.users(organization).load(token);
    }
    return whenKnown(this.users().load(token), (user) => {
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
  get statuses(): BulkReads<MessageStatus> {
    this.#statuses ??= new BulkReads({
      schedule: this.#schedule,
      rank: 1,
      support: this.#support,
      supportKey: 'statuses',
      many: (tokens) => this.#schedule.track(1, getMessageStatusesBulk(this.#upstream, tokens)),
      one: promising((token) => this.#schedule.track(1, getMessageStatus(this.#upstream, token))),
      takes: () => true,
    });
    return this.#statuses;
  }

  /** The caller's own account. */
  me(organization?: string): Known<User> {
    return this.#me.for(organization);
  }

  /** Metadata by user address. */
  userMetadata(organization?: string): BulkReads<Metadata> {
    return this.#userMetadata.for(organization);
  }

  /** Metadata by group token; the bulk read knows no groups (contract, getEntitiesBulk). */
  groupMetadata(organization?: string): ReadOnce<Metadata> {
    return this.#groupMetadata.for(organization);
  }

  /** The whole roster. Its entries are whole users and groups, so reading it answers later reads of them. */
  roster(): Promise<readonly (RosterEntry | GatewayError)[]> {
    this.#roster ??= this.#schedule.track(
      0,
      getRoster(this.#upstream).then((entries) => this.#remembered(entries)),
    );
    return this.#roster;
  }

  mutes(): Promise<readonly Mute[]> {
    this.#mutes ??= this.#schedule.track(0, listMutes(this.#upstream).then(readable));
    return this.#mutes;
  }

  /** The caller's administrative rights, in all organizations at once. */
  organizationRoles(): Promise<readonly OrganizationRoles[]> {
    // Any organization in the path gives the same answer (contract, listUserOrganizationRoles).
    this.#roles ??= this.#readRoles();
    return this.#roles;
  }

  /** Forgets the caller's own account, after a change to it. */
  forgetMe(): void {
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
  forgetMessage(token: string): void {
    this.messages.clear(token);
    this.#statuses?.clear(token);
  }

  /** Forgets a group and its members, after a change to them. */
  forgetGroup(token: string): void {
    this.groups.clear(token);
    this.groupMembers.clear(token);
    this.clearRoster();
  }

  /** Forgets metadata, and the user or group it may have come with. */
  forgetMetadata(address: string): void {
    for (const reads of this.#groupMetadata.all()) reads.clear(address);
    for (const reads of this.#userMetadata.all()) reads.clear(address);
    for (const users of this.#users.all()) users.clear(address);
    this.#sightings.clear();
    this.#ofDefault = undefined;
    this.forgetGroup(address);
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

  #readOnce<Value>(read: (key: string) => Promise<Value>): ReadOnce<Value> {
    return new ReadOnce(this.#schedule, 0, promising(read));
  }

  #makeUsers(organization: string | undefined): BulkReads<User> {
    const options = { organization };
    return new BulkReads({
      schedule: this.#schedule,
      rank: 2,
      support: this.#support,
      supportKey: 'users',
      oneAlone: true,
      many: (tokens) => lookupUsersBulk(this.#upstream, tokens, options),
      one: (address, told) =>
        this.#upstream.seek(userLookup(address, options), this.#bySight(address, organization, told)),
      takes: isToken,
      kept: this.#kept?.users(organization),
    });
  }

  /** Remembers a user that is read by another address under its token, which memberships go by. */
  #bySight(address: string, organization: string | undefined, told: Told<User | undefined>): Told<User | undefined> {
    if (isToken(address)) return told;
    return {
      resolved: (user) => {
        if (user !== undefined) this.#sightings.add(organization, user);
        told.resolved(user);
      },
      rejected: (error) => told.rejected(error),
    };
  }

  #makeUserMetadata(organization: string | undefined): BulkReads<Metadata> {
    const options = { organization };
    return new BulkReads({
      schedule: this.#schedule,
      rank: 2,
      support: this.#support,
      supportKey: 'metadata',
      many: (tokens) => getMetadataBulk(this.#upstream, tokens, options),
      one: promising((address) => getMetadata(this.#upstream, address, options)),
      takes: isToken,
    });
  }

  #makeGroupMetadata(organization: string | undefined): ReadOnce<Metadata> {
    return this.#readOnce((address) => getMetadata(this.#upstream, address, { organization }));
  }

  #readMe(organization: string | undefined): Known<User> {
    const kept = this.#kept?.me();
    const key = organization ?? '';
    const seen = (user: User) => {
      if (tellsOfOrganization(user)) this.#sightings.add(organization, user);
    };
    const known = kept?.find(key);
    if (known !== undefined) {
      seen(known);
      return known;
    }
    return this.#schedule.track(0, getMe(this.#upstream, { organization }), (user) => {
      seen(user);
      kept?.keep(key, user);
    });
  }

  async #readRoles(): Promise<readonly OrganizationRoles[]> {
    const { token } = await this.me();
    return this.#schedule.track(0, listOrganizationRoles(this.#upstream, token, 'placeholder'));
  }
}

function isToken(address: string): boolean {
  return tokenPattern.test(address);
}
