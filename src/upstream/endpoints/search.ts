/** Search for users, groups and distribution lists. */

import type { Counterpart, EntityKind, Page } from '../../domain.ts';
import { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeCounterpart, entityKind } from '../wire/entity.ts';
import { decodeOrError, readContinuation, readString, requireArray, requireObject } from '../wire/read.ts';

/** ROLE: accounts that stand for the person on duty, and no other accounts. FORUM: groups that anyone may join. */
export type SearchKind = EntityKind | 'ROLE' | 'FORUM';

export type SearchField = 'NAME' | 'TITLE' | 'DEPARTMENT';

export interface SearchRequest {
  /** Text to find; an empty text matches everything (contract, SearchRequest.bool). */
  readonly query: string;
  /** ROLE stands alone, or beside USER: what has to match counts for all kinds of one search. */
  readonly kinds: readonly SearchKind[];
  /** Fields of which one has to match. Default: the name. */
  readonly fields?: readonly SearchField[] | undefined;
  /** Default: the best match first (contract). */
  readonly sort?: { readonly by: SearchField; readonly isDescending: boolean } | undefined;
  /** Only hits that the caller has a conversation with; the others leave a page shorter. */
  readonly onlyOnRoster?: boolean | undefined;
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
  ROLE: ['account'],
  FORUM: ['public_group'],
} as const satisfies Record<SearchKind, readonly string[]>;

const fieldNames = {
  NAME: 'display_name',
  TITLE: 'title',
  DEPARTMENT: 'department',
} as const satisfies Record<SearchField, string>;

/** Several names joined by a comma: one of them has to match (contract, SearchRequestV5.bool). */
function matchOf({ query, kinds, fields = ['NAME'] }: SearchRequest): Readonly<Record<string, string>> {
  const names = [...new Set(fields)].map((field) => fieldNames[field]).join(',');
  const isRolesOnly = kinds.includes('ROLE') && !kinds.includes('USER');
  return { [names]: query, ...(isRolesOnly ? { feature_service: 'role' } : {}) };
}

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
      type: [...new Set([...new Set(request.kinds)].flatMap((kind) => searchTypes[kind]))],
      directory: request.organizations,
      bool: { must: matchOf(request) },
      results_format: 'entities',
      // Without metadata a role is an account like any other.
      render_metadata: true,
      ...(request.sort === undefined ? {} : { sort: [orderOf(request.sort)] }),
      page_size: request.pageSize,
      continuation: request.continuation,
    },
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeHits(reply, request.onlyOnRoster === true));
}

/** A name alone is ascending (contract, SearchRequestV5.sort). */
function orderOf({ by, isDescending }: NonNullable<SearchRequest['sort']>): unknown {
  return isDescending ? { [fieldNames[by]]: 'desc' } : fieldNames[by];
}

function decodeHits(reply: unknown, onlyOnRoster: boolean): Page<Counterpart> {
  const page = requireObject(reply, 'search.reply');
  const total = page.metadata === undefined ? undefined : requireObject(page.metadata, 'search.metadata').total_hits;
  return {
    items: requireArray(page.results, 'search.results')
      .filter((row) => !onlyOnRoster || readField(row, 'in_roster') === true)
      .flatMap(decodeHit),
    continuation: readContinuation(page.metadata),
    total: typeof total === 'number' && !onlyOnRoster ? total : undefined,
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
