import type { components } from '../../generated/contract-v5.ts';
import type { Team, TeamRequest } from '../state/team-types.ts';
import type { World } from '../state/world.ts';
import type { EventDraft } from '../state/world-types.ts';

/** A team in the form of replies. */
export function teamWire(world: World, team: Team): components['schemas']['Team'] {
  return {
    id: team.id,
    display_name: team.name,
    description: team.description,
    avatar: null,
    members: [...team.members].map((token) => ({ token, display_name: world.accounts.get(token)?.displayName ?? '' })),
    num_members: team.members.size,
    group_token: null,
    can_members_leave: team.canMembersLeave,
    can_request_to_join: team.canRequestToJoin,
  };
}

/** The event of a request to join a team, or of its answer. */
export function teamRequestEvent({ id, status, createdBy, team }: TeamRequest): EventDraft {
  const type = 'tigertext:iq:update:team_request';
  const payload = { xmlns: type, team_request: { id, status, created_by: { token: createdBy }, team: { id: team } } };
  return { type, stored: true, payload: () => payload };
}
