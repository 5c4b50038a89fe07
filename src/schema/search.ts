import type { GatewayContext } from '../context.ts';
import { badUserInput } from '../errors.ts';
import { type SearchField, type SearchHit, type SearchKind, search } from '../upstream/endpoints/search.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { TeamRef } from './group/team.ts';
import { encodeId, organizationKeyOf } from './id.ts';
import { organizationOfKeyField } from './organization/organization.ts';
import { UpstreamPages } from './page-arguments.ts';
import { CounterpartRef, MembershipRef, membershipReference, orNull, valueOrError } from './refs.ts';

const pages = new UpstreamPages('search', { usual: 25, most: 100 });

const SearchKindRef = builder.enumType('SearchKind', {
  description: 'Kinds of objects to find.',
  values: {
    USER: { description: 'People, roles and bots.' },
    GROUP: { description: 'Groups, including public groups.' },
    LIST: { description: 'Distribution lists of users.' },
    ROLE: { description: 'Accounts that represent the user on duty, and no others; alone, or beside USER.' },
    TEAM: {
      description:
        'Teams, each in `team` of its edge. `node` is the group that has the messages of the team, and null when it has none.',
    },
    FORUM: { description: 'Public groups, which anyone in the organization may join.' },
  } satisfies Record<SearchKind, object>,
});

const SearchFieldRef = builder.enumType('SearchField', {
  description: 'Fields to find a text in, and to sort by.',
  values: {
    NAME: { description: 'Displayed name of the user, group or list.' },
    TITLE: { description: 'Job title of a user in the organization.' },
    DEPARTMENT: { description: 'Department of a user in the organization.' },
  } satisfies Record<SearchField, object>,
});

const SearchSortInput = builder.inputType('SearchSortInput', {
  description: 'The order of hits.',
  fields: (t) => ({
    by: t.field({ type: SearchFieldRef, required: true, description: 'Field that decides the order.' }),
    descending: t.boolean({ description: 'Whether the order is descending; ascending when left out.' }),
  }),
});

/**
 * Keys of the caller's organizations. An organization whose record violates the contract has no usable key and is left
 * out.
 */
async function ownOrganizations({ loaders }: GatewayContext): Promise<string[]> {
  const organizations = await loaders.organizations.ofUser.load((await loaders.me()).token);
  return organizations.flatMap((organization) => (organization instanceof Error ? [] : [organization.key]));
}

const typeNames = { USER: 'User', GROUP: 'Group', LIST: 'DistributionList' } as const;

/** Cursor of a hit within a page: identifies the hit, of which a user has one in each organization, and continues nothing. */
function cursorOf({ counterpart, organizationKey }: SearchHit, index: number): string {
  if (counterpart === undefined) return `Team:${index}`;
  const id = encodeId(typeNames[counterpart.kind], counterpart.token);
  return organizationKey === undefined ? id : `${id}@${organizationKey}`;
}

function edgesOf(hits: readonly SearchHit[], { loaders }: GatewayContext) {
  const nodes = loaders.deduplicateUsers(hits.map(({ counterpart }) => counterpart));
  return hits.map((hit, index) => ({
    cursor: cursorOf(hit, index),
    node: nodes[index],
    team: hit.team,
    organizationKey: hit.organizationKey,
  }));
}

builder.queryFields((t) => ({
  search: t.connection(
    {
      type: CounterpartRef,
      nullable: true,
      // The search itself and, on first use, the caller's organizations.
      extensions: {
        ...costs({ perOperation: 2, perParent: 1, items: { by: 'page', default: pages.usual } }),
        ...pages.described,
      },
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `Finds users, groups, lists and teams by name. A user in several of the organizations is a hit in each: these hits have the same user, and the \`membership\` of each edge has the values in that organization. Pages go forward only. Null when the search fails.`,
      args: {
        query: t.arg.string({
          required: true,
          description: 'Text that the name contains; an empty string matches every name.',
        }),
        kinds: t.arg({
          type: [SearchKindRef],
          description: 'Kinds of objects to find; users and groups when left out.',
        }),
        fields: t.arg({
          type: [SearchFieldRef],
          description: 'Fields of which one must contain the text; the name when left out.',
        }),
        sort: t.arg({ type: SearchSortInput, description: 'Order of the hits; the best match first when left out.' }),
        onlyOnRoster: t.arg.boolean({
          description:
            'Only hits that the caller has a conversation with, so no teams. The gateway selects them from each page of the upstream, so a page may hold fewer than `first`, and `totalCount` is null.',
        }),
        organization: t.arg.string({
          description: 'Key of the organization to search in; all of the caller’s organizations when left out.',
        }),
      },
      resolve: async (_root, { query, kinds, fields, sort, onlyOnRoster, organization, ...args }, context) => {
        const requested = pages.requested(args);
        if (kinds?.includes('ROLE') === true && kinds.some((kind) => kind !== 'ROLE' && kind !== 'USER'))
          throw badUserInput('kinds', 'ROLE alone, or beside USER');
        const organizations =
          organization == null ? await ownOrganizations(context) : [organizationKeyOf(organization, 'organization')];
        const searching = search(context.upstream, {
          query,
          kinds: kinds == null || kinds.length === 0 ? ['USER', 'GROUP'] : kinds,
          fields: fields == null || fields.length === 0 ? undefined : fields,
          sort: sort == null ? undefined : { by: sort.by, isDescending: sort.descending === true },
          onlyOnRoster: onlyOnRoster ?? undefined,
          organizations,
          ...requested,
        });
        const page = await pages.read(requested, searching);
        return pages.connectionOf(requested, page, edgesOf(page.items, context));
      },
    },
    { name: 'SearchConnection', description: 'Hits of one search.' },
    {
      name: 'SearchEdge',
      description:
        'A hit: a user, group, list or team in one organization. Only `pageInfo.endCursor`, the last cursor of a page, continues the search.',
      fields: (t) => ({
        organizationKey: t.string({
          description: 'Key of the organization of the hit; null when the upstream does not say.',
          resolve: ({ organizationKey }) => organizationKey,
        }),
        organization: t.field(organizationOfKeyField),
        team: t.field({
          type: TeamRef,
          description: 'The team, of a hit of kind TEAM; null for all others.',
          resolve: ({ team }) => orNull(valueOrError(team)),
        }),
        membership: t.field({
          type: MembershipRef,
          extensions: costs({ perParent: bulkShare, isReference: true }),
          description:
            'The user’s membership in the organization of the hit; costs no upstream call when the hit includes it. Null for groups, lists and teams, and when the upstream does not name the organization.',
          resolve: ({ node, organizationKey }, _args, context, info) =>
            node?.kind !== 'USER' || organizationKey === undefined
              ? null
              : membershipReference(node.token, organizationKey, context, info),
        }),
      }),
    },
  ),
}));
