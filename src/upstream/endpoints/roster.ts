/** The caller's list of recent conversations. */

import type { EntityKind, RosterEntry } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeCounterpart, entityKind, entityTypes } from '../wire/entity.ts';
import { decodeOrError, readString, requireArray } from '../wire/read.ts';
import { path } from './path.ts';

/** All entries, most recent first, with complete user and group objects. An entry that breaks the contract yields its error. */
export function getRoster(upstream: Upstream): Promise<(RosterEntry | GatewayError)[]> {
  return upstream.read(
    { operationId: 'getRoster', method: 'GET', path: '/v2/roster?render_metadata=true', repeatable: true },
    ({ reply }) => requireArray(reply, 'getRoster.reply').map((row) => decodeOrError(row, decodeRosterEntry)),
  );
}

/** Adds a user or distribution list to the roster without sending a message; joining a group adds the group (contract). */
export async function addRosterEntry(
  upstream: Upstream,
  entry: { readonly kind: 'USER' | 'LIST'; readonly token: string },
  { organization }: InOrganization = {},
): Promise<void> {
  await upstream.call({
    operationId: 'addRosterEntry',
    method: 'POST',
    path: '/v2/roster',
    json: { entity: entry.token, type: entityTypes[entry.kind] },
    organization,
  });
}

/** Removing a user deletes the whole conversation for the caller; removing a group leaves the group (contract). */
export async function removeRosterEntry(
  upstream: Upstream,
  entry: { readonly kind: EntityKind; readonly address: string },
  { organization }: InOrganization = {},
): Promise<void> {
  await upstream.call({
    operationId: 'removeRoster',
    method: 'DELETE',
    path: path`/v2/roster/${entry.address}`,
    headers: ['tt-x-type', entityTypes[entry.kind]],
    organization,
  });
}

/** An entry is the entity's own object plus its type (contract, RosterEntry), so the entity's check covers the entry. */
function decodeRosterEntry(row: unknown): RosterEntry {
  const kind = entityKind(readString(row, 'type'));
  if (kind === undefined) throw invalidReply('RosterEntry.type');
  const counterpart = decodeCounterpart(kind, row);
  return { counterpart, organizationKey: counterpart.organizationKey };
}
