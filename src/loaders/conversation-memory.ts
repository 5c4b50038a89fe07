/**
 * Cached facts about conversations per credential, so that opening one costs one call: the upstream's ids, the credential's own
 * account, and the API version. Ids only, never content; in memory and bounded.
 */
import { LRUCache } from 'lru-cache';
import type { ConversationKey } from '../domain/domain.ts';
import type { ApiVersion, ApiVersions } from '../upstream/api-version.ts';
import type { Credential } from '../upstream/credential.ts';

/** A conversation's identity and the upstream's id of it. */
interface KnownConversation {
  readonly key: ConversationKey;
  readonly id: string;
}

export interface ConversationMemoryOptions {
  readonly versions: ApiVersions;
  /** Maximum conversations, and maximum accounts, over all credentials; an evicted one is read again. */
  readonly maxEntries: number;
}

/** Cached facts about conversations of all credentials. */
export class ConversationMemory {
  readonly versions: ApiVersions;
  readonly #byKey: LRUCache<string, KnownConversation>;
  /** The same entries by the upstream's id. */
  readonly #byId: LRUCache<string, KnownConversation>;
  readonly #accounts: LRUCache<string, string>;
  /** Credentials whose account could not be read, until it may be tried again. */
  readonly #unreadable: LRUCache<string, true>;

  constructor({ versions, maxEntries }: ConversationMemoryOptions) {
    this.versions = versions;
    // Bounded by size: with `max`, the library allocates all entries at once.
    const bound = { maxSize: maxEntries, sizeCalculation: () => 1 };
    this.#byKey = new LRUCache(bound);
    this.#byId = new LRUCache(bound);
    this.#accounts = new LRUCache(bound);
    this.#unreadable = new LRUCache({ ...bound, ttl: 1 });
  }

  /** @param credential Undefined for a caller without one, whose calls all fail: nothing is cached. */
  for(credential: Credential | undefined): CallerMemory {
    return new CallerMemory(this, credential);
  }

  find(credentialKey: string, key: ConversationKey): KnownConversation | undefined {
    return this.#byKey.get(`${credentialKey}\n${conversationText(key)}`);
  }

  findById(credentialKey: string, id: string): ConversationKey | undefined {
    return this.#byId.get(`${credentialKey}\n${id}`)?.key;
  }

  add(credentialKey: string, known: KnownConversation): void {
    const name = `${credentialKey}\n${conversationText(known.key)}`;
    const before = this.#byKey.get(name);
    if (before?.id === known.id && (before.key.kind !== undefined || known.key.kind === undefined)) return;
    this.#byKey.set(name, known);
    this.#byId.set(`${credentialKey}\n${known.id}`, known);
  }

  account(credentialKey: string): string | undefined {
    return this.#accounts.get(credentialKey);
  }

  addAccount(credentialKey: string, token: string): void {
    this.#accounts.set(credentialKey, token);
    this.#unreadable.delete(credentialKey);
  }

  isUnreadable(credentialKey: string): boolean {
    return this.#unreadable.get(credentialKey) === true;
  }

  addUnreadable(credentialKey: string, ttl: number): void {
    if (ttl > 0) this.#unreadable.set(credentialKey, true, { ttl });
  }
}

/** Cached facts of one credential. */
export class CallerMemory {
  readonly #memory: ConversationMemory;
  readonly #credential: Credential | undefined;

  constructor(memory: ConversationMemory, credential: Credential | undefined) {
    this.#memory = memory;
    this.#credential = credential;
  }

  /** Undefined until detected. */
  get version(): ApiVersion | undefined {
    return this.#credential === undefined ? 'v2' : this.#memory.versions.of(this.#credential);
  }

  versionOffered(): void {
    if (this.#credential !== undefined) this.#memory.versions.offered(this.#credential);
  }

  versionRefused(): void {
    if (this.#credential !== undefined) this.#memory.versions.refused(this.#credential);
  }

  /** The upstream's id of a conversation. */
  idOf(key: ConversationKey): string | undefined {
    return this.#credential && this.#memory.find(this.#credential.key, key)?.id;
  }

  /** Kind of the counterpart of a conversation. */
  kindOf(key: ConversationKey): ConversationKey['kind'] {
    return key.kind ?? (this.#credential && this.#memory.find(this.#credential.key, key)?.key.kind);
  }

  /** The conversation with an upstream id. */
  keyOf(id: string): ConversationKey | undefined {
    return this.#credential && this.#memory.findById(this.#credential.key, id);
  }

  remember(key: ConversationKey, id: string): void {
    if (this.#credential !== undefined) this.#memory.add(this.#credential.key, { key, id });
  }

  /** Token of the credential's own account. */
  get account(): string | undefined {
    return this.#credential && this.#memory.account(this.#credential.key);
  }

  /** Whether the account could not be read a moment ago. */
  get isAccountUnreadable(): boolean {
    return this.#credential !== undefined && this.#memory.isUnreadable(this.#credential.key);
  }

  /** @param retryMs Time until it may be tried again. */
  accountUnreadable(retryMs: number): void {
    if (this.#credential !== undefined) this.#memory.addUnreadable(this.#credential.key, retryMs);
  }

  set account(token: string) {
    if (this.#credential !== undefined) this.#memory.addAccount(this.#credential.key, token);
  }
}

/** One text per conversation: an organization's key has no line break. */
export function conversationText({ organization, counterpart }: ConversationKey): string {
  return `${counterpart}\n${organization}`;
}
