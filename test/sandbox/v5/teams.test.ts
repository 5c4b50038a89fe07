import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { absent, hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf } from '../../support/sandbox-control.ts';
import { type EventPayload, openStream } from '../../support/sandbox-stream.ts';

describe('teams', () => {
  let sandbox: Sandbox;
  let ada: Caller;
  let grace: Caller;
  let joan: Caller;
  /** Name → id. */
  let teams: Readonly<Record<string, string>>;
  /** `operationId status` of every answer held against the contract. */
  const seen = new Set<string>();
  beforeAll(async () => {
    sandbox = await startSandbox();
    [ada, grace, joan] = (await Promise.all(['ada', 'grace', 'joan'].map((name) => callerOf(sandbox, name, seen)))) as [
      Caller,
      Caller,
      Caller,
    ];
    const { results } = (await ada.post('/v5/search', { directory: [hospital], type: ['team'] })).reply;
    teams = Object.fromEntries(results.map(({ entity }) => [entity.display_name, entity.id]));
  });
  beforeEach(() => controlOf(sandbox).reset());
  afterAll(() => sandbox.close());

  const transplant = (tail = '') => `/v2/team/${teams['Transplant team']}${tail}`;
  const trauma = (tail = '') => `/v2/team/${teams['Trauma team']}${tail}`;
  const request = (caller: Caller) => ({ requested_by: caller.token });

  it('are found and read by anyone in the organization', async () => {
    expect((await grace.get(transplant())).reply.team).toMatchObject({
      display_name: 'Transplant team',
      num_members: 3,
      can_members_leave: true,
    });
    expect((await joan.get(transplant())).status).toBe(404);
    expect((await ada.get(`/v2/team/${absent}`)).status).toBe(404);
    expect((await ada.get(transplant(), { headers: { 'TT-X-Organization-Key': 'foreign' } })).status).toBe(403);
  });

  it('take requests, which their members accept or decline, and both sides receive it', async () => {
    await using member = await openStream(sandbox, 'ada');
    await using asking = await openStream(sandbox, 'grace', { path: '/v5/events' });
    for (let time = 0; time < 2; time += 1) {
      expect((await grace.post(transplant('/request'), request(grace))).status).toBe(204);
    }
    const { team_request } = (await member.find('update:team_request')).payload;
    expect(team_request).toMatchObject({ status: 'pending', created_by: { token: grace.token } });
    const answer = (caller: Caller, status: string, id = team_request.id) =>
      caller.post(transplant(`/request/${id}`), { handled_as: caller.token, status });
    expect((await answer(grace, 'accepted')).status).toBe(403);
    expect((await answer(ada, 'accepted', absent)).status).toBe(404);
    expect((await answer(ada, 'perhaps')).status).toBe(400);
    expect((await answer(ada, 'accepted')).status).toBe(204);
    expect((await answer(ada, 'declined')).status).toBe(404);
    const isAccepted = ({ team_request: { status } }: EventPayload) => status === 'accepted';
    await asking.find('update:team_request', isAccepted);
    expect((await ada.get(transplant())).reply.team.members).toContainEqual({
      token: grace.token,
      display_name: 'Grace Hopper',
    });
  });

  it('are left by members if allowed', async () => {
    expect((await ada.post(transplant('/leave'), {})).status).toBe(204);
    expect((await ada.post(transplant('/leave'), {})).status).toBe(403);
    expect((await ada.post(trauma('/leave'), {})).status).toBe(403);
    expect((await ada.post(`/v2/team/${absent}/leave`, {})).status).toBe(404);
  });

  it('lose members and requests of persons who leave the organization, and those are no deputies in it', async () => {
    expect((await grace.post(transplant('/request'), request(grace))).status).toBe(204);
    const settings = `/v2/user/ada/organization/${hospital}`;
    expect((await ada.post(settings, { dnd: true, dnd_auto_forward_receiver: grace.token })).status).toBe(204);
    await using stream = await openStream(sandbox, 'ada');
    const { team_request } = (await stream.find('update:team_request')).payload;
    expect((await grace.delete(`/v2/user/grace/organization/${hospital}`)).status).toBe(204);
    const accept = { handled_as: ada.token, status: 'accepted' };
    expect((await ada.post(transplant(`/request/${team_request.id}`), accept)).status).toBe(404);
    expect((await ada.get('/v2/user')).reply.dnd_auto_forward_receiver).toBeNull();
    expect((await ada.delete(`/v2/user/ada/organization/${hospital}`)).status).toBe(204);
    const tim = await callerOf(sandbox, 'tim');
    expect((await tim.get(transplant())).reply.team).toMatchObject({ num_members: 2 });
  });

  it('reject requests of members, for others, and when they take none', async () => {
    expect((await ada.post(transplant('/request'), request(ada))).status).toBe(403);
    expect((await grace.post(transplant('/request'), request(ada))).status).toBe(403);
    expect((await grace.post(trauma('/request'), request(grace))).status).toBe(403);
    expect((await grace.post(transplant('/request'), {})).status).toBe(400);
    expect((await grace.post(`/v2/team/${absent}/request`, request(grace))).status).toBe(404);
  });

  it('have caused every response of the contract', async () => {
    const ofTeams = contractOperationsV5.filter(({ operationId }) => operationId.includes('Team'));
    expect(ofTeams).toHaveLength(4);
    for (const { method, path } of ofTeams) {
      const json = method === 'POST' ? {} : undefined;
      await ada.call(method, path.replaceAll(/\{\w+\}/g, absent), { authorization: null, json });
    }
    const listed = ofTeams.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
