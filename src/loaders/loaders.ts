/**
 * Every read of one operation, or of one event of a subscription. Made anew for each, so nothing read with one
 * credential can be seen with another, and nothing is older than the operation.
 */
import type DataLoader from 'dataloader';
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
import { getGroup, listGroupMembers } from '../upstream/group.ts';
import { getMessage, getMessageStatus, getMessageStatusesBulk } from '../upstream/message.ts';
import { getMetadata, getMetadataBulk } from '../upstream/metadata.ts';
import { listMutes } from '../upstream/mute.ts';
import { listOrganizationRoles, listOrganizations, type OrganizationRoles } from '../upstream/organization.ts';
import { getRoster } from '../upstream/roster.ts';
import { getMe, getUser, lookupUsersBulk } from '../upstream/user.ts';
import { type BulkSupport, createBulkLoader } from './bulk.ts';
import { ReadOnce } from './read-once.ts';
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

/** Stands for "the caller's default organization" where organizations are map keys. */
const defaultOrganization = '';

export class Loaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #schedule = new ReadSchedule();
  readonly #users = new Map<string, DataLoader<string, User | undefined>>();
  readonly #groupMetadata = new Map<string, ReadOnce<Metadata>>();
  readonly #userMetadata = new Map<string, DataLoader<string, Metadata | undefined>>();
  readonly #me = new Map<string, Promise<User>>();
  #statuses: DataLoader<string, MessageStatus | undefined> | undefined;
  #roster: Promise<readonly (RosterEntry | GatewayError)[]> | undefined;
  #roles: Promise<readonly OrganizationRoles[]> | undefined;
  #mutes: Promise<readonly Mute[]> | undefined;

  readonly groups: ReadOnce<Group | undefined>;
  readonly messages: ReadOnce<Message | undefined>;
  readonly lists: ReadOnce<DistributionList | undefined>;
  /** Group token → member tokens, for groups whose object does not carry them. */
  readonly groupMembers: ReadOnce<readonly string[] | undefined>;
  /** List token → tokens of the people on it, all pages. */
  readonly listMembers: ReadOnce<readonly string[]>;
  /** User address → the organizations that account is in. */
  readonly organizations: ReadOnce<readonly (Organization | GatewayError)[]>;

  constructor(upstream: Upstream, support: BulkSupport) {
    this.#upstream = upstream;
    this.#support = support;
    const readOnce = <Value>(read: (key: string) => Promise<Value>) => new ReadOnce(this.#schedule, 0, read);
    this.groups = readOnce((token) => getGroup(upstream, token));
    this.messages = readOnce((token) => getMessage(upstream, token));
    this.lists = readOnce((token) => getDistributionList(upstream, token));
    this.groupMembers = readOnce((token) => listGroupMembers(upstream, token));
    this.listMembers = readOnce((token) => allListMembers(upstream, token));
    this.organizations = readOnce((address) => listOrganizations(upstream, address));
  }

  /**
   * Users by token or other address.
   * @param organization Whose title, department and do-not-disturb to read; the caller's default one when left out.
   */
  users(organization = defaultOrganization): DataLoader<string, User | undefined> {
    let loader = this.#users.get(organization);
    if (loader === undefined) {
      const options = organization === defaultOrganization ? {} : { organization };
      loader = createBulkLoader({
        schedule: this.#schedule,
        rank: 2,
        support: this.#support,
        supportKey: 'users',
        many: (tokens) => lookupUsersBulk(this.#upstream, tokens, options),
        one: (address) => getUser(this.#upstream, address, options),
        takes: (address) => tokenPattern.test(address),
      });
      this.#users.set(organization, loader);
    }
    return loader;
  }

  /** Delivery states by message token. */
  get statuses(): DataLoader<string, MessageStatus | undefined> {
    this.#statuses ??= createBulkLoader({
      schedule: this.#schedule,
      rank: 1,
      support: this.#support,
      supportKey: 'statuses',
      many: (tokens) => this.#schedule.track(1, getMessageStatusesBulk(this.#upstream, tokens)),
      one: (token) => this.#schedule.track(1, getMessageStatus(this.#upstream, token)),
      takes: () => true,
    });
    return this.#statuses;
  }

  /** The caller's own account. */
  me(organization = defaultOrganization): Promise<User> {
    let reading = this.#me.get(organization);
    if (reading === undefined) {
      const options = organization === defaultOrganization ? {} : { organization };
      reading = this.#schedule.track(0, getMe(this.#upstream, options));
      this.#me.set(organization, reading);
    }
    return reading;
  }

  /** Metadata by user address. */
  userMetadata(organization = defaultOrganization): DataLoader<string, Metadata | undefined> {
    let loader = this.#userMetadata.get(organization);
    if (loader === undefined) {
      const options = organization === defaultOrganization ? {} : { organization };
      loader = createBulkLoader({
        schedule: this.#schedule,
        rank: 2,
        support: this.#support,
        supportKey: 'metadata',
        many: (tokens) => getMetadataBulk(this.#upstream, tokens, options),
        one: (address) => getMetadata(this.#upstream, address, options),
        takes: (address) => tokenPattern.test(address),
      });
      this.#userMetadata.set(organization, loader);
    }
    return loader;
  }

  /** Metadata by group token; the bulk read knows no groups (contract, getEntitiesBulk). */
  groupMetadata(organization = defaultOrganization): ReadOnce<Metadata> {
    let reads = this.#groupMetadata.get(organization);
    if (reads === undefined) {
      const options = organization === defaultOrganization ? {} : { organization };
      reads = new ReadOnce(this.#schedule, 0, (address) => getMetadata(this.#upstream, address, options));
      this.#groupMetadata.set(organization, reads);
    }
    return reads;
  }

  /** The whole roster. Its entries are whole users and groups, so reading it answers later reads of them. */
  roster(): Promise<readonly (RosterEntry | GatewayError)[]> {
    this.#roster ??= this.#schedule.track(
      0,
      getRoster(this.#upstream).then((entries) => this.#rememberAll(entries)),
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
    this.#roles ??= this.me().then(({ token }) =>
      this.#schedule.track(0, listOrganizationRoles(this.#upstream, token, 'placeholder')),
    );
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
    for (const reads of this.#groupMetadata.values()) reads.clear(address);
    for (const reads of this.#userMetadata.values()) reads.clear(address);
    for (const users of this.#users.values()) users.clear(address);
    this.forgetGroup(address);
  }

  clearMutes(): void {
    this.#mutes = undefined;
  }

  #rememberAll(entries: readonly (RosterEntry | GatewayError)[]): readonly (RosterEntry | GatewayError)[] {
    const users = this.users();
    for (const entry of entries) {
      if (entry instanceof Error) continue;
      const { counterpart } = entry;
      if (counterpart.kind === 'USER') users.prime(counterpart.token, counterpart);
      else if (counterpart.kind === 'GROUP') this.groups.prime(counterpart.token, counterpart);
      else this.lists.prime(counterpart.token, counterpart);
    }
    return entries;
  }
}
