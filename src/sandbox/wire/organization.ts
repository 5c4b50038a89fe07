import type { components } from '../../generated/contract.ts';
import type { Organization } from '../state/organization.ts';
import type { World } from '../state/world.ts';
import type { Membership } from '../state/world-types.ts';

type Setting = NonNullable<components['schemas']['Organization']['settings']>[number];

/** An organization with the settings of the caller's membership. */
export function organizationWire(
  world: World,
  organization: Organization,
  membership: Membership,
): components['schemas']['Organization'] {
  const setting = (name: string, value: string | number | boolean, source = 'organization') =>
    // The contract does not type `value`; the generated type is never.
    ({ name, value, source, locked: false }) as unknown as Setting;
  const members = [...world.accounts.values()].filter(({ memberships }) => memberships.has(organization.key));
  return {
    token: organization.key,
    name: organization.name,
    members: members.length,
    paid: true,
    pending: false,
    allow_public_groups: true,
    role_service: true,
    eula: true,
    allow_msg_forward: organization.allowForward,
    settings: [
      setting('ttl', organization.ttl),
      setting('dor', organization.deleteOnRead),
      setting('forward', organization.allowForward ? 1 : 0),
      setting('priority_messaging', true),
      setting('eula', true),
      setting('autologout_time', -1),
      setting('dnd_auto_forward_receiver', membership.autoForwardTo ?? '', 'user'),
    ],
  };
}
