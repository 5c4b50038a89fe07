/**
 * Every read of one operation, or of one event of a subscription. Made anew for each, so nothing read with one
 * credential can be seen with another, and nothing is older than the operation, but for the users and groups that
 * kept-entities.ts keeps for a moment.
 */
import type {
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
import { getDistributionList, listDistributionListMembers } from '../upstream/distribution-list.ts';
import { groupLookup, listGroupMembers } from '../upstream/group.ts';
import { getMessageStatus, getMessageStatusesBulk, messageLookup } from '../upstream/message.ts';
import { getMetadata, getMetadataBulk } from '../upstream/metadata.ts';
import { listMutes } from '../upstream/mute.ts';
import { listOrganizationRoles, listOrganizations, type OrganizationRoles } from '../upstream/organization.ts';
import { getRoster } from '../upstream/roster.ts';
import { getMe, lookupUsersBulk, userLookup } from '../upstream/user.ts';
import { BulkReads, type BulkSupport } from './bulk.ts';
import type { KeptForOperation } from './kept-entities.ts';
import type { Known } from './known.ts';
import { PerOrganization } from './per-organization.ts';
import { ReadOnce } from './read-once.ts';
import { promising } from './reads.ts';
import { ReadSchedule } from './schedule.ts';

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
    this.#roster ??= this.#schedule.track(0, getRoster(this.#upstream), (entries) => this.#primeWith(entries));
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
    this.forgetGroup(address);
  }

  clearMutes(): void {
    this.#mutes = undefined;
  }

  #primeWith(entries: readonly (RosterEntry | GatewayError)[]): void {
    const users = this.users();
    for (const entry of entries) {
      if (entry instanceof Error) continue;
      const { counterpart } = entry;
      if (counterpart.kind === 'USER') users.prime(counterpart.token, counterpart);
      else if (counterpart.kind === 'GROUP') this.groups.prime(counterpart.token, counterpart);
      else this.lists.prime(counterpart.token, counterpart);
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
      one: (address, told) => this.#upstream.seek(userLookup(address, options), told),
      takes: isToken,
      kept: this.#kept?.users(organization),
    });
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
    return (
      kept?.find(key) ??
      this.#schedule.track(0, getMe(this.#upstream, { organization }), (user) => kept?.keep(key, user))
    );
  }

  async #readRoles(): Promise<readonly OrganizationRoles[]> {
    const { token } = await this.me();
    return this.#schedule.track(0, listOrganizationRoles(this.#upstream, token, 'placeholder'));
  }
}

function isToken(address: string): boolean {
  return tokenPattern.test(address);
}
