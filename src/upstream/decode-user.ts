/** Accounts on the wire. */
import type { EmailAddress, Metadata, PhoneNumber, User } from '../domain.ts';
import { conforming } from './contract-check.ts';

/**
 * Decodes the contract's User. Fields that were left out are undefined, so a partial object decodes too.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeUser(value: unknown): User {
  const wire = conforming('User', value);
  return {
    kind: 'USER',
    token: wire.token,
    displayName: wire.display_name,
    firstName: wire.first_name,
    lastName: wire.last_name,
    username: wire.username,
    statusText: wire.status,
    title: wire.title,
    department: wire.department,
    avatarUrl: wire.avatar ?? undefined,
    isDoNotDisturb: wire.dnd,
    doNotDisturbText: wire.dnd_text,
    autoForwardTo:
      forwardReceiver(wire.dnd_auto_forward_receiver) ?? forwardReceiver(wire.dnd_auto_forward_receivers?.[0]?.token),
    emails: wire.emails === undefined ? undefined : decodeEmails(wire.emails),
    phones: wire.phones === undefined ? undefined : decodePhones(wire.phones),
    organizationKey: wire.organization_key ?? wire.organization_token ?? wire.organization_id,
    metadata: wire.metadata,
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeMetadata(value: unknown): Metadata {
  return conforming('Metadata', value);
}

/** An empty string or the word undefined means none (contract, User.dnd_auto_forward_receiver). */
function forwardReceiver(token: string | null | undefined): string | undefined {
  return token === null || token === '' || token === 'undefined' ? undefined : token;
}

function decodeEmails(rows: readonly { readonly address?: string; readonly verified?: boolean }[]): EmailAddress[] {
  return rows.flatMap(({ address, verified }) => (address === undefined ? [] : [{ address, isVerified: verified }]));
}

function decodePhones(
  rows: readonly { readonly number?: string; readonly phone?: string; readonly verified?: boolean }[],
): PhoneNumber[] {
  return rows.flatMap(({ number, phone, verified }) => {
    const text = number ?? phone;
    return text === undefined ? [] : [{ number: text, isVerified: verified }];
  });
}
