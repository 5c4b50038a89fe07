/** Reads of metadata in one operation, by organization. */
import type { Metadata } from '../domain/domain.ts';
import { getMetadata, getMetadataBulk } from '../upstream/endpoints/metadata.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { BatchLoader, type BulkSupport } from './batch-loader.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import { fromPromise } from './keyed-loader.ts';
import { PerOrganization } from './per-organization.ts';
import { SingleLoader } from './single-loader.ts';
import { isToken } from './user-loaders.ts';

export class MetadataLoaders {
  readonly #upstream: Upstream;
  readonly #support: BulkSupport;
  readonly #scheduler: BatchScheduler;
  readonly #ofUsers = new PerOrganization((organization) => this.#createUserLoader(organization));
  readonly #ofGroups = new PerOrganization((organization) => this.#createGroupLoader(organization));

  constructor(upstream: Upstream, support: BulkSupport, scheduler: BatchScheduler) {
    this.#upstream = upstream;
    this.#support = support;
    this.#scheduler = scheduler;
  }

  /** Metadata by user address. */
  ofUsers(organization: string | undefined): BatchLoader<Metadata> {
    return this.#ofUsers.for(organization);
  }

  /** Metadata by group token; the bulk endpoint does not accept groups (contract, getEntitiesBulk). */
  ofGroups(organization: string | undefined): SingleLoader<Metadata> {
    return this.#ofGroups.for(organization);
  }

  #createUserLoader(organization: string | undefined): BatchLoader<Metadata> {
    const options = { organization };
    return new BatchLoader({
      scheduler: this.#scheduler,
      phase: 2,
      support: this.#support,
      supportKey: 'metadata',
      loadBatch: (tokens) => getMetadataBulk(this.#upstream, tokens, options),
      loadOne: fromPromise((address) => getMetadata(this.#upstream, address, options)),
      accepts: isToken,
    });
  }

  #createGroupLoader(organization: string | undefined): SingleLoader<Metadata> {
    const read = (address: string) => getMetadata(this.#upstream, address, { organization });
    return new SingleLoader(this.#scheduler, 0, fromPromise(read));
  }
}
