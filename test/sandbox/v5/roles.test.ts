import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { absent, clinics, hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { type EventPayload, openStream } from '../../support/sandbox-stream.ts';

const foreign = { headers: { 'TT-X-Organization-Key': 'foreign' } };

describe('roles', () => {
  let sandbox: Sandbox;
  let control: SandboxControl;
  let ada: Caller;
  let grace: Caller;
  let frances: Caller;
  let tim: Caller;
  let joan: Caller;
  /** Role name → token. */
  let roles: Readonly<Record<string, string>>;
  /** `operationId status` of every answer held against the contract. */
  const seen = new Set<string>();
  beforeAll(async () => {
    sandbox = await startSandbox();
    control = controlOf(sandbox);
    [ada, grace, frances, tim, joan] = await Promise.all([
      callerOf(sandbox, 'ada', seen),
      callerOf(sandbox, 'grace', seen),
      callerOf(sandbox, 'frances', seen),
      callerOf(sandbox, 'tim', seen),
      callerOf(sandbox, 'joan', seen),
    ]);
    const must = { display_name: '', feature_service: 'role' };
    const found = await ada.post('/v5/search', { directory: [hospital], type: ['account'], bool: { must } });
    roles = Object.fromEntries(found.reply.results.map(({ entity }) => [entity.display_name, entity.token]));
  });
  beforeEach(() => control.reset());
  afterAll(() => sandbox.close());

  const cardiologist = () => roles['Cardiologist on call'] ?? '';
  const consultant = () => roles['Stroke consultant'] ?? '';
  const nurse = () => roles['Charge nurse'] ?? '';
  const team = () => roles['Rapid response'] ?? '';
  const onDuty = async (role: string): Promise<string[]> =>
    (await ada.get(`/v2/role/${role}`)).reply.owners.map(({ token }) => token);
  const groupWith = async (caller: Caller, role: string) =>
    (await caller.post('/v2/role_group', { members: [caller.token, role] })).reply;

  it('are read flat, by anyone in the organization, with their tags and their escalation policy', async () => {
    expect((await tim.get(`/v2/role/${cardiologist()}`)).reply).toMatchObject({
      display_name: 'Cardiologist on call',
      feature_service: 'role',
      owners: [{ token: grace.token, display_name: 'Grace Hopper' }],
      open_assignment: '1',
      owner_required: '0',
      tag_name: 'Cardiology',
      escalation_policy: { target_duration: 5, escalation_path: [{ duration: 5 }, { duration: 5 }] },
    });
    expect((await ada.get('/v2/role/tags')).reply).toHaveLength(4);
    expect((await joan.get(`/v2/role/${cardiologist()}`)).status).toBe(404);
    expect((await ada.get(`/v2/role/${absent}`)).status).toBe(404);
    expect((await ada.get(`/v2/role/${cardiologist()}`, foreign)).status).toBe(403);
    expect((await ada.get('/v2/role/tags', foreign)).status).toBe(403);
    await control.fault({ kind: 'status', status: 404, operationId: 'listRoleTags', count: 1 });
    expect((await ada.get('/v2/role/tags')).status).toBe(404);
  });

  it('and lists and teams have nothing for a person who has left the organization', async () => {
    await groupWith(tim, cardiologist());
    const lists = (await ada.post('/v2/search', { directory: [hospital], type: ['distribution_list'] })).reply.results;
    await using stream = await openStream(sandbox, 'grace', { features: 'no-offline-messages,multi-org' });
    expect((await grace.delete(`/v2/user/grace/organization/${hospital}`)).status).toBe(204);
    expect(await onDuty(cardiologist())).toEqual([]);
    await tim.post('/v2/message', { recipient: cardiologist(), body: 'for the one on duty' });
    for (const { token } of lists) await ada.post('/v2/message', { recipient: token, body: 'for the list' });
    await ada.send('grace', 'last', { sender_organization: clinics, recipient_organization: clinics });
    await stream.find('message', ({ body }) => body === 'last');
    expect(stream.text()).not.toMatch(/for the (one on duty|list)/);
  });

  it('are found by tag, and their metadata name who is on duty', async () => {
    const { tag_id } = (await ada.get(`/v2/role/${cardiologist()}`)).reply;
    const search = { directory: [hospital], type: ['account'], tags: [tag_id], render_metadata: true };
    for (const path of ['/v2/search', '/v5/search']) {
      const [hit, ...others] = (await ada.post(path, search)).reply.results;
      expect([hit.entity.metadata.owners, others]).toEqual([grace.token, []]);
    }
  });

  it('have at most one on duty: opting in replaces, and both and the organization are notified', async () => {
    await using former = await openStream(sandbox, 'grace', { path: '/v5/events' });
    await using next = await openStream(sandbox, 'frances', { path: '/v5/events' });
    await using member = await openStream(sandbox, 'tim', { features: 'render_metadata' });
    const path = `/v2/role/${cardiologist()}/members/${frances.token}`;
    expect((await frances.post(path)).status).toBe(204);
    expect(await onDuty(cardiologist())).toEqual([frances.token]);
    const duty = { meta_type: 'role_assignment', id: cardiologist() };
    const isDuty = ({ entity }: EventPayload) => entity?.metadata?.meta_type === 'role_assignment';
    expect((await next.find('friends', isDuty)).payload).toMatchObject({
      action: 'add',
      entity: { metadata: { ...duty, triggered_id: frances.token, owner_id: frances.token } },
    });
    expect((await former.find('friends', isDuty)).payload).toMatchObject({
      action: 'del',
      entity: { event_status: 'end', metadata: { ...duty, triggered_id: grace.token } },
    });
    const { payload } = await member.find('update', ({ token }) => token === cardiologist());
    expect(payload.metadata).toMatchObject({ feature_service: 'role', owners: frances.token });
    expect((await frances.post(path)).status).toBe(204);
    expect((await frances.send('alan', 'as one', { sender: cardiologist() })).length).toBe(36);
    expect((await grace.post('/v2/message', { recipient: 'alan', body: 'x', sender: cardiologist() })).status).toBe(
      403,
    );
  });

  it('are left, unless the last one is needed', async () => {
    expect((await grace.delete(`/v2/role/${cardiologist()}/members/${grace.token}`)).status).toBe(204);
    expect(await onDuty(cardiologist())).toEqual([]);
    expect((await grace.delete(`/v2/role/${cardiologist()}/members/${grace.token}`)).status).toBe(204);
    const florence = (await ada.get('/v2/user/florence')).reply.token;
    expect((await ada.delete(`/v2/role/${nurse()}/members/${florence}`)).status).toBe(403);
  });

  it('are taken by members where they are open, and given by administrators', async () => {
    const itself = (role: string, caller: Caller) => `/v2/role/${role}/members/${caller.token}`;
    expect((await tim.post(itself(team(), tim))).status).toBe(403);
    expect((await tim.post(itself(nurse(), grace))).status).toBe(403);
    expect((await tim.delete(itself(cardiologist(), grace))).status).toBe(403);
    expect((await ada.post(itself(team(), tim))).status).toBe(204);
    expect(await onDuty(team())).toEqual([tim.token]);
    for (const path of [itself(absent, tim), `/v2/role/${team()}/members/${absent}`, itself(team(), joan)]) {
      expect((await ada.post(path)).status).toBe(404);
    }
    expect((await ada.delete(itself(absent, tim))).status).toBe(404);
    expect((await ada.delete(`/v2/role/${team()}/members/${absent}`)).status).toBe(404);
  });

  it('are saved, by their owner alone', async () => {
    const saved = `/v2/user/tim/saved_roles`;
    expect((await tim.get(saved)).reply).toEqual([]);
    for (let time = 0; time < 2; time += 1) {
      expect((await tim.post(saved, { role_id: cardiologist() })).status).toBe(204);
    }
    expect((await tim.get(saved)).reply).toMatchObject([{ token: cardiologist() }]);
    expect((await tim.delete(`${saved}/${cardiologist()}`)).status).toBe(204);
    expect((await tim.delete(`${saved}/${cardiologist()}`)).status).toBe(204);
    expect((await tim.get(saved)).reply).toEqual([]);
    expect((await tim.post(saved, { role_id: absent })).status).toBe(404);
    expect((await tim.delete(`${saved}/${absent}`)).status).toBe(404);
    expect((await ada.get(saved)).status).toBe(403);
    expect((await ada.post(saved, { role_id: cardiologist() })).status).toBe(403);
    expect((await ada.delete(`${saved}/${cardiologist()}`)).status).toBe(403);
    await control.fault({ kind: 'status', status: 404, operationId: 'listSavedRoles', count: 1 });
    expect((await tim.get(saved)).status).toBe(404);
  });

  it('have one group with each writer, whose members follow the duty', async () => {
    const made = await groupWith(tim, cardiologist());
    expect(made.metadata).toMatchObject({
      feature_service: 'role',
      target_id: cardiologist(),
      created_by: tim.token,
    });
    const again = (await tim.post('/v5/role_group', { members: [cardiologist(), tim.token], name: 'x' })).reply;
    expect(again.token).toBe(made.token);
    const members = async () => (await tim.get(`/v2/group/${made.token}`)).reply.members;
    expect(await members()).toEqual([tim.token, grace.token, cardiologist()]);
    await using next = await openStream(sandbox, 'frances');
    await tim.send(made.token, 'before the change');
    await frances.post(`/v2/role/${cardiologist()}/members/${frances.token}`);
    expect(await members()).toEqual([tim.token, frances.token, cardiologist()]);
    await next.find('group_message', ({ body }) => body === 'before the change');
    expect((await grace.get(`/v2/group/${made.token}`)).status).toBe(403);
    expect((await tim.get(`/v5/conversation/${made.conversation_id}`)).status).toBe(200);
  });

  it('reject groups that are not of a writer and a role', async () => {
    for (const path of ['/v2/role_group', '/v5/role_group']) {
      const status = async (body: object) => (await tim.post(path, body)).status;
      expect(await status({ members: [tim.token] })).toBe(400);
      expect(await status({ members: [grace.token, cardiologist()] })).toBe(400);
      expect(await status({ members: [tim.token, absent] })).toBe(404);
      expect(await status({ members: [tim.token, grace.token] })).toBe(404);
      expect(await status({ created_by: grace.token, members: [grace.token, cardiologist()] })).toBe(403);
    }
  });

  it('reply with their own text while no one is on duty', async () => {
    const { token } = await groupWith(tim, consultant());
    await using stream = await openStream(sandbox, 'tim');
    await tim.send(token, 'Left-sided weakness since ten');
    const reply = await stream.find('group_message', ({ sub_type }) => sub_type === 'empty_role_notification');
    expect(reply.payload).toMatchObject({
      body: 'Nobody is on duty for stroke. Call the switchboard.',
      sender_token: consultant(),
    });
    // Written to the account, as clients of v2 may.
    await tim.send(consultant(), 'Still there?');
    const direct = await stream.find('message', ({ sub_type }) => sub_type === 'empty_role_notification');
    expect(direct.payload).toMatchObject({ recipient_token: tim.token, sender_token: consultant() });
  });

  it('reply with their away reply while it is on, once for each message, and not to their own', async () => {
    const away = `/v2/role/${cardiologist()}/away`;
    expect((await grace.post(away, { status: 'In theatre until four' })).status).toBe(204);
    const { token } = await groupWith(tim, cardiologist());
    await using stream = await openStream(sandbox, 'grace');
    await tim.send(token, 'A question');
    const reply = await stream.find('group_message', ({ sub_type }) => sub_type === 'role_away_notification');
    expect(reply.payload.body).toBe('In theatre until four');
    await grace.send(token, 'My answer', { sender: cardiologist() });
    expect((await grace.delete(away)).status).toBe(204);
    await tim.send(token, 'Thank you');
    await stream.find('group_message', ({ body }) => body === 'Thank you');
    expect(stream.frames.filter(({ payload }) => payload.sub_type === 'role_away_notification')).toHaveLength(1);
    const answer = await stream.find('group_message', ({ body }) => body === 'My answer');
    expect(answer.payload.sender_token).toBe(cardiologist());
    const [datum] = answer.payload.data;
    expect([datum.namespace, JSON.parse(datum.payload)]).toEqual([
      'tigertext:message:role:owner',
      { token: grace.token, display_name: 'Grace Hopper' },
    ]);
    expect((await tim.post(away, { status: 'x' })).status).toBe(403);
    expect((await tim.delete(away)).status).toBe(403);
    expect((await grace.post(away, {})).status).toBe(400);
    expect((await ada.post(`/v2/role/${absent}/away`, { status: 'x' })).status).toBe(404);
    expect((await ada.delete(`/v2/role/${absent}/away`)).status).toBe(404);
  });

  it('reach each device once', async () => {
    const { token } = await groupWith(tim, cardiologist());
    await using stream = await openStream(sandbox, 'grace', { path: '/v5/events' });
    await tim.send(token, 'only once');
    await tim.send(token, 'last');
    await stream.find('group_message', ({ body }) => body === 'last');
    expect(stream.frames.filter(({ payload }) => payload.body === 'only once')).toHaveLength(1);
  });

  it('have caused every response of the contract', async () => {
    const ofRoles = contractOperationsV5.filter(({ operationId }) => operationId.includes('Role'));
    for (const { method, path } of ofRoles) {
      const json = method === 'POST' ? {} : undefined;
      await ada.call(method, path.replaceAll(/\{\w+\}/g, absent), { authorization: null, json });
    }
    const listed = ofRoles.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(listed.length).toBeGreaterThan(40);
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
