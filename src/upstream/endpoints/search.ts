/** Search for users, groups and distribution lists. */

import type { Counterpart, EntityKind, Page } from '../../domain.ts';
import { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeCounterpart, entityKind } from '../wire/entity.ts';
import { decodeOrError, readContinuation, readString, requireArray, requireObject } from '../wire/read.ts';

export interface SearchRequest {
  /** Text to find in names; an empty text matches everything (contract, SearchRequest.bool). */
  readonly query: string;
  readonly kinds: readonly EntityKind[];
  /** Keys of the organizations to search. */
  readonly organizations: readonly string[];
  /** Continuation of the previous page. */
  readonly continuation?: string | undefined;
  readonly pageSize: number;
}

const searchTypes = {
  USER: ['account'],
  GROUP: ['group', 'public_group'],
  LIST: ['distribution_list'],
} as const satisfies Record<EntityKind, readonly string[]>;

/**
 * One page of hits. A hit that breaks the contract becomes a reference with only a token, so that only its own read fails.
 * Hits of other kinds than user, group and list are dropped.
 */
export async function search(upstream: Upstream, request: SearchRequest): Promise<Page<Counterpart>> {
  const call = {
    operationId: 'search',
    method: 'POST',
    path: '/v2/search',
    json: {
      type: [...new Set(request.kinds)].flatMap((kind) => searchTypes[kind]),
      directory: request.organizations,
      bool: { must: { display_name: request.query } },
      results_format: 'entities',
      page_size: request.pageSize,
      continuation: request.continuation,
    },
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeHits(reply));
}

function decodeHits(reply: unknown): Page<Counterpart> {
  const page = requireObject(reply, 'search.reply');
  const total = page.metadata === undefined ? undefined : requireObject(page.metadata, 'search.metadata').total_hits;
  return {
    items: requireArray(page.results, 'search.results').flatMap(decodeHit),
    continuation: readContinuation(page.metadata),
    total: typeof total === 'number' ? total : undefined,
  };
}

function decodeHit(row: unknown): Counterpart[] {
  const kind = entityKind(readString(row, 'type'));
  if (kind === undefined) return [];
  const hit = decodeOrError(row, (value) => {
    const wire = assertSchema('SearchResult', value);
    return decodeCounterpart(kind, {
      ...(wire.organization_id === undefined ? {} : { organization_key: wire.organization_id }),
      ...(wire.token === undefined ? {} : { token: wire.token }),
      ...wire.entity,
    });
  });
  if (!(hit instanceof GatewayError)) return [hit];
  const token = readString(row, 'token') ?? readString(readField(row, 'entity'), 'token');
  return token === undefined ? [] : [{ kind, token }];
}

function readField(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
}
