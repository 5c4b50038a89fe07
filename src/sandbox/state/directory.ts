/** Search over people, roles, own and public groups, distribution lists and own organizations. */

import { groupWire, listWire } from '../wire/group.ts';
import { teamWire } from '../wire/team.ts';
import { userWire } from '../wire/user.ts';
import { consumerOrganization } from './organization.ts';
import { rosterOf } from './roster.ts';
import type { World } from './world.ts';
import type { Account } from './world-types.ts';

export interface SearchTerms {
  /** Entity types as in the request: account, group, public_group, distribution_list, organization. tag has no hits. */
  readonly kinds: ReadonlySet<string>;
  readonly organizations: readonly string[];
  /** A field name, or several joined by commas of which one must match, and the text to find. */
  readonly must: readonly (readonly [fields: string, text: unknown])[];
  readonly mustNot: readonly (readonly [fields: string, text: unknown])[];
  readonly without: ReadonlySet<string>;
  /** Only roles with one of these tags. Empty: all hits. */
  readonly tags: ReadonlySet<string>;
  /** Fields that the name `any` represents: those that the request returns. Undefined: all. */
  readonly wanted: readonly string[] | undefined;
  /** Field names, or objects from a field name to `asc` or `desc`; other values are ignored. */
  readonly sort: readonly unknown[];
}

export interface Hit {
  /** Suffix of the entity type: a public group comes back as `group`. */
  readonly kind: 'account' | 'group' | 'distribution_list' | 'team' | 'organization';
  readonly token: string;
  readonly organization: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Fields that can be searched and are not part of the entity. */
  readonly hidden?: Readonly<Record<string, unknown>>;
}

/** All hits, ordered by `terms.sort`, then by name. */
export function findHits(world: World, caller: Account, terms: SearchTerms): Hit[] {
  const all = terms.organizations.flatMap((organization) => [
    ...(terms.kinds.has('account') ? accountsIn(world, caller, organization) : []),
    ...groupsIn(world, caller, organization, terms.kinds),
    ...(terms.kinds.has('distribution_list') ? listsIn(world, organization) : []),
    ...(terms.kinds.has('team') ? teamsIn(world, organization) : []),
    ...(terms.kinds.has('organization') ? organizationHit(world, organization) : []),
  ]);
  const hits = all.filter(
    (hit) =>
      !terms.without.has(hit.token) &&
      (terms.tags.size === 0 || terms.tags.has(hit.metadata.tag_id ?? '')) &&
      terms.must.every(([fields, text]) => matches(hit, fields, text, terms.wanted)) &&
      !terms.mustNot.some(([fields, text]) => String(text) !== '' && matches(hit, fields, text, terms.wanted)),
  );
  return hits.sort(comparing([...terms.sort, 'display_name', 'name', 'token']));
}

/** The consumer organization is an address book, not a directory: only accounts on the caller's roster are found there. */
function accountsIn(world: World, caller: Account, organization: string): Hit[] {
  const known = new Set(rosterOf(world, caller.token).map(({ token }) => token));
  return [...world.accounts.values()].flatMap((account) => {
    const membership = account.memberships.get(organization);
    if (membership === undefined) return [];
    if (organization === consumerOrganization && !known.has(account.token)) return [];
    const fields = userWire(world, { account, membership }, false);
    const { metadata, rights } = membership;
    return [
      { kind: 'account', token: account.token, organization, fields, metadata, hidden: { roles_in_org: rights } },
    ];
  });
}

function groupsIn(world: World, caller: Account, organization: string, kinds: ReadonlySet<string>): Hit[] {
  return [...world.groups.values()]
    .filter((group) => group.organization === organization && !group.deleted)
    .filter(
      ({ isPublic, members }) =>
        (kinds.has('group') && members.has(caller.token)) || (kinds.has('public_group') && isPublic),
    )
    .map((group) => {
      const fields = groupWire(world, group, false);
      return { kind: 'group', token: group.token, organization, fields, metadata: group.metadata };
    });
}

function listsIn(world: World, organization: string): Hit[] {
  return [...world.lists.values()]
    .filter((list) => list.organization === organization)
    .map((list) => ({
      kind: 'distribution_list',
      token: list.token,
      organization,
      fields: { ...listWire(list), total_members: list.members.length },
      metadata: {},
    }));
}

function teamsIn(world: World, organization: string): Hit[] {
  return [...world.teams.values()]
    .filter((team) => team.organization === organization)
    .map((team) => ({
      kind: 'team',
      token: team.id,
      organization,
      fields: { ...teamWire(world, team), token: team.id, name: team.name },
      metadata: {},
    }));
}

function organizationHit(world: World, key: string): Hit[] {
  const organization = world.organizations.get(key);
  if (organization === undefined) return [];
  const fields = { token: key, name: organization.name, display_name: organization.name };
  return [{ kind: 'organization', token: key, organization: key, fields, metadata: {} }];
}

/**
 * Case-insensitive substring match; numbers match as a whole. An empty text matches everything, `a OR b` either text, and
 * the name `any` all wanted fields. Metadata keys can be named like fields.
 */
function matches(hit: Hit, names: string, text: unknown, wanted: readonly string[] | undefined): boolean {
  const texts = String(text)
    .split(' OR ')
    .map((part) => part.trim().toLowerCase());
  if (texts.includes('')) return true;
  return names
    .split(',')
    .flatMap((name) => (name.trim() === 'any' ? (wanted ?? Object.keys(hit.fields)) : [name.trim()]))
    .some((name) => {
      const value = hit.fields[name] ?? hit.metadata[name] ?? hit.hidden?.[name] ?? '';
      if (typeof value === 'number') return texts.includes(String(value));
      const found = JSON.stringify(value).toLowerCase();
      return texts.some((part) => found.includes(part));
    });
}

function comparing(sort: readonly unknown[]): (one: Hit, other: Hit) => number {
  const keys = sort.flatMap((entry) => {
    if (typeof entry === 'string') return [{ field: entry, sign: 1 }];
    if (typeof entry !== 'object' || entry === null) return [];
    return Object.entries(entry).map(([field, order]) => ({ field, sign: order === 'desc' ? -1 : 1 }));
  });
  return (one, other) => {
    for (const { field, sign } of keys) {
      const order = String(one.fields[field] ?? '').localeCompare(String(other.fields[field] ?? ''), 'en', {
        numeric: true,
      });
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}
