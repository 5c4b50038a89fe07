/** What resolvers get: small, and the same whatever the transport. */

import type { EventHub } from './events/hub.ts';
import type { BulkSupport } from './loaders/batch-loader.ts';
import type { EntityCache, Freshness, OperationCache } from './loaders/entity-cache.ts';
import { Loaders } from './loaders/loaders.ts';
import type { Log } from './log.ts';
import { requireCredential } from './server/caller.ts';
import type { Credential } from './upstream/credential.ts';
import type { Caller, Upstream, UpstreamClient } from './upstream/upstream.ts';

/** Parts that live as long as the gateway. */
export interface GatewayServices {
  readonly upstream: UpstreamClient;
  readonly hub: EventHub;
  readonly bulkSupport: BulkSupport;
  readonly entityCache: EntityCache;
  readonly log: Log;
  /** The product key `signIn` sends with user id and password, if the upstream wants one. */
  readonly productKey: string | undefined;
  /** Milliseconds one operation, or the reads for one event, may take. */
  readonly operationTimeoutMs: number;
  /** Characters of the longest event frame that is read. */
  readonly maxEventLength: number;
}

/** One operation's, or one subscription event's, view of the gateway. */
export class GatewayContext {
  readonly services: GatewayServices;
  readonly caller: Caller;
  readonly #freshness: Freshness | undefined;
  #upstream: Upstream | undefined;
  #loaders: Loaders | undefined;

  /** @param freshness Of a query: it may be answered with what is kept. Undefined for what has to read everything itself. */
  constructor(services: GatewayServices, caller: Caller, freshness?: Freshness) {
    this.services = services;
    this.caller = caller;
    this.#freshness = freshness;
  }

  /** Upstream calls made for this caller. */
  get upstream(): Upstream {
    this.#upstream ??= this.services.upstream.for(this.caller);
    return this.#upstream;
  }

  get loaders(): Loaders {
    this.#loaders ??= new Loaders(this.upstream, this.services.bulkSupport, this.#operationCache());
    return this.#loaders;
  }

  /** Upstream calls that go by no credential of the caller: for signing in, which is about the person its input names. */
  get signInUpstream(): Upstream {
    return this.services.upstream.for({ ...this.caller, credential: undefined });
  }

  /** The caller's credential. @throws GatewayError `UNAUTHENTICATED` when there is none. */
  get credential(): Credential {
    return requireCredential(this.caller);
  }

  /**
   * The same caller with nothing read yet: what one event of a subscription is resolved with. Without the client's departure,
   * because others of the same credential may wait for the result; it ends with its own deadline.
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
