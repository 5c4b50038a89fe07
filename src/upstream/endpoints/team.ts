/** Teams: reading, leaving, and requests to join. */

import type { Page } from '../../domain/domain.ts';
import type { Team } from '../../domain/team.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization, Lookup } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { decodeOrError, requireObject } from '../wire/read.ts';
import { decodeTeam, decodeTeamRow } from '../wire/team.ts';
import { lookupPath, path } from './path.ts';
import { type PageRequest, searchPage } from './search-page.ts';

/** Look-up of a team; yields undefined when the caller may not see such a team. */
export function teamLookup(team: string, { organization }: InOrganization): Lookup<Team> {
  return {
    request: {
      operationId: 'getTeam',
      method: 'GET',
      path: lookupPath`/v2/team/${team}`,
      organization,
      repeatable: true,
    },
    decode: ({ reply }) => decodeTeam(requireObject(reply, 'getTeam.reply').team, organization),
  };
}

export interface TeamSearch extends PageRequest {
  /** Text to find in names; an empty text matches everything. */
  readonly query: string;
  readonly organization: string;
}

/** One page of an organization's teams, in the order of their names. A row that breaks the contract yields its error. */
export function searchTeams(upstream: Upstream, request: TeamSearch): Promise<Page<Team | GatewayError>> {
  const json = {
    type: ['team'],
    directory: [request.organization],
    bool: { must: { display_name: request.query } },
    sort: ['display_name'],
  };
  return searchPage(upstream, request, json, (row) => [decodeOrError(row, decodeTeamRow)]);
}

/** Ends the caller's membership in a team. */
export async function leaveTeam(upstream: Upstream, team: string, { organization }: InOrganization): Promise<void> {
  await upstream.call({
    operationId: 'leaveTeam',
    method: 'POST',
    path: path`/v2/team/${team}/leave`,
    json: {},
    organization,
  });
}

/** @param user Token of the caller, who requests it. */
export async function requestToJoinTeam(
  upstream: Upstream,
  team: string,
  user: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'requestToJoinTeam',
    method: 'POST',
    path: path`/v2/team/${team}/request`,
    json: { requested_by: user },
    organization,
  });
}

interface TeamAnswer {
  readonly team: string;
  /** The upstream's id of the request. */
  readonly request: string;
  /** Token of the caller, who answers. */
  readonly user: string;
  readonly isAccepted: boolean;
}

/** Accepts or declines a user's request to join a team. */
export async function answerTeamRequest(
  upstream: Upstream,
  { team, request, user, isAccepted }: TeamAnswer,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'answerTeamRequest',
    method: 'POST',
    path: path`/v2/team/${team}/request/${request}`,
    json: { handled_as: user, status: isAccepted ? 'accepted' : 'declined' },
    organization,
  });
}
