/** Decodes accounts. */
import type { EmailAddress, Metadata, PhoneNumber, User } from '../../domain/domain.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema } from './contract-check.ts';
import { nonEmpty } from './read.ts';
import { decodeRoleProfile, roleMetadataOf, textsOf } from './role.ts';

/**
 * Decodes the contract's User. Omitted fields are undefined, so a partial object decodes too.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeUser(value: unknown): User {
  const role = roleMetadataOf(value);
  if (role === undefined || !isRecord(value)) return decodeAccount(value);
  return { ...decodeAccount({ ...value, metadata: textsOf(role) }), role: decodeRoleProfile(role) };
}

function decodeAccount(value: unknown): User {
  const wire = assertSchema('User', value);
  return {
    kind: 'USER',
    token: wire.token,
    displayName: wire.display_name,
    firstName: wire.first_name,
    lastName: wire.last_name,
    username: wire.username,
    statusText: nonEmpty(wire.status),
    // Empty says that there is none, which an object without both does not (`loaders/seen-users.ts`).
    title: wire.title,
    department: wire.department,
    avatarUrl: nonEmpty(wire.avatar ?? undefined),
    isDoNotDisturb: wire.dnd,
    doNotDisturbText: nonEmpty(wire.dnd_text),
    autoForwardTo:
      forwardReceiver(wire.dnd_auto_forward_receiver) ?? forwardReceiver(wire.dnd_auto_forward_receivers?.[0]?.token),
    emails: wire.emails === undefined ? undefined : decodeEmails(wire.emails),
    phones: wire.phones === undefined ? undefined : decodePhones(wire.phones),
    organizationKey:
      nonEmpty(wire.organization_key) ?? nonEmpty(wire.organization_token) ?? nonEmpty(wire.organization_id),
    metadata: wire.metadata,
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeMetadata(value: unknown): Metadata {
  const isOfRole = isRecord(value) && value.feature_service === 'role';
  return assertSchema('Metadata', isOfRole ? textsOf(value) : value);
}

/** Empty text and the word `undefined` mean none (contract, User.dnd_auto_forward_receiver). */
function forwardReceiver(token: string | null | undefined): string | undefined {
  return token === null || token === '' || token === 'undefined' ? undefined : token;
}

// `every` avoids a second array in the usual case; these run for every user of a long list.

function decodeEmails(rows: readonly { readonly address?: string; readonly verified?: boolean }[]): EmailAddress[] {
  const named = rows.every(hasAddress) ? rows : rows.filter(hasAddress);
  return named.map(({ address, verified }) => ({ address, isVerified: verified }));
}

function hasAddress<Row extends { readonly address?: string }>(row: Row): row is Row & { readonly address: string } {
  return row.address !== undefined;
}

interface WirePhone {
  readonly number?: string;
  readonly phone?: string;
  readonly verified?: boolean;
}

function decodePhones(rows: readonly WirePhone[]): PhoneNumber[] {
  const named = rows.every(hasNumber) ? rows : rows.filter(hasNumber);
  return named.map(({ number, phone, verified }) => ({ number: number ?? phone ?? '', isVerified: verified }));
}

function hasNumber({ number, phone }: WirePhone): boolean {
  return (number ?? phone) !== undefined;
}
