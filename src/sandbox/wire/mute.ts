import type { components } from '../../generated/contract.ts';
import type { Mute } from '../state/world-types.ts';

/** An organization has a key and no token, so a muted organization has no `sender_token`. */
export function muteWire(mute: Mute): components['schemas']['Mute'] {
  return {
    sender_type: mute.kind,
    ...(mute.kind === 'organization' ? {} : { sender_token: mute.token }),
    ...(mute.senderOrganization === undefined ? {} : { sender_organization: mute.senderOrganization }),
    organization_id: mute.organization,
    mute_start: mute.start,
    mute_duration: mute.minutes,
  };
}
