import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';
import { type LiveSubscription, overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const minutes = 60_000;
const card =
  'escalationId name status statusName level targetMinutes target { token } steps { durationMinutes targets { name } } changedAt keptUntil';
const mutation = (name: string) =>
  `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { escalation { ${card} } message { id } } }`;
const [escalate, confirm, skip, cancel] = [
  'escalateMessage',
  'confirmEscalation',
  'skipEscalation',
  'cancelEscalation',
].map(mutation) as [string, string, string, string];
const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } conversation { id } } }';
const changes =
  'subscription ($message: ID) { escalationChanged(message: $message) { changedEscalation { status level copy { body } group { id kind escalation { status } } } } }';

describe('escalations', () => {
  let stack: Stack;
  let control: SandboxControl;
  let tim: DemoPerson;
  let grace: DemoPerson;
  let frances: DemoPerson;
  let role: string;
  beforeAll(async () => {
    stack = await startStack();
    control = controlOf(stack.sandbox);
    [tim, grace, frances] = (await Promise.all(['tim', 'grace', 'frances'].map((name) => demoPerson(stack, name)))) as [
      DemoPerson,
      DemoPerson,
      DemoPerson,
    ];
    role = (await tim.ask('{ roles(first: 1) { nodes { id } } }')).roles.nodes[0].id;
  });
  beforeEach(() => control.reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  const ask = async (more: object = {}): Promise<string> =>
    (await tim.ask(send, { input: { recipient: role, body: 'Chest pain in bay 2', ...more } })).sendMessage.message.id;
  const start = async (message: string): Promise<SchemaData['message']['escalation']> =>
    (await tim.ask(escalate, { input: { message } })).escalateMessage.escalation;
  const listenAs = (as: string, message: string) =>
    overWebSocket<SchemaData>(stack.gateway, changes, { as, variables: { message } });
  /** Changes up to the one with a final status; the same change of several targets counts once. */
  const untilOver = async (live: LiveSubscription<SchemaData>): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for (;;) {
      const { data, errors } = await live.next();
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const { status, level } = present(data).escalationChanged.changedEscalation;
      if (String(seen.at(-1)) !== String([status, level])) seen.push([status, level]);
      if (status !== 'IN_PROGRESS') return seen;
    }
  };

  it('run to their end on a shifted clock, and every party receives each step in order', async () => {
    const message = await ask();
    await using writer = listenAs('tim', message);
    await using onDuty = listenAs('grace', message);
    await using first = listenAs('frances', message);
    await using second = listenAs('helen', message);
    const started = await start(message);
    expect(started).toMatchObject({
      status: 'IN_PROGRESS',
      statusName: 'in_progress',
      level: 0,
      targetMinutes: 5,
      target: { token: role.slice(5) },
      steps: [
        { durationMinutes: 5, targets: [{ name: 'Frances Allen' }] },
        { durationMinutes: 5, targets: [{ name: 'Helen Taussig' }, { name: 'Daniel Williams' }] },
      ],
    });
    await control.shiftClock(16 * minutes);
    const path = [
      ['IN_PROGRESS', 0],
      ['IN_PROGRESS', 1],
      ['IN_PROGRESS', 2],
      ['UNANSWERED', 2],
    ];
    expect(await untilOver(writer)).toEqual(path);
    expect(await untilOver(onDuty)).toEqual(path);
    expect(await untilOver(first)).toEqual(path.slice(1));
    expect(await untilOver(second)).toEqual(path.slice(2));
    await control.shiftClock(-16 * minutes);
  });

  it('are on the message, on the conversation and on the group of the back-ups', async () => {
    const message = await ask({ escalate: true });
    const query =
      'query ($id: ID!) { message(id: $id) { escalation { status level message { id } copy { body } group { id } } } }';
    expect((await tim.ask(query, { id: message })).message.escalation).toEqual({
      status: 'IN_PROGRESS',
      level: 0,
      message: { id: message },
      copy: null,
      group: null,
    });
    await control.shiftClock(5 * minutes);
    const { escalation } = (await tim.ask(query, { id: message })).message;
    expect(escalation).toMatchObject({ level: 1, copy: { body: 'Chest pain in bay 2' } });
    const { group } = await frances.ask('query ($id: ID!) { group(id: $id) { kind } }', { id: escalation.group.id });
    expect(group).toEqual({ kind: 'ESCALATION' });
    const { conversations } = await tim.ask(
      '{ conversations(first: 20) { nodes { escalationCount counterpart { ... on Group { kind escalation { status } } } } } }',
    );
    const nodeOf = (kind: string) => conversations.nodes.find(({ counterpart }) => counterpart.kind === kind);
    expect(nodeOf('ROLE_CONVERSATION')?.escalationCount).toBe(1);
    expect(nodeOf('ESCALATION')?.counterpart.escalation).toEqual({ status: 'IN_PROGRESS' });
    await control.shiftClock(-5 * minutes);
  });

  it('are confirmed by the person on duty, whom the notice in the conversation names', async () => {
    const message = await ask();
    await start(message);
    const notices = `subscription { events(types: [CONVERSATION_NOTICE]) { ... on ConversationNotice { notice actedAt actedBy { token name } subject { name } } } }`;
    await using live = overWebSocket<SchemaData>(stack.gateway, notices, { as: 'tim' });
    expect((await grace.ask(confirm, { input: { message } })).confirmEscalation).toMatchObject({
      escalation: { status: 'CONFIRMED', level: 0 },
      message: { id: message },
    });
    for (;;) {
      const { events } = present((await live.next()).data);
      if (events.notice !== 'escalation_acknowledged') continue;
      expect(events).toMatchObject({
        actedAt: expect.any(String),
        actedBy: { token: grace.token, name: 'Grace Hopper' },
        subject: { name: expect.stringMatching(/^#/) },
      });
      break;
    }
  });

  it('are confirmed by a back-up by the id of the escalation', async () => {
    const message = await ask();
    const { escalationId } = await start(message);
    expect(await frances.rejection(confirm, { input: { message, escalationId } })).toMatchObject({ code: 'FORBIDDEN' });
    await control.shiftClock(5 * minutes);
    const { escalation } = (await frances.ask(confirm, { input: { message, escalationId } })).confirmEscalation;
    expect(escalation).toMatchObject({ status: 'CONFIRMED', level: 1 });
    await control.shiftClock(-5 * minutes);
  });

  it('that have ended are a CONFLICT to confirm and to skip', async () => {
    const message = await ask();
    const { escalationId } = await start(message);
    await grace.ask(confirm, { input: { message } });
    for (const query of [confirm, skip]) {
      for (const input of [{ message }, { message, escalationId }]) {
        expect(await grace.rejection(query, { input })).toMatchObject({ code: 'CONFLICT', field: 'input.message' });
      }
    }
  });

  it('that end between the read and the answer are a CONFLICT too', async () => {
    const message = await ask();
    const { escalationId } = await start(message);
    await grace.ask(confirm, { input: { message } });
    // The first read still shows it as going on.
    const body = {
      status: 'success',
      reply: {
        message_id: message.slice(8),
        escalation: { escalation_execution_id: escalationId, display_name: '#AB12', escalation_status: 'in_progress' },
      },
    };
    await control.fault({ kind: 'body', operationId: 'getMessage', body, count: 1 });
    expect(await grace.rejection(confirm, { input: { message } })).toMatchObject({ code: 'CONFLICT' });
  });

  it('are skipped to their end, and cancelled by their sender', async () => {
    const first = await ask();
    await start(first);
    const skipped = (await grace.ask(skip, { input: { message: first } })).skipEscalation.escalation;
    expect(skipped).toMatchObject({ status: 'IN_PROGRESS', level: 1 });
    for (let time = 0; time < 2; time += 1) {
      const { escalation } = (await tim.ask(cancel, { input: { message: first } })).cancelEscalation;
      expect(escalation).toMatchObject({ status: 'CANCELLED', level: 1 });
    }
    expect(await grace.rejection(cancel, { input: { message: first } })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([
    ['an unknown message', escalate, () => ({ message: absent }), 'NOT_FOUND', 'input.message'],
    ['no id', escalate, () => ({ message: 'x' }), 'BAD_USER_INPUT', 'input.message'],
    ['an unknown message', confirm, () => ({ message: absent }), 'NOT_FOUND', 'input.message'],
    [
      'an unknown escalation',
      skip,
      (message: string) => ({ message, escalationId: absent }),
      'NOT_FOUND',
      'input.message',
    ],
    ['a message without one', confirm, (message: string) => ({ message }), 'NOT_FOUND', 'input.message'],
    ['an unknown message', cancel, () => ({ message: absent }), 'NOT_FOUND', 'input.message'],
  ])('are rejected with %s', async (_what, query, input, code, field) => {
    const message = await ask();
    expect(await tim.rejection(query, { input: input(message) })).toMatchObject({ code, field });
  });

  it('are rejected with the argument of an id of another escalation', async () => {
    const message = await ask({ escalate: true });
    for (const escalationId of [absent, '', '../x', '\ud800'])
      for (const query of [confirm, skip])
        expect(await grace.rejection(query, { input: { message, escalationId } })).toMatchObject({
          code: 'NOT_FOUND',
          field: 'input.escalationId',
        });
  });

  it('are not FORBIDDEN when a role of the caller could not be read', async () => {
    const message = await ask({ escalate: true });
    const unreadable = ['lookupUsersBulk', 'getUser'];
    for (const operationId of unreadable) await control.fault({ kind: 'status', operationId, status: 503, count: 20 });
    await control.fault({ kind: 'status', operationId: 'confirmEscalation', status: 403, count: 1 });
    const input = { message };
    expect(await grace.rejection(confirm, { input })).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await control.clearFaults();
    expect(await tim.rejection(confirm, { input })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('are rejected for a message without a role', async () => {
    const { message } = (await tim.ask(send, { input: { recipient: grace.id, body: 'x' } })).sendMessage;
    expect(await tim.rejection(escalate, { input: { message: message.id } })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([405, 501])('are NOT_SUPPORTED where the upstream answers %i', async (status) => {
    const message = await ask();
    await control.fault({ kind: 'status', status, operationId: 'escalateMessage' });
    expect(await tim.rejection(escalate, { input: { message } })).toMatchObject({ code: 'NOT_SUPPORTED' });
  });

  it.each([
    ['of a name that is no text', { display_name: 7 }],
    ['that is a text', 'x'],
    ['that is a list', []],
    [
      'of a level that is none',
      { escalation_execution_id: 'e', display_name: '#1', escalation_status: 'init', level: 'x' },
    ],
  ])(
    'that break the contract are an error at their path, and not of the message: one %s',
    async (_what, escalation) => {
      const message = await ask();
      const reply = { message_id: message.slice(8), body: 'x', escalation };
      await control.fault({ kind: 'body', operationId: 'getMessage', body: { status: 'success', reply }, count: 4 });
      const { data, errors } = await tim.answer(
        'query ($id: ID!) { message(id: $id) { body escalation { status } } }',
        {
          id: message,
        },
      );
      expect(data).toEqual({ message: { body: 'x', escalation: null } });
      expect(errors).toMatchObject([{ path: ['message', 'escalation'], extensions: { code: 'UPSTREAM_INVALID' } }]);
      expect(await tim.rejection(confirm, { input: { message } })).toMatchObject({ code: 'UPSTREAM_INVALID' });
      const cancelled = await tim.answer(cancel, { input: { message } });
      expect(cancelled.data).toMatchObject({ cancelEscalation: { escalation: null, message: { id: message } } });
      expect(cancelled.errors).toMatchObject([{ path: ['cancelEscalation', 'escalation'] }]);
    },
  );

  it('that are null are absent', async () => {
    const message = await ask();
    const reply = { message_id: message.slice(8), body: 'x', escalation: null };
    await control.fault({ kind: 'body', operationId: 'getMessage', body: { status: 'success', reply } });
    expect(await tim.ask('query ($id: ID!) { message(id: $id) { escalation { status } } }', { id: message })).toEqual({
      message: { escalation: null },
    });
  });

  it.each([
    ['{ display_name: 7 }', { display_name: 7 }],
    ['7', 7],
  ])(
    'of a group that break the contract are an error at their path, and not of the group: %s',
    async (_what, escalation) => {
      const token = '3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70';
      const reply = { token, name: 'Back-ups', escalation };
      await control.fault({ kind: 'body', operationId: 'getGroup', body: { status: 'success', reply } });
      const { data, errors } = await tim.answer('query ($id: ID!) { group(id: $id) { name escalation { status } } }', {
        id: token,
      });
      expect(data).toEqual({ group: { name: 'Back-ups', escalation: null } });
      expect(errors).toMatchObject([{ path: ['group', 'escalation'], extensions: { code: 'UPSTREAM_INVALID' } }]);
    },
  );

  it('that the caller cannot read are answered by their id, and are the reported failure', async () => {
    const message = await ask({ escalate: true });
    const { escalationId } = (
      await tim.ask('query ($id: ID!) { message(id: $id) { escalation { escalationId } } }', {
        id: message,
      })
    ).message.escalation;
    const reply = { message_id: message.slice(8), body: 'x', escalation: { display_name: 7 } };
    await control.fault({ kind: 'body', operationId: 'getMessage', body: { status: 'success', reply }, count: 4 });
    // Without its path the roles of the caller in it are not known, so that the upstream rejects.
    expect(await frances.rejection(confirm, { input: { message, escalationId } })).toMatchObject({
      code: 'UPSTREAM_INVALID',
    });
  });
});
