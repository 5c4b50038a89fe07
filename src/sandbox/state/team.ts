/** Teams: who is in them, and requests to join. */

import { limits } from '../bounds.ts';
import { badRequest, forbidden, notFound } from '../http/http-error.ts';
import { freshToken } from '../token.ts';
import { teamRequestEvent } from '../wire/team.ts';
import { deliver } from './outbox.ts';
import type { Team, TeamRequest } from './team-types.ts';
import type { World } from './world.ts';
import type { Account } from './world-types.ts';

/** @throws HttpError 404 when there is no such team in an organization of the caller. */
export function visibleTeam(world: World, caller: Account, id: string): Team {
  const team = world.teams.get(id);
  if (team === undefined || !caller.memberships.has(team.organization)) throw notFound('Team');
  return team;
}

/** @throws HttpError 403 for others than members, and where members may not leave. */
export function leaveTeam(caller: Account, team: Team): void {
  if (!team.members.has(caller.token) || !team.canMembersLeave) throw forbidden();
  team.members.delete(caller.token);
}

/**
 * A second request returns the pending one.
 * @throws HttpError 403 for members, and for teams that take no requests.
 */
export function requestToJoin(world: World, caller: Account, team: Team): void {
  if (team.members.has(caller.token) || !team.canRequestToJoin) throw forbidden();
  if ([...team.requests.values()].some(({ createdBy }) => createdBy === caller.token)) return;
  if (team.requests.size >= limits.teamRequests) throw badRequest('expected fewer requests that wait');
  const request: TeamRequest = { id: freshToken(), team: team.id, createdBy: caller.token, status: 'pending' };
  team.requests.set(request.id, request);
  announce(world, team, request);
}

/** @throws HttpError 403 for others than members, 404 for a request that is not pending. */
export function answerRequest(
  world: World,
  caller: Account,
  team: Team,
  id: string,
  status: 'accepted' | 'declined',
): void {
  if (!team.members.has(caller.token)) throw forbidden();
  const request = team.requests.get(id);
  if (request === undefined) throw notFound('Request');
  team.requests.delete(id);
  if (status === 'accepted') team.members.add(request.createdBy);
  announce(world, team, { ...request, status });
}

/** To the members and to the person who asked. */
function announce(world: World, team: Team, request: TeamRequest): void {
  const event = teamRequestEvent(request);
  for (const reader of new Set([...team.members, request.createdBy])) deliver(world, reader, event, team.organization);
}
