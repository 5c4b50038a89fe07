/**
 * The version of the API that the upstream offers to a credential. v5 has conversations with history and counts; only the reply to
 * a call shows whether a credential may use it.
 */
import { LRUCache } from 'lru-cache';
import type { Credential } from './credential.ts';
import { upstreamStatus } from './transport/failure.ts';

export type ApiVersion = 'v2' | 'v5';

export interface ApiVersionOptions {
  /** `auto`: detected per credential. `v5`: v5 until the upstream refuses it. `v2`: always v2. */
  readonly api: 'auto' | ApiVersion;
  /** Milliseconds from a refusal of v5 to the next attempt with it, per credential. */
  readonly retryMs: number;
  /** Maximum credentials remembered; the version of an evicted one is detected again. */
  readonly maxEntries: number;
}

/** The version that the upstream offers to each credential, as far as it is known. */
export class ApiVersions {
  readonly #api: ApiVersionOptions['api'];
  readonly #retryMs: number;
  readonly #known: LRUCache<string, ApiVersion>;
  /** Credentials whose v5 event stream was refused; their other calls may use v5. */
  readonly #refusedStreams: LRUCache<string, true>;

  constructor({ api, retryMs, maxEntries }: ApiVersionOptions) {
    this.#api = api;
    this.#retryMs = retryMs;
    // Bounded by size: with `max`, the library allocates all entries at once.
    this.#known = new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 });
    this.#refusedStreams = new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 });
  }

  /** The detected version; undefined before the first reply that shows it. */
  of({ key }: Pick<Credential, 'key'>): ApiVersion | undefined {
    if (this.#api === 'v2') return 'v2';
    return this.#known.get(key) ?? (this.#api === 'v5' ? 'v5' : undefined);
  }

  /**
   * The version of the event stream. A v5 replay has one change per conversation in place of its unacknowledged messages, so v5 is used
   * only when `api` is `v5`; `auto` opens a v2 stream, whose replays have all events.
   */
  streamOf(credential: Pick<Credential, 'key'>): ApiVersion {
    const isRefused = this.of(credential) !== 'v5' || this.#refusedStreams.has(credential.key);
    return this.#api === 'v5' && !isRefused ? 'v5' : 'v2';
  }

  /** Records that the upstream refused a v5 event stream; after `retryMs` the stream is opened as v5 again. */
  streamRefused({ key }: Pick<Credential, 'key'>): void {
    this.#refusedStreams.set(key, true, { ttl: this.#retryMs });
  }

  /** Whether sign-in requests v5: the reply decides the kind of event stream for the life of the key pair. */
  get wantsCondensedReplays(): boolean {
    return this.#api === 'v5';
  }

  /** The upstream answered a v5 call of the credential. */
  offered({ key }: Pick<Credential, 'key'>): void {
    if (this.#known.get(key) !== 'v5') this.#known.set(key, 'v5');
  }

  /** The upstream refused v5 to the credential; it is tried again later. */
  refused({ key }: Pick<Credential, 'key'>): void {
    this.#known.set(key, 'v2', { ttl: this.#retryMs });
  }

  /** The credential is new, as after signing in: what is cached for it no longer holds. */
  forget({ key }: Pick<Credential, 'key'>): void {
    this.#known.delete(key);
    this.#refusedStreams.delete(key);
  }
}

/**
 * Statuses of an upstream without v5, or one that does not offer it to the credential: for a call that names nothing that may be
 * absent. A failing upstream has others.
 */
const refusals: ReadonlySet<number | undefined> = new Set([401, 403, 404, 405, 410, 501]);

/** Whether a status means that v5 is not offered, or not to the credential. */
export function isVersionStatus(status: number | undefined): boolean {
  return refusals.has(status);
}

/** Whether an error of a call that names nothing absent, such as `listConversations`, means that v5 is not offered. */
export function isVersionRefused(error: unknown): boolean {
  return refusals.has(upstreamStatus(error));
}
