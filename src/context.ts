/** The context value of resolvers; the same for every transport. */

import { noCredential } from './errors.ts';
import type { EventHub } from './events/hub.ts';
import type { BulkSupport } from './loaders/batch-loader.ts';
import type { ConversationMemory } from './loaders/conversation-memory.ts';
import type { Freshness } from './loaders/credential-cache.ts';
import type { EntityCache, OperationCache } from './loaders/entity-cache.ts';
import { Loaders } from './loaders/loaders.ts';
import type { AuditTrail } from './observability/audit.ts';
import type { Log } from './observability/log.ts';
import type { Credential } from './upstream/credential.ts';
import type { Caller, Upstream, UpstreamClient } from './upstream/upstream.ts';

/** Services that live as long as the gateway process. */
export interface GatewayServices {
  readonly upstream: UpstreamClient;
  readonly hub: EventHub;
  readonly bulkSupport: BulkSupport;
  readonly entityCache: EntityCache;
  readonly conversationMemory: ConversationMemory;
  readonly log: Log;
  /** Undefined when AUDIT_LOG is unset. */
  readonly audit: AuditTrail | undefined;
  /** Maximum wait of a finished mutation for its caller's account id, which its audit line contains, and pause between attempts. */
  readonly auditAccount: { readonly waitMs: number; readonly retryMs: number };
  /** The product key that `signIn` sends with user id and password; undefined if the upstream needs none. */
  readonly productKey: string | undefined;
  /** Maximum duration of one operation, or of the reads for one event, in milliseconds. */
  readonly operationTimeoutMs: number;
  /** Maximum length of an event frame, in characters. */
  readonly maxEventLength: number;
}

/** The state of one operation, or of one subscription event: its caller, its upstream client and its loaders. */
export class GatewayContext {
  readonly services: GatewayServices;
  readonly caller: Caller;
  readonly #freshness: Freshness | undefined;
  #upstream: Upstream | undefined;
  #loaders: Loaders | undefined;

  /** @param freshness Set for queries, which may read from the entity cache; undefined for operations that bypass the cache. */
  constructor(services: GatewayServices, caller: Caller, freshness?: Freshness) {
    this.services = services;
    this.caller = caller;
    this.#freshness = freshness;
  }

  /** Upstream client that sends the caller's credential. */
  get upstream(): Upstream {
    this.#upstream ??= this.services.upstream.for(this.caller);
    return this.#upstream;
  }

  get loaders(): Loaders {
    this.#loaders ??= new Loaders(
      this.upstream,
      this.services.bulkSupport,
      this.services.conversationMemory.for(this.caller.credential),
      this.#operationCache(),
    );
    return this.#loaders;
  }

  /** Upstream client without the caller's credential, for `signIn`: the credential of a sign-in is in its input. */
  get signInUpstream(): Upstream {
    return this.services.upstream.for({ ...this.caller, credential: undefined });
  }

  /** The caller's credential. @throws GatewayError `UNAUTHENTICATED` if it is missing or malformed. */
  get credential(): Credential {
    return requireCredential(this.caller);
  }

  /**
   * A context for one event of a subscription: the same caller, empty loaders and a deadline of its own. It has no
   * cancellation signal, because other subscribers of the same credential may share the result.
   */
  forEvent(): GatewayContext {
    const now = performance.now();
    const deadlineAt = now + this.services.operationTimeoutMs;
    return new GatewayContext(
      this.services,
      { ...this.caller, cancellation: undefined, deadlineAt },
      { oldestReadAt: now },
    );
  }

  #operationCache(): OperationCache | undefined {
    const { credential } = this.caller;
    if (credential === undefined || this.#freshness === undefined) return undefined;
    return this.services.entityCache.for(credential.key, this.#freshness);
  }
}

/**
 * The credential of a caller.
 * @throws GatewayError `UNAUTHENTICATED` if it is malformed or missing, with a different message for each.
 */
export function requireCredential({ credential, credentialError }: Caller): Credential {
  if (credential === undefined) throw credentialError ?? noCredential();
  return credential;
}
