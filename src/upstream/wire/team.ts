/** Decodes teams: from their own replies, and from hits of a search. */
import type { Team } from '../../domain/team.ts';
import { assertSchema } from './contract-check.ts';
import { nonEmpty } from './read.ts';

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeTeam(value: unknown, organization: string | undefined): Team {
  const wire = assertSchema('Team', value);
  return {
    teamId: wire.id,
    name: nonEmpty(wire.display_name),
    description: nonEmpty(wire.description),
    avatarUrl: nonEmpty(wire.avatar ?? undefined),
    memberCount: wire.num_members ?? wire.members?.length,
    members: wire.members?.map(({ token, display_name: name }) => ({ token, name })),
    group: nonEmpty(wire.group_token ?? undefined),
    canMembersLeave: wire.can_members_leave,
    canRequestToJoin: wire.can_request_to_join,
    organizationKey: organization,
  };
}

/** A team from a hit of a search. @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeTeamRow(row: unknown): Team {
  const { token, organization_id: organization, entity } = assertSchema('SearchResult', row);
  return decodeTeam({ ...(token === undefined ? {} : { id: token }), ...entity }, organization);
}
