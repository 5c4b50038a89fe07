/** Leaving a team, requesting to join one, and answering such a request. */
import type { GatewayContext } from '../../context.ts';
import { answerTeamRequest, leaveTeam, requestToJoinTeam, teamLookup } from '../../upstream/endpoints/team.ts';
import { isUnnamedAbsence, missingFor, notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { organizationKeyOf } from '../id.ts';
import { supportedFor } from '../not-supported.ts';
import { TeamRef, teamAfter } from './team.ts';

const teamField = { required: true, description: 'The upstream’s id of the team: `teamId`.' } as const;
const organizationField = {
  description: 'Key of the organization of the team; the caller’s default organization when left out.',
} as const;

function teamInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({ teamId: t.string(teamField), organization: t.string(organizationField) }),
  });
}

const LeaveTeamInput = teamInput('LeaveTeamInput', 'The team to leave.');
const RequestToJoinTeamInput = teamInput('RequestToJoinTeamInput', 'The team that the caller wants to join.');
const AnswerTeamRequestInput = builder.inputType('AnswerTeamRequestInput', {
  description: 'A request to join a team, and the answer to it.',
  fields: (t) => ({
    teamId: t.string(teamField),
    requestId: t.string({
      required: true,
      description: 'The upstream’s id of the request, from the event TeamRequestChanged.',
    }),
    accept: t.boolean({ required: true, description: 'Whether the user becomes a member.' }),
    organization: t.string(organizationField),
  }),
});

interface Changed {
  readonly teamId: string;
  readonly organization: string | undefined;
}

function teamPayload(name: string, description: string) {
  return builder.objectRef<Changed>(name).implement({
    description,
    fields: (t) => ({
      team: t.field({
        type: TeamRef,
        extensions: costs({ perParent: 1 }),
        description: 'The team after the change; with `teamId` alone when the caller may no longer see it.',
        resolve: ({ teamId, organization }, _args, context) => teamAfter(teamId, organization, context),
      }),
    }),
  });
}

const LeaveTeamPayload = teamPayload('LeaveTeamPayload', 'The team without the caller.');
const RequestToJoinTeamPayload = teamPayload('RequestToJoinTeamPayload', 'The team that the caller wants to join.');
const AnswerTeamRequestPayload = teamPayload('AnswerTeamRequestPayload', 'The team after the answer.');

interface TeamInput {
  readonly teamId: string;
  readonly organization?: string | null | undefined;
}

/** Makes a change to a team, whose members are those of its group. */
async function change(
  { teamId, organization: named }: TeamInput,
  { loaders }: GatewayContext,
  field: string,
  missing: string,
  make: (inOrganization: { readonly organization: string | undefined }) => Promise<void>,
): Promise<Changed> {
  const organization = named == null ? undefined : organizationKeyOf(named, 'input.organization');
  await missingFor(field, missing, supportedFor('teams', make({ organization })));
  loaders.clearGroups();
  return { teamId, organization };
}

const meOf = async ({ loaders }: GatewayContext): Promise<string> => (await loaders.me()).token;

builder.mutationFields((t) => ({
  leaveTeam: t.field({
    type: LeaveTeamPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Ends the caller’s membership of a team; FORBIDDEN for non-members, and where members may not leave.',
    args: { input: t.arg({ type: LeaveTeamInput, required: true, description: 'The team, by its id.' }) },
    resolve: (_root, { input }, context) =>
      change(input, context, 'input.teamId', 'such team', (inOrganization) =>
        leaveTeam(context.upstream, input.teamId, inOrganization),
      ),
  }),
  requestToJoinTeam: t.field({
    type: RequestToJoinTeamPayload,
    extensions: costs({ perParent: 2 }),
    description:
      'Requests to join a team. Its members and the caller get a TeamRequestChanged event with the id of the request. FORBIDDEN for members, and where the team takes no requests.',
    args: { input: t.arg({ type: RequestToJoinTeamInput, required: true, description: 'The team, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const me = await meOf(context);
      return change(input, context, 'input.teamId', 'such team', (inOrganization) =>
        requestToJoinTeam(context.upstream, input.teamId, me, inOrganization),
      );
    },
  }),
  answerTeamRequest: t.field({
    type: AnswerTeamRequestPayload,
    extensions: costs({ perParent: 3 }),
    description:
      'Accepts or declines a request to join a team. FORBIDDEN for users who may not decide, which members may (assumed); NOT_FOUND for an answered request.',
    args: {
      input: t.arg({ type: AnswerTeamRequestInput, required: true, description: 'The request and its answer.' }),
    },
    resolve: async (_root, { input }, context) => {
      const user = await meOf(context);
      const { teamId: team, requestId: request, accept: isAccepted } = input;
      return change(input, context, 'input.requestId', 'such request to the team', (inOrganization) =>
        answerTeamRequest(context.upstream, { team, request, user, isAccepted }, inOrganization).catch(
          async (error: unknown) => {
            // Team or user may be absent: a read of the team decides.
            if (!isUnnamedAbsence(error)) throw error;
            if ((await context.upstream.find(teamLookup(team, inOrganization))) === undefined)
              throw notFoundAt('input.teamId', 'such team');
            throw error;
          },
        ),
      );
    },
  }),
}));
