/** Search for users, groups, distribution lists and teams. */

import type { Counterpart, EntityKind, Page } from '../../domain/domain.ts';
import type { Team } from '../../domain/team.ts';
import { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeCounterpart, entityKind } from '../wire/entity.ts';
import { decodeOrError, readString } from '../wire/read.ts';
import { decodeTeamRow } from '../wire/team.ts';
import { type PageRequest, searchPage } from './search-page.ts';

/** ROLE: accounts that represent the person on duty, and no other accounts. FORUM: groups that anyone may join. */
export type SearchKind = EntityKind | 'ROLE' | 'FORUM' | 'TEAM';

export type SearchField = 'NAME' | 'TITLE' | 'DEPARTMENT';

/** What was found in one organization: a counterpart, or a team with its group. */
export interface SearchHit {
  /** Undefined for a team without a group, and for one that breaks the contract. */
  readonly counterpart?: Counterpart | undefined;
  /** Only of a hit of kind TEAM. */
  readonly team?: Team | GatewayError | undefined;
  readonly organizationKey: string | undefined;
}

export interface SearchRequest extends PageRequest {
  /** Text to find; an empty text matches everything (contract, SearchRequest.bool). */
  readonly query: string;
  /** ROLE must be alone or beside USER: the match conditions apply to all kinds of one search. */
  readonly kinds: readonly SearchKind[];
  /** Fields of which one has to match. Default: the name. */
  readonly fields?: readonly SearchField[] | undefined;
  /** Fields of which one must match. Default: the name. */
  readonly sort?: { readonly by: SearchField; readonly isDescending: boolean } | undefined;
  /** Only hits that the caller has a conversation with; the others leave a page shorter. */
  readonly onlyOnRoster?: boolean | undefined;
  /** Keys of the organizations to search. */
  readonly organizations: readonly string[];
}

/** Contract, EntityType. */
const teamType = 'tigertext:entity:team';

const searchTypes = {
  USER: ['account'],
  GROUP: ['group', 'public_group'],
  LIST: ['distribution_list'],
  ROLE: ['account'],
  FORUM: ['public_group'],
  TEAM: ['team'],
} as const satisfies Record<SearchKind, readonly string[]>;

const fieldNames = {
  NAME: 'display_name',
  TITLE: 'title',
  DEPARTMENT: 'department',
} as const satisfies Record<SearchField, string>;

/** Several names joined by a comma: one of them must match (contract, SearchRequestV5.bool). */
function matchOf({ query, kinds, fields = ['NAME'] }: SearchRequest): Readonly<Record<string, string>> {
  const names = [...new Set(fields)].map((field) => fieldNames[field]).join(',');
  const isRolesOnly = kinds.includes('ROLE') && !kinds.includes('USER');
  return { [names]: query, ...(isRolesOnly ? { feature_service: 'role' } : {}) };
}

/**
 * One page of hits. A hit that breaks the contract becomes a reference with only a token, so that only its own read fails.
 * Hits of other kinds than user, group, list and team are dropped.
 */
export async function search(upstream: Upstream, request: SearchRequest): Promise<Page<SearchHit>> {
  const json = {
    type: [...new Set([...new Set(request.kinds)].flatMap((kind) => searchTypes[kind]))],
    directory: request.organizations,
    bool: { must: matchOf(request) },
    // Without metadata a role is an account like any other.
    render_metadata: true,
    ...(request.sort === undefined ? {} : { sort: [orderOf(request.sort)] }),
  };
  if (request.onlyOnRoster !== true) return searchPage(upstream, request, json, decodeHit);
  const page = await searchPage(upstream, request, json, (row) =>
    readField(row, 'in_roster') === true ? decodeHit(row) : [],
  );
  return { ...page, total: undefined };
}

/** A name alone is ascending (contract, SearchRequestV5.sort). */
function orderOf({ by, isDescending }: NonNullable<SearchRequest['sort']>): unknown {
  return isDescending ? { [fieldNames[by]]: 'desc' } : fieldNames[by];
}

function decodeHit(row: unknown): SearchHit[] {
  const type = readString(row, 'type');
  if (type === teamType) return decodeTeamHit(row);
  const kind = entityKind(type);
  if (kind === undefined) return [];
  const hit = decodeOrError(row, (value) => {
    const wire = assertSchema('SearchResult', value);
    return decodeCounterpart(kind, {
      ...(wire.organization_id === undefined ? {} : { organization_key: wire.organization_id }),
      ...(wire.token === undefined ? {} : { token: wire.token }),
      ...wire.entity,
    });
  });
  if (!(hit instanceof GatewayError)) return [{ counterpart: hit, organizationKey: hit.organizationKey }];
  const token = readString(row, 'token') ?? readString(readField(row, 'entity'), 'token');
  return token === undefined ? [] : [{ counterpart: { kind, token }, organizationKey: undefined }];
}

/** A team with its group, of which only the values in the team are known. */
function decodeTeamHit(row: unknown): SearchHit[] {
  const team = decodeOrError(row, decodeTeamRow);
  if (team instanceof GatewayError || team.group === undefined)
    return [{ team, organizationKey: readString(row, 'organization_id') }];
  const { group: token, name, description, avatarUrl, memberCount, organizationKey } = team;
  const group = { kind: 'GROUP', token, name, description, avatarUrl, memberCount, organizationKey, team } as const;
  return [{ team, counterpart: group, organizationKey }];
}

function readField(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
}
