import type { Exchange } from '../exchange.ts';
import { bodyOf, isTrue, namedOrganization, pathValue, type Routes, success } from '../exchange.ts';
import { limits } from '../limits.ts';
import { badRequest, forbidden } from '../refusal.ts';
import { findAccount, requireSighting, sight } from '../state/account.ts';
import { meWire, userWire } from '../wire/user.ts';

/** @throws Refusal 403 when the caller is not in the organization named. */
export function actingOrganization(exchange: Exchange): string | undefined {
  const organization = namedOrganization(exchange);
  if (organization !== undefined && !exchange.caller.memberships.has(organization)) {
    throw forbidden('TT-X-Organization-Key: expected an organization of the caller');
  }
  return organization;
}

export function wantsMetadata(exchange: Exchange): boolean {
  return isTrue(exchange.query.get('render_metadata'));
}

/** @throws Refusal 400 for a list longer than the official clients ever send. */
export function requireAtMost(name: string, items: readonly unknown[], most: number): void {
  if (items.length > most) throw badRequest(`${name}: expected at most ${most} items`);
}

export const userRoutes: Routes = {
  getMe: (exchange) => {
    const { world, caller } = exchange;
    const organization = actingOrganization(exchange) ?? caller.defaultOrganization;
    const { account, membership } = requireSighting(world, caller, caller.token, organization);
    return success(meWire(world, account, membership, wantsMetadata(exchange)));
  },

  getUser: (exchange) => {
    const { world, caller } = exchange;
    const sighting = requireSighting(world, caller, pathValue(exchange, 'user_address'), actingOrganization(exchange));
    return success(userWire(world, sighting, wantsMetadata(exchange)));
  },

  /** Unknown tokens are left out. Takes other addresses than tokens too (NOTES.md, open question 10). */
  lookupUsersBulk: (exchange) => {
    const { world, caller } = exchange;
    const { users, render_metadata } = bodyOf(exchange, 'lookupUsersBulk');
    requireAtMost('users', users, limits.bulkUsers);
    const organization = actingOrganization(exchange);
    const withMetadata = wantsMetadata(exchange) || isTrue(render_metadata);
    const found = [...new Set(users.map((address) => findAccount(world, address)))];
    return success(
      found.flatMap((account) => {
        const sighting = account && sight(world, caller, account, organization);
        return sighting === undefined ? [] : [userWire(world, sighting, withMetadata)];
      }),
    );
  },

  /** Null for what is unknown. Lists above the official client's slices answer 400, though it names no such answer. */
  getEntitiesBulk: (exchange) => {
    const { world, caller } = exchange;
    const { users = [], metadata = [] } = bodyOf(exchange, 'getEntitiesBulk');
    requireAtMost('users', users, limits.bulkEntitiesWithUsers);
    requireAtMost('metadata', metadata, users.length > 0 ? limits.bulkEntitiesWithUsers : limits.bulkMetadata);
    const organization = actingOrganization(exchange);
    const withOwners = isTrue(exchange.query.get('render_owner_object'));
    const sightingOf = (token: string) => {
      const account = world.accounts.get(token);
      return account && sight(world, caller, account, organization);
    };
    return success({
      users: users.map((token) => {
        const sighting = sightingOf(token);
        if (sighting === undefined) return { [token]: null };
        const owners = sighting.account.owners.map(sightingOf).filter((owner) => owner !== undefined);
        const user = userWire(world, sighting, false);
        if (!withOwners || sighting.account.kind !== 'role') return { [token]: user };
        return { [token]: { ...user, owners: owners.map((owner) => userWire(world, owner, false)) } };
      }),
      metadata: metadata.map((token) => ({ [token]: metadataOf(exchange, token, organization) })),
    });
  },
};

function metadataOf({ world, caller }: Exchange, token: string, organization: string | undefined): object | null {
  const group = world.groups.get(token);
  if (group !== undefined) return group.members.has(caller.token) && !group.deleted ? group.metadata : null;
  const account = world.accounts.get(token);
  const sighting = account && sight(world, caller, account, organization);
  return sighting?.membership.metadata ?? null;
}
