/**
 * Short-lived cache of users and groups per credential. It saves repeated reads: the sender of each message in a burst, or a
 * user that five parts of a page request one after the other.
 *
 * Guarantees: an entry is returned only to the credential it was read with. It is not returned once it is older than
 * `ttlMs`, or once that credential has made a change or received an event that may concern users or groups. It leaves memory
 * within twice `ttlMs`. Messages are never cached.
 */
import type { Group, User } from '../domain/domain.ts';
import type { GatewayEvent, GatewayEventType } from '../domain/gateway-event.ts';
import { CredentialCache, type EntityCacheOptions, type Freshness } from './credential-cache.ts';

/** Cached entities of one kind, as one operation sees them. */
export interface CacheView<Value> {
  get(key: string): Value | undefined;
  /** Stores a value that this operation read. */
  set(key: string, value: Value): void;
}

/**
 * Maximum entities of a kind that one operation caches. An operation that reads more reads a list; lists are rarely requested
 * again within a second, so caching them costs more than it saves.
 */
const maxPerOperation = 20;

/** Whether an operation that has read `reads` entities of a kind still caches the next one. */
export function isCacheable(reads: number): boolean {
  return reads <= maxPerOperation;
}

/** Event types that cannot change a user or group; all others invalidate the cache. */
const entityNeutralEvents: ReadonlySet<GatewayEventType> = new Set<GatewayEventType>([
  'MESSAGE_RECEIVED',
  'MESSAGE_STATUS_CHANGED',
  'MESSAGE_RECALLED',
  'MESSAGE_DATA_CHANGED',
  'TYPING_CHANGED',
  'PRESENCE_CHANGED',
]);

/** Whether an event invalidates the cached users and groups of its credential. */
export function mayChangeEntities({ type }: GatewayEvent): boolean {
  return !entityNeutralEvents.has(type);
}

/** The users and groups of all credentials. */
export class EntityCache {
  readonly #isEnabled: boolean;
  readonly #users: CredentialCache<User>;
  readonly #groups: CredentialCache<Group>;

  constructor(options: EntityCacheOptions) {
    this.#isEnabled = options.ttlMs > 0;
    this.#users = new CredentialCache(options);
    this.#groups = new CredentialCache(options);
  }

  /** Number of cached users and groups. */
  get size(): number {
    return this.#users.size + this.#groups.size;
  }

  /** Number of cache hits since the start. */
  get hits(): number {
    return this.#users.hits + this.#groups.hits;
  }

  /** Number of reads since the start that the cache did not have. */
  get misses(): number {
    return this.#users.misses + this.#groups.misses;
  }

  /**
   * The cache for one operation.
   * @param freshness The operation's. Values it reads are stored with this time; a hit moves it back to the entry's time.
   * @returns Undefined when the cache is disabled.
   */
  for(credentialKey: string, freshness: Freshness): OperationCache | undefined {
    return this.#isEnabled ? new OperationCache(this.#users, this.#groups, credentialKey, freshness) : undefined;
  }

  /** Discards everything cached for a credential, because it changed or may have changed. */
  invalidate(credentialKey: string): void {
    if (!this.#isEnabled) return;
    this.#users.invalidate(credentialKey);
    this.#groups.invalidate(credentialKey);
  }

  /** Discards everything, because changes of any credential may have been missed. */
  invalidateAll(): void {
    this.#users.invalidateAll();
    this.#groups.invalidateAll();
  }

  close(): void {
    this.#users.close();
    this.#groups.close();
  }
}

/** The cache as one operation sees it. */
export class OperationCache {
  readonly #users: CredentialCache<User>;
  readonly #groups: CredentialCache<Group>;
  readonly #credentialKey: string;
  readonly #freshness: Freshness;
  readonly #startedAt: number;

  constructor(
    users: CredentialCache<User>,
    groups: CredentialCache<Group>,
    credentialKey: string,
    freshness: Freshness,
  ) {
    this.#users = users;
    this.#groups = groups;
    this.#credentialKey = credentialKey;
    this.#freshness = freshness;
    this.#startedAt = freshness.oldestReadAt;
  }

  /** Users of one organization, by address. */
  users(organization: string | undefined): CacheView<User> {
    return this.#view(this.#users, `user ${organization ?? ''}\n`);
  }

  /** The caller's own account, by organization. Its key prefix differs from that of users, because an address may be any text. */
  me(): CacheView<User> {
    return this.#view(this.#users, 'me ');
  }

  /** Groups by token. */
  groups(): CacheView<Group> {
    return this.#view(this.#groups, '');
  }

  #view<Value>(cache: CredentialCache<Value>, prefix: string): CacheView<Value> {
    return {
      get: (key) => cache.get(this.#credentialKey, prefix + key, this.#freshness),
      set: (key, value) => cache.set(this.#credentialKey, prefix + key, { value, readAt: this.#startedAt }),
    };
  }
}
