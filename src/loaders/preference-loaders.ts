/** Reads of quick replies: the caller's once per operation, and those of each organization once. */
import { getOrganizationQuickReplies, getQuickReplies } from '../upstream/endpoints/preferences.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import { fromPromise } from './keyed-loader.ts';
import { SingleLoader } from './single-loader.ts';

export class PreferenceLoaders {
  /** Address of the caller's account → quick replies. */
  readonly own: SingleLoader<readonly string[]>;
  /** Key of an organization → quick replies. */
  readonly ofOrganization: SingleLoader<readonly string[]>;

  constructor(upstream: Upstream, scheduler: BatchScheduler) {
    this.own = new SingleLoader<readonly string[]>(
      scheduler,
      0,
      fromPromise((address) => getQuickReplies(upstream, address)),
    );
    this.ofOrganization = new SingleLoader<readonly string[]>(
      scheduler,
      0,
      fromPromise((organization) => getOrganizationQuickReplies(upstream, organization)),
    );
  }
}
