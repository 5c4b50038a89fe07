/** String maps attached to users and groups inside one organization. */

import type { Metadata } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { decodeOrError, requireArray, requireObject } from '../wire/read.ts';
import { decodeMetadata } from '../wire/user.ts';
import { path } from './path.ts';

/** @throws GatewayError `NOT_FOUND`, `FORBIDDEN`: here the contract distinguishes absence from an empty map. */
export async function getMetadata(
  upstream: Upstream,
  address: string,
  { organization }: InOrganization = {},
): Promise<Metadata> {
  const call = {
    operationId: 'getMetadata',
    method: 'GET',
    path: path`/v2/metadata/${address}`,
    organization,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeMetadata(reply));
}

/**
 * Reads several maps in one call.
 * @param tokens At most 20 (the official clients' limit for requests of metadata only). Tokens of groups are not accepted.
 * @returns Metadata by token. A map that breaks the contract yields its error; unknown accounts are absent.
 */
export async function getMetadataBulk(
  upstream: Upstream,
  tokens: readonly string[],
  { organization }: InOrganization = {},
): Promise<Map<string, Metadata | GatewayError>> {
  const call = {
    operationId: 'getEntitiesBulk',
    method: 'POST',
    path: '/v2/entities_bulk',
    json: { users: [], metadata: tokens },
    organization,
    repeatable: true,
    batchSize: tokens.length,
  } as const;
  return upstream.read(call, ({ reply }) => decodeMaps(reply));
}

/** Replaces the whole map. */
export async function setMetadata(
  upstream: Upstream,
  address: string,
  metadata: Metadata,
  { organization }: InOrganization = {},
): Promise<void> {
  await upstream.call({
    operationId: 'addMetadata',
    method: 'POST',
    path: path`/v2/metadata/${address}`,
    json: metadata,
    organization,
  });
}

/** Removes all entries; an empty map is accepted. */
export async function clearMetadata(
  upstream: Upstream,
  address: string,
  { organization }: InOrganization = {},
): Promise<void> {
  await upstream.call({
    operationId: 'deleteMetadata',
    method: 'DELETE',
    path: path`/v2/metadata/${address}`,
    organization,
  });
}

/** Decodes a list of objects whose only key is a token; null marks an unknown account (contract, getEntitiesBulk). */
function decodeMaps(reply: unknown): Map<string, Metadata | GatewayError> {
  const maps = new Map<string, Metadata | GatewayError>();
  const field = 'getEntitiesBulk.metadata';
  for (const row of requireArray(requireObject(reply, field).metadata, field)) {
    for (const [token, value] of Object.entries(requireObject(row, field))) {
      if (value !== null) maps.set(token, decodeOrError(value, decodeMetadata));
    }
  }
  return maps;
}
