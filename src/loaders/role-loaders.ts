/**
 * Reads of roles. The metadata of their accounts are read with users, in bulk; here are the other values of a role, one call each,
 * and whole rotas.
 */
import type { User } from '../domain/domain.ts';
import type { Role } from '../domain/duty.ts';
import { GatewayError } from '../errors.ts';
import { listSavedRoles, roleLookup, searchRoles } from '../upstream/endpoints/role.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import { PerOrganization } from './per-organization.ts';
import { SingleLoader } from './single-loader.ts';

/** The upstream's default maximum of a page. */
const rotaPage = 100;
/** Maximum pages of one rota, for fields that need all roles of an organization. */
export const maxRotaPages = 10;

/** Reads of roles for one operation. */
export class RoleLoaders {
  readonly #upstream: Upstream;
  readonly #scheduler: BatchScheduler;
  readonly #whole = new PerOrganization((organization) => this.#createWhole(organization));
  readonly #saved = new PerOrganization((organization) => this.#readSaved(organization));
  readonly #rotas = new Map<string, Promise<readonly (User | GatewayError)[]>>();
  readonly #me: () => User | Promise<User>;

  constructor(upstream: Upstream, scheduler: BatchScheduler, me: () => User | Promise<User>) {
    this.#upstream = upstream;
    this.#scheduler = scheduler;
    this.#me = me;
  }

  /** Roles' own objects by token. @param organization Key of the roles' organization; default: the caller's. */
  whole(organization?: string): SingleLoader<Role | undefined> {
    return this.#whole.for(organization);
  }

  /** The caller's saved roles. */
  saved(organization?: string): Promise<readonly (Role | GatewayError)[]> {
    return this.#saved.for(organization);
  }

  /** All roles of an organization as accounts; beyond 1,000, an error stands for the others. */
  rota(organization: string): Promise<readonly (User | GatewayError)[]> {
    let rota = this.#rotas.get(organization);
    if (rota === undefined) {
      rota = this.#scheduler.track(0, this.#readRota(organization));
      this.#rotas.set(organization, rota);
    }
    return rota;
  }

  /** Discards all roles, after a change to one. */
  clear(): void {
    this.#whole.clear();
    this.#saved.clear();
    this.#rotas.clear();
  }

  #createWhole(organization: string | undefined): SingleLoader<Role | undefined> {
    return new SingleLoader<Role | undefined>(this.#scheduler, 0, (token, completion) =>
      this.#upstream.findInto(roleLookup(token, { organization }), completion),
    );
  }

  async #readSaved(organization: string | undefined): Promise<readonly (Role | GatewayError)[]> {
    const { token } = await this.#me();
    return this.#scheduler.track(0, listSavedRoles(this.#upstream, token, { organization }));
  }

  async #readRota(organization: string): Promise<readonly (User | GatewayError)[]> {
    const roles: (User | GatewayError)[] = [];
    let continuation: string | undefined;
    for (let page = 0; page < maxRotaPages; page++) {
      const { items, continuation: next } = await searchRoles(this.#upstream, {
        organization,
        tags: [],
        continuation,
        pageSize: rotaPage,
      });
      roles.push(...items);
      if (next === undefined) return roles;
      continuation = next;
    }
    const message = `The organization has more than ${maxRotaPages} pages of roles; the others were not read.`;
    roles.push(new GatewayError('OPERATION_TOO_COMPLEX', { message }));
    return roles;
  }
}
