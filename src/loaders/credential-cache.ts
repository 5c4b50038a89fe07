/** Cached entities of one kind, per credential: bounded in number and age, discarded when the credential made a change. */

/** Maximum credentials whose last invalidation is remembered; beyond, that of the oldest applies to all operations that started before it. */
const maxInvalidations = 10_000;

/** Age of the data in a result: every value in it was read at `oldestReadAt` or later. */
export interface Freshness {
  /** `performance.now()`, milliseconds. */
  oldestReadAt: number;
}

export interface EntityCacheOptions {
  /** Time to live in milliseconds; 0 disables the cache. */
  readonly ttlMs: number;
  /** Maximum users, and maximum groups, over all credentials; further ones are not stored. */
  readonly maxEntries: number;
}

interface Entry<Value> {
  readonly value: Value;
  /** `performance.now()` at the start of the operation that read the value. */
  readonly readAt: number;
}

/** Cached entities of one kind, by credential and key. */
export class CredentialCache<Value> {
  readonly #options: EntityCacheOptions;
  readonly #entries = new Map<string, Map<string, Entry<Value>>>();
  /** Time of the last invalidation by credential; values of operations that started earlier are not stored. */
  readonly #invalidatedAt = new Map<string, number>();
  /** Time of the last invalidation of all credentials. */
  #allInvalidatedAt = Number.NEGATIVE_INFINITY;
  #sweeper: NodeJS.Timeout | undefined;
  size = 0;
  hits = 0;
  misses = 0;

  constructor(options: EntityCacheOptions) {
    this.#options = options;
  }

  /** Credentials whose last invalidation is remembered. */
  get invalidations(): number {
    return this.#invalidatedAt.size;
  }

  get(credentialKey: string, key: string, freshness: Freshness): Value | undefined {
    const entry = this.#entries.get(credentialKey)?.get(key);
    if (entry === undefined || this.#isExpired(entry.readAt, performance.now())) {
      this.misses += 1;
      return undefined;
    }
    freshness.oldestReadAt = Math.min(freshness.oldestReadAt, entry.readAt);
    this.hits += 1;
    return entry.value;
  }

  set(credentialKey: string, key: string, entry: Entry<Value>): void {
    const invalidatedAt = this.#invalidatedAt.get(credentialKey) ?? Number.NEGATIVE_INFINITY;
    if (Math.max(invalidatedAt, this.#allInvalidatedAt) >= entry.readAt) return;
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
    this.#scheduleSweep();
  }

  invalidate(credentialKey: string): void {
    this.size -= this.#entries.get(credentialKey)?.size ?? 0;
    this.#entries.delete(credentialKey);
    // At the end of the map, which is in order of time.
    this.#invalidatedAt.delete(credentialKey);
    this.#invalidatedAt.set(credentialKey, performance.now());
    if (this.#invalidatedAt.size > maxInvalidations) this.#dropOldestInvalidation();
    this.#scheduleSweep();
  }

  invalidateAll(): void {
    this.#entries.clear();
    this.size = 0;
    this.#allInvalidatedAt = performance.now();
  }

  close(): void {
    clearTimeout(this.#sweeper);
    this.#entries.clear();
    this.size = 0;
  }

  /** Clients can invent credentials and send mutations with them: each is an invalidation. */
  #dropOldestInvalidation(): void {
    for (const [credentialKey, at] of this.#invalidatedAt) {
      this.#invalidatedAt.delete(credentialKey);
      this.#allInvalidatedAt = Math.max(this.#allInvalidatedAt, at);
      return;
    }
  }

  #isExpired(readAt: number, now: number): boolean {
    return now - readAt > this.#options.ttlMs;
  }

  #scheduleSweep(): void {
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
    // Operations that started before such an invalidation are older than `ttlMs`, so their values are not stored anyway.
    for (const [credentialKey, at] of this.#invalidatedAt) {
      if (this.#isExpired(at, now)) this.#invalidatedAt.delete(credentialKey);
    }
    if (this.#entries.size + this.#invalidatedAt.size > 0) this.#scheduleSweep();
  }
}
