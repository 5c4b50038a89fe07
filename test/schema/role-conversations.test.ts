import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, hospital } from '../support/demo-tokens.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { wasAlreadyStored
  message { id body sender { token } writtenAs { id name } writtenBy { token } group { id kind role { id name } } }
  conversation { id counterpart { ... on Group { id kind } } } } }`;
const forward = `mutation ($input: ForwardMessageInput!) { forwardMessage(input: $input) { message { group { role { id } } } } }`;
const authorship =
  'query ($id: ID!) { message(id: $id) { sender { token } writtenAs { id name } writtenBy { token displayName } } }';

describe('messages', () => {
  let stack: Stack;
  let control: SandboxControl;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let tim: DemoPerson;
  let roles: Readonly<Record<string, string>>;
  beforeAll(async () => {
    stack = await startStack();
    control = controlOf(stack.sandbox);
    [ada, grace, tim] = (await Promise.all(['ada', 'grace', 'tim'].map((name) => demoPerson(stack, name)))) as [
      DemoPerson,
      DemoPerson,
      DemoPerson,
    ];
    const { nodes } = (await ada.ask('{ roles { nodes { id name } } }')).roles;
    roles = Object.fromEntries(nodes.map(({ id, name }: { id: string; name: string }) => [name, id]));
  });
  beforeEach(() => control.reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  const cardiologist = () => roles['Cardiologist on call'] ?? '';
  const consultant = () => roles['Stroke consultant'] ?? '';

  describe('to a role', () => {
    it('go into one conversation, which is created with the first message and found again', async () => {
      await using events = await grace.listen();
      stack.sandbox.requests.reset();
      const first = (await tim.ask(send, { input: { recipient: cardiologist(), body: 'Chest pain' } })).sendMessage;
      expect(first.message.group).toMatchObject({
        kind: 'ROLE_CONVERSATION',
        role: { id: cardiologist(), name: 'Cardiologist on call' },
      });
      expect(first.conversation.id).toBe(`Conversation:${first.message.group.id.slice(6)}:${hospital}`);
      await events.until('MessageReceived', ({ message }) => message.body === 'Chest pain');
      const second = (await tim.ask(send, { input: { recipient: cardiologist(), body: 'Bay 2' } })).sendMessage;
      expect(second.message.group.id).toBe(first.message.group.id);
      expect(stack.sandbox.requests.count('createRoleGroup')).toBe(1);
      const forwarded = await tim.ask(forward, { input: { message: first.message.id, recipient: cardiologist() } });
      expect(forwarded.forwardMessage.message).toEqual({ group: { role: { id: cardiologist() } } });
    });

    it('are not sent while no one is on duty, and the error has the role’s own text', async () => {
      stack.sandbox.requests.reset();
      const input = { recipient: consultant(), body: 'Left-sided weakness' };
      const { errors } = await tim.answer(send, { input });
      expect(errors?.[0]).toMatchObject({
        message: 'input.recipient: no user is on duty for the role; `toUnstaffedRole` sends nevertheless.',
        extensions: {
          code: 'NOBODY_ON_DUTY',
          field: 'input.recipient',
          retryable: false,
          notice: 'Nobody is on duty for stroke. Call the switchboard.',
        },
      });
      expect(errors?.[0]?.extensions).not.toHaveProperty('outcome');
      expect(stack.sandbox.requests.count('createRoleGroup')).toBe(0);
      expect(stack.sandbox.requests.count('sendMessage')).toBe(0);
      expect(stack.logLines.join('\n')).not.toContain('switchboard');
    });

    it('are sent with toUnstaffedRole, and the next person on duty reads them', async () => {
      const input = { recipient: consultant(), body: 'Left-sided weakness', toUnstaffedRole: true };
      await using events = await tim.listen();
      const { message } = (await tim.ask(send, { input })).sendMessage;
      await events.until('MessageReceived', (event) => event.message.body.startsWith('Nobody is on duty'));
      const optIn = 'mutation ($role: ID!) { optIntoRole(input: { role: $role }) { role { id } } }';
      await grace.ask(optIn, { role: consultant() });
      const read = await grace.ask('query ($id: ID!) { message(id: $id) { body } }', { id: message.id });
      expect(read.message.body).toBe('Left-sided weakness');
    });

    it('are sent as another role of the caller, in a conversation of its own', async () => {
      const team = roles['Rapid response'] ?? '';
      const plain = (await ada.ask(send, { input: { recipient: cardiologist(), body: 'x' } })).sendMessage;
      const input = { recipient: cardiologist(), body: 'y', speakAs: team };
      const spoken = (await ada.ask(send, { input })).sendMessage;
      expect(spoken.message.group.id).not.toBe(plain.message.group.id);
      expect(spoken.message).toMatchObject({ writtenAs: { id: team }, writtenBy: { token: ada.token } });
    });

    it.each([
      ['an unknown role', () => ({ recipient: `Role:${absent}` }), 'NOT_FOUND', 'input.recipient'],
      ['a person’s token as a role', () => ({ recipient: `Role:${grace.token}` }), 'NOT_FOUND', 'input.recipient'],
      ['no token', () => ({ recipient: 'Role:x' }), 'BAD_USER_INPUT', 'input.recipient'],
      [
        'an organization beside it',
        () => ({ recipient: cardiologist(), senderOrganization: hospital }),
        'BAD_USER_INPUT',
        'input.recipient',
      ],
      [
        'a role of others to speak as',
        () => ({ recipient: cardiologist(), speakAs: consultant() }),
        'FORBIDDEN',
        undefined,
      ],
    ])('are rejected with %s, and nothing is created', async (_what, input, code, field) => {
      stack.sandbox.requests.reset();
      expect(await tim.rejection(send, { input: { body: 'x', ...input() } })).toMatchObject({
        code,
        ...(field === undefined ? {} : { field }),
      });
      expect(stack.sandbox.requests.count('sendMessage')).toBe(0);
    });

    it('without content create no conversation', async () => {
      stack.sandbox.requests.reset();
      expect(await tim.rejection(send, { input: { recipient: cardiologist() } })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.body',
      });
      expect(stack.sandbox.requests.count('createRoleGroup')).toBe(0);
    });
  });

  describe('written as a role', () => {
    it('have the role and the person behind it, for their recipients', async () => {
      const { message } = (
        await grace.ask(send, { input: { recipient: tim.id, body: 'On my way', speakAs: cardiologist() } })
      ).sendMessage;
      expect((await tim.ask(authorship, { id: message.id })).message).toEqual({
        sender: { token: cardiologist().slice(5) },
        writtenAs: { id: cardiologist(), name: 'Cardiologist on call' },
        writtenBy: { token: grace.token, displayName: 'Grace Hopper' },
      });
    });

    it('have both from the data that clients of v5 send', async () => {
      const payload = { token: cardiologist().slice(5), display_name: 'Cardiologist on call' };
      const data = [{ namespace: 'tigertext:message:role:sender', payload }];
      const { message } = (await grace.ask(send, { input: { recipient: tim.id, body: 'x', data } })).sendMessage;
      expect((await tim.ask(authorship, { id: message.id })).message).toMatchObject({
        sender: { token: grace.token },
        writtenAs: { id: cardiologist() },
        writtenBy: { token: grace.token },
      });
    });

    it.each([false, true])(
      'have no person that the sender has forged, beside a role of a client: %j',
      async (isClaimed) => {
        const named = (token: string) => ({ token, display_name: 'Made up' });
        const owner = { namespace: 'tigertext:message:role:owner', payload: named(grace.token) };
        const claim = { namespace: 'tigertext:message:role:sender', payload: named(cardiologist().slice(5)) };
        const data = isClaimed ? [owner, claim] : [owner];
        const byPerson = (await tim.ask(send, { input: { recipient: grace.id, body: 'x', data } })).sendMessage;
        const seen = (await grace.ask(authorship, { id: byPerson.message.id })).message;
        expect(seen).toMatchObject({ sender: { token: tim.token }, writtenBy: { token: tim.token } });
        expect(seen.writtenAs?.id ?? null).toBe(isClaimed ? cardiologist() : null);
        const query = 'query ($id: ID!) { message(id: $id) { writtenAs { id } writtenBy { id } } }';
        expect((await grace.ask(query, { id: byPerson.message.id })).message.writtenBy).toEqual({ id: tim.id });
        // The upstream adds its own to that of the one on duty.
        const input = {
          recipient: tim.id,
          body: 'x',
          speakAs: cardiologist(),
          data: [{ ...owner, payload: named(tim.token) }],
        };
        const { message } = (await grace.ask(send, { input })).sendMessage;
        expect((await tim.ask(authorship, { id: message.id })).message.writtenBy?.token).not.toBe(tim.token);
      },
    );

    it.each([['{'], [7], [{}], [{ token: 'x' }], [[[]]]])('are plain ones with the data %j', async (payload) => {
      const data = [
        { namespace: 'tigertext:message:role:sender', payload },
        { namespace: 'tigertext:message:role:owner', payload },
      ];
      const { message } = (await grace.ask(send, { input: { recipient: tim.id, body: 'x', data } })).sendMessage;
      expect((await tim.ask(authorship, { id: message.id })).message).toMatchObject({
        writtenAs: null,
        writtenBy: { token: grace.token },
      });
    });
  });
});
