/**
 * Announces to other replicas which callers changed something, so that they invalidate what they cache for them. The stream holds
 * keyed hashes of credentials and nothing else.
 */

import type { Credential } from '../upstream/credential.ts';
import { atMost } from '../util/at-most.ts';
import type { CredentialKeys } from './credential-key.ts';
import type { RedisConnection } from './redis/connection.ts';
import { type StreamEntry, StreamReader } from './redis/stream-reader.ts';
import { atTurnEnd } from './redis/turn-end.ts';

/** Approximate number of entries in the stream. A replica that missed more invalidates its whole cache. */
const maxLength = 1_000;
/** Maximum wait of a mutation for Redis, in milliseconds. */
const maxWaitMs = 50;

export interface ChangeListener {
  /** A credential's users or groups may have changed on another replica. @param credentialKey `Credential.key`. */
  onChange(credentialKey: string): void;
  /** Changes of any credential may have been missed. */
  onMissed(): void;
}

export interface ChangesOptions {
  readonly connection: RedisConnection;
  readonly keys: CredentialKeys;
  /** `REDIS_PREFIX`. */
  readonly prefix: string;
  /** Id of this replica. */
  readonly replica: string;
}

export class Changes {
  readonly #options: ChangesOptions;
  readonly #stream: string;
  readonly #reader: StreamReader;
  readonly #listeners: ChangeListener[] = [];
  /** Keys to announce at the end of this turn of the event loop. */
  readonly #queued = new Set<string>();
  /** Keys that Redis did not accept, announced when it is back; at most as many as the stream holds. */
  readonly #unannounced = new Set<string>();

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#stream = `${options.prefix}:changes`;
    this.#reader = new StreamReader({
      connection: options.connection,
      key: this.#stream,
      begin: async (client) => {
        const [last] = await client.xrevrange(this.#stream, '+', '-', 'COUNT', 1);
        // After the id is known, so that changes in between are read as well.
        for (const listener of this.#listeners) listener.onMissed();
        return last?.[0] ?? '0-0';
      },
      onEntries: (entries, isFull) => this.#received(entries, isFull),
    });
    options.connection.onUp(() => this.#announceRest());
  }

  start(): void {
    this.#reader.start();
  }

  listen(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** Remembers a credential, so that its changes on other replicas are recognised. To be called before anything is cached for it. */
  observe(credential: Credential): void {
    this.#options.keys.of(credential);
  }

  /** Resolves once the other replicas can read that a credential made a change, or after 50 ms. */
  async announce(credential: Credential): Promise<void> {
    await atMost(this.#write(this.#options.keys.of(credential)), maxWaitMs);
  }

  /** Announces a change that an event reports. @param localKey `Credential.key`. */
  announceEvent(localKey: string): void {
    const key = this.#options.keys.fromLocalKey(localKey);
    if (key === undefined) return;
    if (this.#queued.size === 0) atTurnEnd(() => this.#flush());
    this.#queued.add(key);
  }

  close(): void {
    this.#reader.close();
  }

  #flush(): void {
    for (const key of this.#queued) void this.#write(key);
    this.#queued.clear();
  }

  /** Never rejects. Until Redis is back, caches of other replicas end by their TTL. */
  async #write(key: string): Promise<void> {
    const { connection, replica } = this.#options;
    const id = connection.isUp
      ? await connection.client
          .xadd(this.#stream, 'MAXLEN', '~', maxLength, '*', 'k', key, 'r', replica)
          .catch(() => null)
      : null;
    if (id === null) {
      if (this.#unannounced.size < maxLength) this.#unannounced.add(key);
      return;
    }
    this.#reader.expect(id);
    this.#announceRest();
  }

  #announceRest(): void {
    const keys = [...this.#unannounced];
    this.#unannounced.clear();
    for (const key of keys) void this.#write(key);
  }

  #received(entries: readonly StreamEntry[], isFull: boolean): void {
    if (isFull) for (const listener of this.#listeners) listener.onMissed();
    for (const { fields } of entries) {
      if (fields['r'] === this.#options.replica) continue;
      const localKey = this.#options.keys.toLocalKey(fields['k'] ?? '');
      if (localKey === undefined) continue;
      for (const listener of this.#listeners) listener.onChange(localKey);
    }
  }
}
