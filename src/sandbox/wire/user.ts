import type { components } from '../../generated/contract.ts';
import type { VisibleAccount } from '../state/account.ts';
import type { World } from '../state/world.ts';
import type { Account, Membership } from '../state/world-types.ts';

type User = components['schemas']['User'];

/** @param withMetadata Whether the caller requested the map (`render_metadata`). */
export function userWire(world: World, { account, membership }: VisibleAccount, withMetadata: boolean): User {
  const forwardTo = membership.autoForwardTo === null ? undefined : world.accounts.get(membership.autoForwardTo);
  return {
    token: account.token,
    display_name: account.displayName,
    first_name: account.firstName,
    last_name: account.lastName,
    username: account.username,
    status: account.status,
    title: membership.title,
    department: membership.department,
    avatar: avatarUrl(world, account.avatar),
    dnd: membership.dnd,
    dnd_text: membership.dndText,
    dnd_auto_forward_receiver: membership.autoForwardTo,
    dnd_auto_forward_receivers:
      forwardTo === undefined ? [] : [{ token: forwardTo.token, display_name: forwardTo.displayName }],
    emails: account.emails.map((address) => ({ address, verified: account.kind !== 'outside' })),
    phones: account.phones.map((number) => ({ number, verified: account.kind !== 'outside' })),
    organization_key: membership.organization,
    ...(withMetadata ? { metadata: membership.metadata } : {}),
  };
}

/** The caller's own account, with its default organization and personal defaults. */
export function meWire(world: World, account: Account, membership: Membership, withMetadata: boolean): User {
  const organization = world.organizations.get(account.defaultOrganization);
  return {
    ...userWire(world, { account, membership }, withMetadata),
    organization_token: account.defaultOrganization,
    unique_id: account.username,
    time_to_live: organization?.ttl ?? -1,
    delete_on_read: organization?.deleteOnRead ?? false,
    push_sound: 'default',
    blocked_personal: [],
    disabled_capabilities: [],
  };
}

/** Pictures are stored as paths, because the origin is known only when the server listens. */
export function avatarUrl(world: World, path: string | null): string | null {
  return path === null ? null : new URL(path, world.origin).href;
}
