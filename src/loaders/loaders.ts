/**
 * All reads of one operation, or of one event of a subscription. Each operation has its own instance, so a value read with
 * one credential is never visible to another. Values are as fresh as the operation, except users and groups from
 * entity-cache.ts.
 */

import type {
  Counterpart,
  DistributionList,
  Group,
  Message,
  MessageStatus,
  Metadata,
  Mute,
  RosterEntry,
  User,
} from '../domain/domain.ts';
import type { GatewayError } from '../errors.ts';
import { getMessageStatus, getMessageStatusesBulk, messageLookup } from '../upstream/endpoints/message.ts';
import { listMutes } from '../upstream/endpoints/mute.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { BatchLoader, type BulkSupport } from './batch-loader.ts';
import { BatchScheduler } from './batch-scheduler.ts';
import { ConversationLoaders } from './conversation-loaders.ts';
import type { CallerMemory } from './conversation-memory.ts';
import type { OperationCache } from './entity-cache.ts';
import { GroupLoaders } from './group-loaders.ts';
import { fromPromise } from './keyed-loader.ts';
import { MetadataLoaders } from './metadata-loaders.ts';
import { OrganizationLoaders } from './organization-loaders.ts';
import { PreferenceLoaders } from './preference-loaders.ts';
import type { PromiseOrValue } from './promise-or-value.ts';
import { RoleLoaders } from './role-loaders.ts';
import { RosterLoader } from './roster-loader.ts';
import { SingleLoader } from './single-loader.ts';
import { UserLoaders } from './user-loaders.ts';

/** Drops mutes that break the contract: one invalid row must not change the mute state of other conversations. */
function withoutErrors(mutes: readonly (Mute | GatewayError)[]): Mute[] {
  return mutes.filter((mute): mute is Mute => !(mute instanceof Error));
}

export class Loaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #memory: CallerMemory;
  readonly #cache: OperationCache | undefined;
  readonly #scheduler = new BatchScheduler();
  readonly #users: UserLoaders;
  // Loaders are created on first use: most operations read one or two kinds of entities.
  #groups: GroupLoaders | undefined;
  #messages: SingleLoader<Message | undefined> | undefined;
  #organizations: OrganizationLoaders | undefined;
  #statuses: BatchLoader<MessageStatus> | undefined;
  #roster: RosterLoader | undefined;
  #mutes: Promise<readonly Mute[]> | undefined;
  #conversations: ConversationLoaders | undefined;
  #metadata: MetadataLoaders | undefined;
  #preferences: PreferenceLoaders | undefined;
  #roles: RoleLoaders | undefined;

  /** @param cache Undefined for an operation that must not use cached values, such as a mutation. */
  constructor(upstream: Upstream, support: BulkSupport, memory: CallerMemory, cache?: OperationCache | undefined) {
    this.#upstream = upstream;
    this.#support = support;
    this.#memory = memory;
    this.#users = new UserLoaders(upstream, support, this.#scheduler, cache);
    this.#cache = cache;
  }

  get groups(): SingleLoader<Group | undefined> {
    return this.#groupLoaders.groups;
  }

  get messages(): SingleLoader<Message | undefined> {
    this.#messages ??= new SingleLoader<Message | undefined>(this.#scheduler, 0, (token, completion) =>
      this.#upstream.findInto(messageLookup(token), completion),
    );
    return this.#messages;
  }

  get lists(): SingleLoader<DistributionList | undefined> {
    return this.#groupLoaders.lists;
  }

  /** Group token → member tokens, for groups whose object does not carry them. */
  get groupMembers(): SingleLoader<readonly string[] | undefined> {
    return this.#groupLoaders.groupMembers;
  }

  /** List token → member tokens of all pages. */
  get listMembers(): SingleLoader<readonly string[]> {
    return this.#groupLoaders.listMembers;
  }

  /** Organizations of an account, and the caller's administrative rights in them. */
  get organizations(): OrganizationLoaders {
    this.#organizations ??= new OrganizationLoaders(this.#upstream, this.#scheduler, () => this.me());
    return this.#organizations;
  }

  /**
   * Users by token or other address.
   * @param organization Key of the organization whose title, department and do-not-disturb are read; default: the caller's.
   */
  users(organization?: string): BatchLoader<User> {
    return this.#users.in(organization);
  }

  /** A user that another object refers to by token; only its token when the user does not exist for the caller. */
  userOrReference(token: string): PromiseOrValue<User> {
    return this.#users.referenced(token);
  }

  /**
   * A user's profile in one organization; undefined when the user is not a member. Costs no call when this operation has
   * already seen that profile.
   * @param organization Key of the organization; default: the caller's.
   */
  member(token: string, organization?: string): PromiseOrValue<User | undefined> {
    return this.#users.member(token, organization);
  }

  /**
   * Records the organization profiles in a list, and replaces repeated users with their first object. A list may contain a
   * user once per organization, but one global id must have one set of values.
   */
  deduplicateUsers<Item extends Counterpart | undefined>(list: readonly Item[]): Item[] {
    return this.#users.deduplicateUsers(list);
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
    return this.#users.me(organization);
  }

  /** Metadata by user address. */
  userMetadata(organization?: string): BatchLoader<Metadata> {
    return this.#metadataLoaders.ofUsers(organization);
  }

  /** Metadata by group token; the bulk endpoint does not accept groups (contract, getEntitiesBulk). */
  groupMetadata(organization?: string): SingleLoader<Metadata> {
    return this.#metadataLoaders.ofGroups(organization);
  }

  /** The whole roster. Its entries are complete users and groups, so later reads of these cost no call. */
  roster(): Promise<readonly (RosterEntry | GatewayError)[]> {
    return this.#rosterLoader.load();
  }

  /** Conversations with their state and history. */
  get conversations(): ConversationLoaders {
    this.#conversations ??= new ConversationLoaders({
      upstream: this.#upstream,
      scheduler: this.#scheduler,
      memory: this.#memory,
      prime: (counterpart) => this.#rosterLoader.prime(counterpart),
      me: () => this.me(),
      user: (token) => this.users().load(token),
    });
    return this.#conversations;
  }

  /** Roles: values that the metadata of their accounts lack, and whole rotas. */
  get roles(): RoleLoaders {
    this.#roles ??= new RoleLoaders(this.#upstream, this.#scheduler, () => this.me());
    return this.#roles;
  }

  /** Quick replies. */
  get preferences(): PreferenceLoaders {
    this.#preferences ??= new PreferenceLoaders(this.#upstream, this.#scheduler);
    return this.#preferences;
  }

  mutes(): Promise<readonly Mute[]> {
    this.#mutes ??= this.#scheduler.track(0, listMutes(this.#upstream).then(withoutErrors));
    return this.#mutes;
  }

  // A mutation may have several fields, each of which sees the changes of those before it.

  /** Discards all users, after a change to an account. */
  clearUsers(): void {
    this.#users.clear();
  }

  /** Discards the caller's organizations and all users, after a change to the caller's values in an organization. */
  clearOrganizations(): void {
    this.#organizations = undefined;
    this.clearUsers();
  }

  /** Discards the roster, after a change to it. */
  clearRoster(): void {
    this.#roster = undefined;
    this.#conversations?.clear();
  }

  /** Discards a message, its delivery states and the counts of conversations, after a change to them. */
  clearMessage(token: string): void {
    this.messages.clear(token);
    this.#statuses?.clear(token);
    this.#conversations?.clear();
  }

  /** The same for all messages, after a change to an unknown number of them. */
  clearMessages(): void {
    this.#messages = undefined;
    this.#statuses = undefined;
    this.#conversations?.clear();
  }

  /** Discards a group, its members and the roster, after a change to the group. */
  clearGroup(token: string): void {
    this.#groups?.clear(token);
    this.clearRoster();
  }

  /** The same for all groups, after a change that adds, changes or removes members of groups that it does not name. */
  clearGroups(): void {
    this.#groups = undefined;
    this.clearRoster();
  }

  /** Discards metadata, and the users and groups whose objects may contain it. The user may have been read by another address. */
  clearMetadata(address: string): void {
    this.#metadata = undefined;
    this.clearUsers();
    this.clearGroup(address);
  }

  /** Discards roles and their accounts, after a change to one: groups with a role follow the duty. */
  clearRoles(): void {
    this.#roles?.clear();
    this.#metadata = undefined;
    this.clearUsers();
    this.clearGroups();
  }

  clearPreferences(): void {
    this.#preferences = undefined;
  }

  clearMutes(): void {
    this.#mutes = undefined;
    this.#conversations?.clear();
  }

  /** Discards everything, after the caller has left an organization. */
  clear(): void {
    this.clearOrganizations();
    this.clearRoles();
    this.clearMessages();
    this.clearPreferences();
    this.clearMutes();
  }

  get #groupLoaders(): GroupLoaders {
    this.#groups ??= new GroupLoaders(this.#upstream, this.#scheduler, this.#cache);
    return this.#groups;
  }

  get #metadataLoaders(): MetadataLoaders {
    this.#metadata ??= new MetadataLoaders(this.#upstream, this.#support, this.#scheduler);
    return this.#metadata;
  }

  get #rosterLoader(): RosterLoader {
    this.#roster ??= new RosterLoader(this.#upstream, this.#scheduler, this, this.#users);
    return this.#roster;
  }
}
