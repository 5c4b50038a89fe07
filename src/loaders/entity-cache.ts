/**
 * Users and groups that were read a moment ago, kept for the credential they were read with: the sender of each message in a
 * burst, a person that five parts of a page ask for one after the other.
 *
 * Promises: nothing is found with another credential; nothing is found that was asked for longer ago than `ttlMs`, or before
 * a change the credential made, or before an event it was told that may be about users or groups; nothing stays in memory
 * longer than twice `ttlMs`. Messages are never kept.
 */
import type { Group, User } from '../domain.ts';
import type { GatewayEvent, GatewayEventType } from '../gateway-event.ts';

/** How old an answer may be: nothing that went into it was read before. */
export interface Freshness {
  /** `performance.now()`, milliseconds. */
  oldestReadAt: number;
}

/** What is kept of one kind of thing, as one operation sees it. */
export interface CacheView<Value> {
  get(key: string): Value | undefined;
  /** For what this operation read. */
  set(key: string, value: Value): void;
}

export interface EntityCacheOptions {
  /** Milliseconds; 0 keeps nothing. */
  readonly ttlMs: number;
  /** Of all credentials together; one more is not kept. */
  readonly maxEntries: number;
}

/**
 * An operation that reads more than this many of a kind reads a list, which is seldom asked for again within the second: to
 * keep it would cost more than it saves.
 */
const maxPerOperation = 20;

/** Whether an operation that reads so many of a kind has them kept. */
export function isCacheable(reads: number): boolean {
  return reads <= maxPerOperation;
}

/** Events that leave users and groups as they were; any other may be about one. */
const entityNeutralEvents: ReadonlySet<GatewayEventType> = new Set<GatewayEventType>([
  'MESSAGE_RECEIVED',
  'MESSAGE_STATUS_CHANGED',
  'MESSAGE_RECALLED',
  'MESSAGE_DATA_CHANGED',
  'TYPING_CHANGED',
  'PRESENCE_CHANGED',
]);

export function mayChangeEntities({ type }: GatewayEvent): boolean {
  return !entityNeutralEvents.has(type);
}

interface Entry<Value> {
  readonly value: Value;
  readonly readAt: number;
}

/** What is kept of one kind of thing, by credential and key. */
class CredentialCache<Value> {
  readonly #options: EntityCacheOptions;
  readonly #entries = new Map<string, Map<string, Entry<Value>>>();
  /** When a credential's were last forgotten: what was being read then is not kept. */
  readonly #invalidatedAt = new Map<string, number>();
  #sweeper: NodeJS.Timeout | undefined;
  size = 0;
  hits = 0;

  constructor(options: EntityCacheOptions) {
    this.#options = options;
  }

  get(credentialKey: string, key: string, freshness: Freshness): Value | undefined {
    const entry = this.#entries.get(credentialKey)?.get(key);
    if (entry === undefined || this.#isExpired(entry.readAt, performance.now())) return undefined;
    freshness.oldestReadAt = Math.min(freshness.oldestReadAt, entry.readAt);
    this.hits += 1;
    return entry.value;
  }

  set(credentialKey: string, key: string, entry: Entry<Value>): void {
    const invalidatedAt = this.#invalidatedAt.get(credentialKey);
    if (invalidatedAt !== undefined && invalidatedAt >= entry.readAt) return;
    if (this.#isExpired(entry.readAt, performance.now())) return;
    let entries = this.#entries.get(credentialKey);
    if (entries?.has(key) !== true) {
      if (this.size >= this.#options.maxEntries) return;
      this.size += 1;
    }
    if (entries === undefined) {
      entries = new Map();
      this.#entries.set(credentialKey, entries);
    }
    entries.set(key, entry);
    this.#sweepLater();
  }

  invalidate(credentialKey: string): void {
    this.size -= this.#entries.get(credentialKey)?.size ?? 0;
    this.#entries.delete(credentialKey);
    this.#invalidatedAt.set(credentialKey, performance.now());
    this.#sweepLater();
  }

  close(): void {
    clearTimeout(this.#sweeper);
    this.#entries.clear();
    this.size = 0;
  }

  #isExpired(readSince: number, now: number): boolean {
    return now - readSince > this.#options.ttlMs;
  }

  #sweepLater(): void {
    this.#sweeper ??= setTimeout(() => this.#sweep(), this.#options.ttlMs).unref();
  }

  #sweep(): void {
    this.#sweeper = undefined;
    const now = performance.now();
    for (const [credentialKey, entries] of this.#entries) {
      for (const [key, { readAt }] of entries) {
        if (!this.#isExpired(readAt, now)) continue;
        entries.delete(key);
        this.size -= 1;
      }
      if (entries.size === 0) this.#entries.delete(credentialKey);
    }
    // An operation that began before is by now too old for anything it reads to be kept.
    for (const [credentialKey, at] of this.#invalidatedAt) {
      if (this.#isExpired(at, now)) this.#invalidatedAt.delete(credentialKey);
    }
    if (this.#entries.size + this.#invalidatedAt.size > 0) this.#sweepLater();
  }
}

export class EntityCache {
  readonly #isEnabled: boolean;
  readonly #users: CredentialCache<User>;
  readonly #groups: CredentialCache<Group>;

  constructor(options: EntityCacheOptions) {
    this.#isEnabled = options.ttlMs > 0;
    this.#users = new CredentialCache(options);
    this.#groups = new CredentialCache(options);
  }

  /** Users and groups kept at the moment. */
  get size(): number {
    return this.#users.size + this.#groups.size;
  }

  /** Reads answered from here so far. */
  get hits(): number {
    return this.#users.hits + this.#groups.hits;
  }

  /**
   * @param freshness Of the operation: what it reads is kept as of then, and it moves back to the oldest it finds.
   * @returns Undefined when nothing is kept at all.
   */
  for(credentialKey: string, freshness: Freshness): OperationCache | undefined {
    return this.#isEnabled ? new OperationCache(this.#users, this.#groups, credentialKey, freshness) : undefined;
  }

  /** Something changed, or may have: what this credential read before is not found any more. */
  invalidate(credentialKey: string): void {
    if (!this.#isEnabled) return;
    this.#users.invalidate(credentialKey);
    this.#groups.invalidate(credentialKey);
  }

  close(): void {
    this.#users.close();
    this.#groups.close();
  }
}

/** What is kept, as one operation sees it. */
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

  /** Users by address, each organization's apart. */
  users(organization: string | undefined): CacheView<User> {
    return this.#view(this.#users, `user ${organization ?? ''}\n`);
  }

  /** The caller's own account by organization; apart from the users, as an address may be any text. */
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
