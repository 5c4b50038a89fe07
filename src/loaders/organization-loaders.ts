/** Reads of organizations in one operation, and of the caller's rights in them. */
import type { Organization, User } from '../domain/domain.ts';
import type { GatewayError } from '../errors.ts';
import {
  listOrganizationRoles,
  listOrganizations,
  type OrganizationRoles,
} from '../upstream/endpoints/organization.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import { fromPromise } from './keyed-loader.ts';
import type { PromiseOrValue } from './promise-or-value.ts';
import { SingleLoader } from './single-loader.ts';

export class OrganizationLoaders {
  readonly #upstream: Upstream;
  readonly #scheduler: BatchScheduler;
  readonly #me: () => PromiseOrValue<User>;
  /** User address → organizations of the account. */
  readonly ofUser: SingleLoader<readonly (Organization | GatewayError)[]>;
  #roles: Promise<readonly OrganizationRoles[]> | undefined;

  constructor(upstream: Upstream, scheduler: BatchScheduler, me: () => PromiseOrValue<User>) {
    this.#upstream = upstream;
    this.#scheduler = scheduler;
    this.#me = me;
    const read = (address: string) => listOrganizations(upstream, address);
    this.ofUser = new SingleLoader<readonly (Organization | GatewayError)[]>(scheduler, 0, fromPromise(read));
  }

  /** One of the caller's organizations, out of the list of all; undefined when the caller is not in it. */
  async find(key: string): Promise<Organization | undefined> {
    const all = await this.ofUser.load((await this.#me()).token);
    return all.find((one): one is Organization => !(one instanceof Error) && one.key === key);
  }

  /** The caller's administrative rights in all organizations. */
  roles(): Promise<readonly OrganizationRoles[]> {
    // Any organization in the path gives the same reply (contract, listUserOrganizationRoles).
    this.#roles ??= this.#readRoles();
    return this.#roles;
  }

  async #readRoles(): Promise<readonly OrganizationRoles[]> {
    const { token } = await this.#me();
    return this.#scheduler.track(0, listOrganizationRoles(this.#upstream, token, 'placeholder'));
  }
}
