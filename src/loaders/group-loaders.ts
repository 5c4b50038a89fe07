/** Reads of groups and distribution lists in one operation, and of their members. Each loader is created on first use. */
import type { DistributionList, Group } from '../domain/domain.ts';
import { GatewayError } from '../errors.ts';
import { getDistributionList, listDistributionListMembers } from '../upstream/endpoints/distribution-list.ts';
import { groupLookup, listGroupMembers } from '../upstream/endpoints/group.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import type { OperationCache } from './entity-cache.ts';
import { fromPromise } from './keyed-loader.ts';
import { SingleLoader } from './single-loader.ts';

export class GroupLoaders {
  readonly #upstream: Upstream;
  readonly #scheduler: BatchScheduler;
  readonly #cache: OperationCache | undefined;
  #groups: SingleLoader<Group | undefined> | undefined;
  #lists: SingleLoader<DistributionList | undefined> | undefined;
  #groupMembers: SingleLoader<readonly string[] | undefined> | undefined;
  #listMembers: SingleLoader<readonly string[]> | undefined;

  constructor(upstream: Upstream, scheduler: BatchScheduler, cache: OperationCache | undefined) {
    this.#upstream = upstream;
    this.#scheduler = scheduler;
    this.#cache = cache;
  }

  get groups(): SingleLoader<Group | undefined> {
    this.#groups ??= new SingleLoader<Group | undefined>(
      this.#scheduler,
      0,
      (token, completion) => this.#upstream.findInto(groupLookup(token), completion),
      this.#cache?.groups(),
    );
    return this.#groups;
  }

  get lists(): SingleLoader<DistributionList | undefined> {
    this.#lists ??= this.#singleLoader((token) => getDistributionList(this.#upstream, token));
    return this.#lists;
  }

  /** Group token → member tokens, for groups whose object does not carry them. */
  get groupMembers(): SingleLoader<readonly string[] | undefined> {
    this.#groupMembers ??= this.#singleLoader<readonly string[] | undefined>((token) =>
      listGroupMembers(this.#upstream, token),
    );
    return this.#groupMembers;
  }

  /** List token → member tokens of all pages. */
  get listMembers(): SingleLoader<readonly string[]> {
    this.#listMembers ??= this.#singleLoader<readonly string[]>((token) => listAllMembers(this.#upstream, token));
    return this.#listMembers;
  }

  /** Discards a group and its members, after a change to the group. */
  clear(token: string): void {
    this.groups.clear(token);
    this.groupMembers.clear(token);
  }

  #singleLoader<Value>(read: (key: string) => Promise<Value>): SingleLoader<Value> {
    return new SingleLoader(this.#scheduler, 0, fromPromise(read));
  }
}

/** Maximum pages read of a distribution list: bounds the reads when the upstream never ends the list. */
const maxListPages = 100;

/**
 * Tokens of the members of a distribution list, from all its pages. One that moves to a later page in between is still one member.
 * @throws GatewayError `OPERATION_TOO_COMPLEX` for a list of more pages: its first members alone would look like all of them.
 */
async function listAllMembers(upstream: Upstream, token: string): Promise<string[]> {
  const tokens = new Set<string>();
  let continuation: string | undefined;
  for (let page = 0; page < maxListPages; page++) {
    const { items, continuation: next } = await listDistributionListMembers(upstream, token, { continuation });
    for (const user of items) tokens.add(user.token);
    if (next === undefined) return [...tokens];
    continuation = next;
  }
  throw new GatewayError('OPERATION_TOO_COMPLEX', {
    message: `The members of the distribution list take more than ${maxListPages} pages of the upstream.`,
  });
}
