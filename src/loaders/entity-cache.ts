/**
 * Users and groups that were read a moment ago, kept for the credential they were read with: the sender of each message in a
 * burst, a person that five parts of a page ask for one after the other.
 *
 * Promises: nothing is found with another credential; nothing is found that was asked for longer ago than `keepMs`, or before
 * a change the credential made, or before an event it was told that may be about users or groups; nothing stays in memory
 * longer than twice `keepMs`. Messages are never kept.
 */
import type { Group, User } from '../domain.ts';
import type { GatewayEvent, GatewayEventType } from '../gateway-event.ts';

/** How old an answer may be: nothing that went into it was read before. */
export interface Freshness {
  /** `performance.now()`, milliseconds. */
  readSince: number;
}

/** What is kept of one kind of thing, as one operation sees it. */
export interface Kept<Value> {
  find(key: string): Value | undefined;
  /** For what this operation read. */
  keep(key: string, value: Value): void;
}

export interface KeepingBounds {
  /** Milliseconds; 0 keeps nothing. */
  readonly keepMs: number;
  /** Of all credentials together; one more is not kept. */
  readonly maxEntries: number;
}

/**
 * An operation that reads more than this many of a kind reads a list, which is seldom asked for again within the second: to
 * keep it would cost more than it saves.
 */
const mostOfOneOperation = 20;

/** Whether an operation that reads so many of a kind has them kept. */
export function isWorthKeeping(reads: number): boolean {
  return reads <= mostOfOneOperation;
}

/** Events that leave users and groups as they were; any other may be about one. */
const leaveEntities: ReadonlySet<GatewayEventType> = new Set<GatewayEventType>([
  'MESSAGE_RECEIVED',
  'MESSAGE_STATUS_CHANGED',
  'MESSAGE_RECALLED',
  'MESSAGE_DATA_CHANGED',
  'TYPING_CHANGED',
  'PRESENCE_CHANGED',
]);

export function mayChangeEntities({ type }: GatewayEvent): boolean {
  return !leaveEntities.has(type);
}

interface Entry<Value> {
  readonly value: Value;
  readonly readSince: number;
}

/** What is kept of one kind of thing, by credential and key. */
class Shelves<Value> {
  readonly #bounds: KeepingBounds;
  readonly #shelves = new Map<string, Map<string, Entry<Value>>>();
  /** When a credential's were last forgotten: what was being read then is not kept. */
  readonly #forgottenAt = new Map<string, number>();
  #sweeper: NodeJS.Timeout | undefined;
  size = 0;
  found = 0;

  constructor(bounds: KeepingBounds) {
    this.#bounds = bounds;
  }

  find(credentialKey: string, key: string, freshness: Freshness): Value | undefined {
    const entry = this.#shelves.get(credentialKey)?.get(key);
    if (entry === undefined || this.#isOld(entry.readSince, performance.now())) return undefined;
    freshness.readSince = Math.min(freshness.readSince, entry.readSince);
    this.found += 1;
    return entry.value;
  }

  keep(credentialKey: string, key: string, entry: Entry<Value>): void {
    const forgottenAt = this.#forgottenAt.get(credentialKey);
    if (forgottenAt !== undefined && forgottenAt >= entry.readSince) return;
    if (this.#isOld(entry.readSince, performance.now())) return;
    let shelf = this.#shelves.get(credentialKey);
    if (shelf?.has(key) !== true) {
      if (this.size >= this.#bounds.maxEntries) return;
      this.size += 1;
    }
    if (shelf === undefined) {
      shelf = new Map();
      this.#shelves.set(credentialKey, shelf);
    }
    shelf.set(key, entry);
    this.#sweepLater();
  }

  forget(credentialKey: string): void {
    this.size -= this.#shelves.get(credentialKey)?.size ?? 0;
    this.#shelves.delete(credentialKey);
    this.#forgottenAt.set(credentialKey, performance.now());
    this.#sweepLater();
  }

  close(): void {
    clearTimeout(this.#sweeper);
    this.#shelves.clear();
    this.size = 0;
  }

  #isOld(readSince: number, now: number): boolean {
    return now - readSince > this.#bounds.keepMs;
  }

  #sweepLater(): void {
    this.#sweeper ??= setTimeout(() => this.#sweep(), this.#bounds.keepMs).unref();
  }

  #sweep(): void {
    this.#sweeper = undefined;
    const now = performance.now();
    for (const [credentialKey, shelf] of this.#shelves) {
      for (const [key, { readSince }] of shelf) {
        if (!this.#isOld(readSince, now)) continue;
        shelf.delete(key);
        this.size -= 1;
      }
      if (shelf.size === 0) this.#shelves.delete(credentialKey);
    }
    // An operation that began before is by now too old for anything it reads to be kept.
    for (const [credentialKey, at] of this.#forgottenAt) {
      if (this.#isOld(at, now)) this.#forgottenAt.delete(credentialKey);
    }
    if (this.#shelves.size + this.#forgottenAt.size > 0) this.#sweepLater();
  }
}

export class KeptEntities {
  readonly #isOn: boolean;
  readonly #users: Shelves<User>;
  readonly #groups: Shelves<Group>;

  constructor(bounds: KeepingBounds) {
    this.#isOn = bounds.keepMs > 0;
    this.#users = new Shelves(bounds);
    this.#groups = new Shelves(bounds);
  }

  /** Users and groups kept at the moment. */
  get size(): number {
    return this.#users.size + this.#groups.size;
  }

  /** Reads answered from here so far. */
  get found(): number {
    return this.#users.found + this.#groups.found;
  }

  /**
   * @param freshness Of the operation: what it reads is kept as of then, and it moves back to the oldest it finds.
   * @returns Undefined when nothing is kept at all.
   */
  for(credentialKey: string, freshness: Freshness): KeptForOperation | undefined {
    return this.#isOn ? new KeptForOperation(this.#users, this.#groups, credentialKey, freshness) : undefined;
  }

  /** Something changed, or may have: what this credential read before is not found any more. */
  forget(credentialKey: string): void {
    if (!this.#isOn) return;
    this.#users.forget(credentialKey);
    this.#groups.forget(credentialKey);
  }

  close(): void {
    this.#users.close();
    this.#groups.close();
  }
}

/** What is kept, as one operation sees it. */
export class KeptForOperation {
  readonly #users: Shelves<User>;
  readonly #groups: Shelves<Group>;
  readonly #credentialKey: string;
  readonly #freshness: Freshness;
  readonly #startedAt: number;

  constructor(users: Shelves<User>, groups: Shelves<Group>, credentialKey: string, freshness: Freshness) {
    this.#users = users;
    this.#groups = groups;
    this.#credentialKey = credentialKey;
    this.#freshness = freshness;
    this.#startedAt = freshness.readSince;
  }

  /** Users by address, each organization's apart. */
  users(organization: string | undefined): Kept<User> {
    return this.#of(this.#users, `user ${organization ?? ''}\n`);
  }

  /** The caller's own account by organization; apart from the users, as an address may be any text. */
  me(): Kept<User> {
    return this.#of(this.#users, 'me ');
  }

  /** Groups by token. */
  groups(): Kept<Group> {
    return this.#of(this.#groups, '');
  }

  #of<Value>(shelves: Shelves<Value>, prefix: string): Kept<Value> {
    return {
      find: (key) => shelves.find(this.#credentialKey, prefix + key, this.#freshness),
      keep: (key, value) => shelves.keep(this.#credentialKey, prefix + key, { value, readSince: this.#startedAt }),
    };
  }
}
