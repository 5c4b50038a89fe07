import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { absent, hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { openStream, type Stream } from '../../support/sandbox-stream.ts';

const minutes = 60_000;

describe.each(['v2', 'v5'] as const)('escalations of %s', (version) => {
  let sandbox: Sandbox;
  let control: SandboxControl;
  /** Writes to the cardiologist on call. */
  let tim: Caller;
  /** On duty. */
  let grace: Caller;
  /** First back-up. */
  let frances: Caller;
  /** Second back-up. */
  let helen: Caller;
  let ada: Caller;
  let role: string;
  let conversation: string;
  let group: string;
  /** `operationId status` of every answer held against the contract. */
  const seen = new Set<string>();
  beforeAll(async () => {
    sandbox = await startSandbox();
    control = controlOf(sandbox);
    [tim, grace, frances, helen, ada] = (await Promise.all(
      (['tim', 'grace', 'frances', 'helen', 'ada'] as const).map((name) => callerOf(sandbox, name, seen)),
    )) as [Caller, Caller, Caller, Caller, Caller];
    const must = { display_name: 'cardiologist on call', feature_service: 'role' };
    const found = await tim.post('/v5/search', { directory: [hospital], type: ['account'], bool: { must } });
    role = found.reply.results[0].entity.token;
  });
  beforeEach(async () => {
    await control.reset();
    const made = (await tim.post('/v2/role_group', { members: [tim.token, role] })).reply;
    [group, conversation] = [made.token, made.conversation_id];
  });
  afterAll(() => sandbox.close());

  const path = (message: string, tail = '') => `/${version}/message/${message}/escalation${tail}`;
  const ask = () => tim.send(group, 'Chest pain in bay 2');
  const start = async (message: string): Promise<string> =>
    (await tim.post(path(message))).reply.escalation.escalation_execution_id;
  const confirm = (caller: Caller, message: string, id: string, as = [caller.token]) =>
    caller.post(path(message, `/${id}/confirm`), { confirm_as: as });
  const skip = (caller: Caller, message: string, id: string) =>
    caller.post(path(message, `/${id}/skip`), { skip_as: [caller.token] });
  /** Status and level of each change, in the order of the stream. */
  const changesOf = ({ frames }: Stream) =>
    frames
      .filter(({ type }) => type === 'escalations')
      .map(({ payload }) => [payload.escalation.escalation_status, payload.escalation.level]);
  const ended = (stream: Stream, status: string) =>
    stream.find('escalations', ({ escalation }) => escalation.escalation_status === status);
  const streamOf = (name: string) => openStream(sandbox, name, { path: `/${version}/events` });

  it('start at the role, and a second start returns the running one', async () => {
    const message = await ask();
    const { escalation } = (await tim.post(path(message))).reply;
    expect(escalation).toMatchObject({
      escalation_status: 'in_progress',
      level: 0,
      target_token: role,
      target_duration: 5,
      escalation_path: [{ targets: [{ display_name: 'Frances Allen' }] }, { duration: 5 }],
      triggering_message_token: message,
      triggered_message_token: 'undefined',
      triggering_conversation_id: conversation,
      escalation_group_token: 'undefined',
    });
    expect((await tim.post(path(message))).reply.escalation).toEqual(escalation);
    expect((await tim.get(`/v2/message/${message}`)).reply.escalation).toEqual(escalation);
    const item = (await tim.get(`/v5/conversation/${conversation}`)).reply;
    expect(item).toMatchObject({ in_progress_escalation_count: 1, last_message: { escalation } });
  });

  it('go to their end on the clock, and every party receives each step in its order', async () => {
    await using writer = await streamOf('tim');
    await using onDuty = await streamOf('grace');
    await using first = await streamOf('frances');
    await using second = await streamOf('helen');
    const message = await ask();
    await start(message);
    // One jump over both steps and the end: nothing is skipped.
    await control.shiftClock(16 * minutes);
    const path = [
      ['in_progress', 0],
      ['in_progress', 1],
      ['in_progress', 2],
      ['no_response', 2],
    ];
    for (const stream of [writer, onDuty, first, second]) await ended(stream, 'no_response');
    const distinct = (stream: Stream) =>
      changesOf(stream).filter((change, index, all) => String(change) !== String(all[index - 1]));
    expect(distinct(writer)).toEqual(path);
    expect(distinct(onDuty)).toEqual(path);
    expect(distinct(first)).toEqual(path.slice(1));
    expect(distinct(second)).toEqual(path.slice(2));
    const notices = writer.frames.filter(({ type }) => type === 'bang').map(({ payload }) => payload);
    expect(notices.map(({ event }) => event).filter((event) => event.startsWith('escalation'))).toEqual([
      'escalation_initiated',
      'escalation_member_added',
      'escalation_member_added',
      'escalation_member_added',
      'escalation_no_response',
    ]);
    expect(notices.find(({ event }) => event === 'escalation_member_added')).toMatchObject({
      member_id: frances.token,
      member_name: 'Frances Allen',
      subject_entity: { type: 'tigertext:entity:escalation' },
    });
    expect((await tim.get(`/v5/conversation/${conversation}`)).reply.in_progress_escalation_count).toBe(0);
    await control.shiftClock(-16 * minutes);
  });

  it('ask the back-ups in a separate group, with a copy, and the group is removed an hour after the end', async () => {
    await using stream = await streamOf('frances');
    const message = await ask();
    const id = await start(message);
    expect((await frances.get(`/v2/message/${message}`)).status).toBe(403);
    await control.shiftClock(5 * minutes);
    const copy = await stream.find('group_message', ({ body }) => body === 'Chest pain in bay 2');
    expect(copy.payload).toMatchObject({ escalation_exec_id: id, escalation: { level: 1 } });
    const { group_token } = copy.payload;
    const { entity } = (await frances.get(`/v5/group/${group_token}?render_metadata=true`)).reply;
    expect(entity).toMatchObject({
      metadata: { feature_service: 'escalation' },
      escalation: { escalation_execution_id: id, triggering_message_token: message },
    });
    expect((await frances.get(`/v2/message/${message}`)).reply.body).toBe('Chest pain in bay 2');
    expect((await confirm(frances, message, id)).reply).toMatchObject({ escalation_status: 'confirmed', level: 1 });
    await control.shiftClock(61 * minutes);
    expect((await frances.get(`/v2/group/${group_token}`)).status).toBe(404);
    expect((await tim.get(`/v2/message/${message}`)).reply.escalation).toBeUndefined();
    await control.shiftClock(-66 * minutes);
  });

  it('are confirmed by a person who is asked, once', async () => {
    await using writer = await streamOf('tim');
    const message = await ask();
    const id = await start(message);
    expect((await confirm(frances, message, id)).status).toBe(403);
    expect((await confirm(grace, message, id, [frances.token])).status).toBe(403);
    expect((await confirm(grace, message, id, [])).status).toBe(403);
    expect((await confirm(grace, message, absent)).status).toBe(404);
    expect((await confirm(grace, absent, id)).status).toBe(404);
    const confirmed = await confirm(grace, message, id, [role, grace.token]);
    expect(confirmed.reply).toMatchObject({ escalation_execution_id: id, escalation_status: 'confirmed' });
    expect((await confirm(grace, message, id)).status).toBe(404);
    await ended(writer, 'confirmed');
    const notice = await writer.find('bang', ({ event }) => event === 'escalation_acknowledged');
    expect(notice.payload).toMatchObject({ action_user_id: grace.token, action_user_name: 'Grace Hopper' });
    await control.shiftClock(6 * minutes);
    expect(changesOf(writer).at(-1)).toEqual(['confirmed', 0]);
    await control.shiftClock(-6 * minutes);
  });

  it('are skipped step by step, to the end', async () => {
    const message = await ask();
    const id = await start(message);
    expect((await skip(frances, message, id)).status).toBe(403);
    expect((await skip(grace, message, absent)).status).toBe(404);
    expect((await skip(grace, message, id)).reply).toMatchObject({ level: 1, escalation_status: 'in_progress' });
    expect((await skip(frances, message, id)).reply).toMatchObject({ level: 2 });
    expect((await skip(helen, message, id)).reply).toMatchObject({ level: 2, escalation_status: 'no_response' });
  });

  it('are cancelled by their sender', async () => {
    await using onDuty = await streamOf('grace');
    const message = await ask();
    const id = await start(message);
    expect((await grace.delete(path(message))).status).toBe(403);
    expect((await tim.delete(path(absent))).status).toBe(404);
    for (let time = 0; time < 2; time += 1) expect((await tim.delete(path(message))).status).toBe(204);
    await ended(onDuty, 'cancelled');
    expect((await confirm(grace, message, id)).status).toBe(404);
  });

  it('start with a send that requests it, and are rejected when nothing can be escalated', async () => {
    await using onDuty = await streamOf('grace');
    const message = await tim.send(group, 'At once', { escalate: true });
    const { payload } = await onDuty.find('escalations');
    expect(payload.escalation).toMatchObject({ triggering_message_token: message, level: 0 });
    const plain = await tim.send('ada', 'A question', { escalate: true });
    expect((await tim.get(`/v2/message/${plain}`)).reply.escalation).toBeUndefined();
    expect((await tim.post(path(plain))).status).toBe(403);
    expect((await grace.post(path(message))).status).toBe(403);
    expect((await tim.post(path(absent))).status).toBe(404);
    expect((await ada.get(`/v2/message/${message}`)).status).toBe(403);
  });

  it('are in the history for a person who was away', async () => {
    const message = await ask();
    const id = await start(message);
    await confirm(grace, message, id);
    const page = (await tim.post(`/v5/conversation/${conversation}/timeline`, {})).reply.timeline;
    const found = page.find((item) => item.message_id === message);
    expect(found?.escalation).toMatchObject({ escalation_status: 'confirmed' });
    expect(page.filter(({ xmlns }) => xmlns === 'tigertext:iq:bang').at(-1)?.event).toBe('escalation_acknowledged');
  });

  it('have caused every response of the contract', async () => {
    const suffix = version === 'v5' ? 'V5' : '';
    const operations = contractOperationsV5.filter(({ operationId }) =>
      new RegExp(`^(escalateMessage|(confirm|skip|cancel)Escalation)${suffix}$`).test(operationId),
    );
    expect(operations).toHaveLength(4);
    for (const { method, path: template } of operations) {
      const json = method === 'POST' ? {} : undefined;
      await ada.call(method, template.replaceAll(/\{\w+\}/g, absent), { authorization: null, json });
    }
    const listed = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
