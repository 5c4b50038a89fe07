/** String maps attached to users and groups inside one organization. */

import type { Metadata } from '../../domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { decodeOrError, requireArray, requireObject } from '../wire/read.ts';
import { decodeMetadata } from '../wire/user.ts';
import { path } from './path.ts';

/** @throws GatewayError `NOT_FOUND`, `FORBIDDEN`: here the contract tells absence from an empty map. */
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
 * @param tokens At most 20 (the official clients' limit when only metadata is asked for). Groups cannot be asked for.
 * @returns By token; a map that breaks the contract holds its error, an unknown account is left out.
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

/** Clearing an empty map is no error. */
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

/** Single-key objects, each keyed by the token it answers; null for an unknown account (contract, getEntitiesBulk). */
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
