import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const card = 'teamId name description memberCount canMembersLeave canRequestToJoin organizationKey';
const mutation = (name: string) =>
  `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { team { name members { token } } } }`;
const [leave, ask, answer] = ['leaveTeam', 'requestToJoinTeam', 'answerTeamRequest'].map(mutation) as [
  string,
  string,
  string,
];

describe('teams', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let teams: Readonly<Record<string, string>>;
  beforeAll(async () => {
    stack = await startStack();
    [ada, grace] = (await Promise.all(['ada', 'grace'].map((name) => demoPerson(stack, name)))) as [
      DemoPerson,
      DemoPerson,
    ];
    const { nodes } = (await ada.ask('{ teams { nodes { teamId name } } }')).teams;
    teams = Object.fromEntries(nodes.map(({ teamId, name }) => [name, teamId]));
  });
  beforeEach(() => controlOf(stack.sandbox).reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  const transplant = () => teams['Transplant team'] ?? '';

  it('are listed by name, page by page, and read one by one', async () => {
    const query = `query ($first: Int, $after: String) { teams(organization: "${hospital}", first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes { ${card} } } }`;
    const first = (await ada.ask(query, { first: 2 })).teams;
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = (await ada.ask(query, { first: 2, after: first.pageInfo.endCursor })).teams;
    expect([...first.nodes, ...rest.nodes].map(({ name }) => name)).toEqual([
      'Sepsis team',
      'Transplant team',
      'Trauma team',
    ]);
    expect((await ada.ask('{ teams(query: "sep") { nodes { name } } }')).teams.nodes).toEqual([
      { name: 'Sepsis team' },
    ]);
    const one = `query ($id: String!) { team(teamId: $id) { ${card} members { displayName } group { id } } }`;
    expect((await ada.ask(one, { id: transplant() })).team).toMatchObject({
      teamId: transplant(),
      description: 'Hearts and lungs',
      memberCount: 3,
      members: [{ displayName: 'Ada Lovelace' }, {}, {}],
      group: null,
    });
    expect((await ada.ask(one, { id: 'none' })).team).toBeNull();
  });

  it('are joined by a request that a member accepts, with the id of its event', async () => {
    const events = `subscription { events(types: [TEAM_REQUEST_CHANGED]) { ... on TeamRequestChanged { request { requestId status teamId createdBy { token } } } } }`;
    await using live = overWebSocket<SchemaData>(stack.gateway, events);
    await grace.ask(ask, { input: { teamId: transplant() } });
    const { request } = present((await live.next()).data).events;
    expect(request).toMatchObject({ status: 'PENDING', teamId: transplant(), createdBy: { token: grace.token } });
    const input = { teamId: transplant(), requestId: request.requestId, accept: true };
    expect(await grace.rejection(answer, { input })).toMatchObject({ code: 'FORBIDDEN' });
    const { team } = (await ada.ask(answer, { input })).answerTeamRequest;
    expect(team.members).toContainEqual({ token: grace.token });
    expect((await live.next()).data?.events.request).toMatchObject({ status: 'ACCEPTED' });
    expect(await ada.rejection(answer, { input })).toMatchObject({ code: 'NOT_FOUND', field: 'input.requestId' });
    const left = (await grace.ask(leave, { input: { teamId: transplant() } })).leaveTeam.team;
    expect(left.members).not.toContainEqual({ token: grace.token });
  });

  it.each([
    ['where members may not', leave, () => ({ teamId: teams['Trauma team'] }), 'FORBIDDEN', undefined],
    ['that are absent', leave, () => ({ teamId: 'none' }), 'NOT_FOUND', 'input.teamId'],
    [
      'by an answer to a team that is absent',
      answer,
      () => ({ teamId: 'none', requestId: 'none', accept: true }),
      'NOT_FOUND',
      'input.teamId',
    ],
    ['of a member', ask, () => ({ teamId: transplant() }), 'FORBIDDEN', undefined],
    [
      'of an organization that can be none',
      ask,
      () => ({ teamId: 'x', organization: 'a b' }),
      'BAD_USER_INPUT',
      'input.organization',
    ],
  ])('cannot be left or requested %s', async (_what, query, input, code, field) => {
    expect(await ada.rejection(query, { input: input() })).toMatchObject({
      code,
      ...(field === undefined ? {} : { field }),
    });
  });

  it.each([405, 501])('are NOT_SUPPORTED to change where the upstream answers %i', async (status) => {
    await controlOf(stack.sandbox).fault({ kind: 'status', status, operationId: 'leaveTeam' });
    expect(await ada.rejection(leave, { input: { teamId: transplant() } })).toMatchObject({ code: 'NOT_SUPPORTED' });
  });
});
