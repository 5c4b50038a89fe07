import { forbidden } from '../http/http-error.ts';
import { bodyOf, empty, pathValue, type RequestContext, type Routes, success } from '../http/request-context.ts';
import { identitiesOf } from '../state/account.ts';
import { answerRequest, leaveTeam, requestToJoin, visibleTeam } from '../state/team.ts';
import type { Team } from '../state/team-types.ts';
import { teamWire } from '../wire/team.ts';
import { actingOrganization } from './acting.ts';

export const teamRoutes: Routes = {
  getTeam: (context) => success({ team: teamWire(context.world, namedTeam(context)) }),

  leaveTeam: (context) => {
    leaveTeam(context.caller, namedTeam(context));
    return empty();
  },

  requestToJoinTeam: (context) => {
    const team = namedTeam(context);
    requireOwn(context, bodyOf(context, 'requestToJoinTeam').requested_by);
    requestToJoin(context.world, context.caller, team);
    return empty();
  },

  answerTeamRequest: (context) => {
    const team = namedTeam(context);
    const { status, handled_as } = bodyOf(context, 'answerTeamRequest');
    requireOwn(context, handled_as);
    answerRequest(context.world, context.caller, team, pathValue(context, 'request_id'), status);
    return empty();
  },
};

function namedTeam(context: RequestContext): Team {
  actingOrganization(context);
  return visibleTeam(context.world, context.caller, pathValue(context, 'team_id'));
}

/** @throws HttpError 403 for a token that is neither the caller's nor that of a role of the caller. */
function requireOwn({ world, caller }: RequestContext, token: string | undefined): void {
  if (token !== undefined && !identitiesOf(world, caller).has(token)) throw forbidden();
}
