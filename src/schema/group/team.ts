/** Teams of an organization, and requests to join them. */
import type { GatewayContext } from '../../context.ts';
import type { Team } from '../../domain/team.ts';
import { searchTeams, teamLookup } from '../../upstream/endpoints/team.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { organizationKeyOf } from '../id.ts';
import { countOf } from '../numbers.ts';
import { organizationArgument, organizationOfKeyField, resolveOrganization } from '../organization/organization.ts';
import { UpstreamPages } from '../page-arguments.ts';
import { allowItemErrors, GroupRef, groupReference, UserRef, userReferences } from '../refs.ts';
import { needsRead } from '../selection.ts';

const pages = new UpstreamPages('teams', { usual: 25, most: 100 });

export const TeamRef = builder.objectRef<Team>('Team');

/** The team after a change; only its id when the caller may no longer see it. */
export async function teamAfter(
  teamId: string,
  organization: string | undefined,
  context: GatewayContext,
): Promise<Team> {
  return (await readTeam(teamId, organization, context)) ?? { ...unknown, teamId, organizationKey: organization };
}

const unknown: Omit<Team, 'teamId' | 'organizationKey'> = {
  name: undefined,
  description: undefined,
  avatarUrl: undefined,
  memberCount: undefined,
  members: undefined,
  group: undefined,
  canMembersLeave: undefined,
  canRequestToJoin: undefined,
};

/** A team with its members; undefined when it is absent for the caller. */
function readTeam(
  teamId: string,
  organization: string | undefined,
  { upstream }: GatewayContext,
): Promise<Team | undefined> {
  return upstream.find(teamLookup(teamId, { organization }));
}

TeamRef.implement({
  description:
    'A team of an organization. Its messages are in a group of kind TEAM. The upstream’s API for teams is known in part.',
  fields: (t) => ({
    teamId: t.exposeString('teamId', {
      nullable: false,
      description: 'The upstream’s id of the team, for `team` and the mutations of teams; not a global id.',
    }),
    name: t.exposeString('name', { description: 'Name of the team; null when the upstream gives none.' }),
    description: t.exposeString('description', { description: 'Purpose of the team; null when unset.' }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', description: 'Address of the picture; null when there is none.' }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      description: 'Number of members; null when the upstream does not say.',
      resolve: ({ memberCount }) => countOf(memberCount, 'Team.num_members'),
    }),
    members: t.field({
      type: [UserRef],
      nullable: { list: true, items: true },
      extensions: costs({ perParent: 1, perItem: bulkShare, items: { by: 'guess', count: 20 }, isReference: true }),
      description:
        'Users in the team; null with an error in the place of each that cannot be read, and as a whole when the upstream does not say.',
      resolve: async ({ members, teamId, organizationKey }, _args, context, info) => {
        const parties = members ?? (await readTeam(teamId, organizationKey, context))?.members;
        if (parties === undefined) return null;
        return userReferences(parties, needsRead(info), context);
      },
    }),
    canMembersLeave: t.exposeBoolean('canMembersLeave', {
      description: 'Whether members may leave by themselves; null when the upstream does not say.',
    }),
    canRequestToJoin: t.exposeBoolean('canRequestToJoin', {
      description: 'Whether others may ask to join; null when the upstream does not say.',
    }),
    group: t.field({
      type: GroupRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The group of the team; null when it has none, and when the caller may not see it.',
      resolve: ({ group }, _args, context, info) => groupReference(group, context, info),
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization; null when the upstream does not say.',
    }),
    organization: t.field(organizationOfKeyField),
  }),
});

builder.queryFields((t) => ({
  team: t.field({
    type: TeamRef,
    extensions: costs({ perParent: 1 }),
    description: 'Reads one team; null when it does not exist or the caller may not see it.',
    args: {
      teamId: t.arg.string({ required: true, description: 'The upstream’s id of the team.' }),
      organization: t.arg.string(organizationArgument),
    },
    resolve: (_root, { teamId, organization }, context) =>
      readTeam(teamId, organization == null ? undefined : organizationKeyOf(organization, 'organization'), context),
  }),
  teams: t.connection(
    {
      type: TeamRef,
      nullable: true,
      // The page itself, and the caller's account when no organization is given.
      extensions: {
        ...costs({ perOperation: 1, perParent: 1, items: { by: 'page', default: pages.usual } }),
        ...pages.described,
      },
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `Teams of an organization in the order of their names. Pages go forward only. Null when they cannot be read.`,
      args: {
        query: t.arg.string({ description: 'Text that the name contains; all teams when left out.' }),
        organization: t.arg.string(organizationArgument),
      },
      resolve: async (_root, { query, organization, ...args }, context) => {
        const requested = pages.requested(args);
        const searching = searchTeams(context.upstream, {
          query: query ?? '',
          organization: await resolveOrganization(organization, context),
          ...requested,
        });
        const page = await pages.read(requested, searching);
        const edges = allowItemErrors(page.items).map((node, index) => ({
          cursor: `Team:${node.teamId ?? index}`,
          node,
        }));
        return pages.connectionOf(requested, page, edges);
      },
    },
    { name: 'TeamsConnection', description: 'Teams of one organization.' },
    {
      name: 'TeamsEdge',
      description:
        'A team of an organization. Only `pageInfo.endCursor`, the last cursor of a page, continues the list.',
    },
  ),
}));
