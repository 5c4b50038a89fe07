import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const messageFields = `id token body senderName sender { token } group { token } recipient { __typename ... on User { token } ... on Group { token } ... on DistributionList { token } }
  senderOrganizationKey recipientOrganizationKey createdAt ttl expiresAt deleteOnRead priority status isRecalled subType sortNumber
  recipientStatuses { status at user { token } } attachments { fileName contentType size url } data { namespace mimeType payload }
  forwardedFrom { senderName createdAt sender { token } message { id } }`;
const sendMessage = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { wasAlreadyStored recipientWasCreated message { ${messageFields} } } }`;
const forwardMessage = `mutation ($input: ForwardMessageInput!) { forwardMessage(input: $input) { wasAlreadyStored recipientWasCreated message { ${messageFields} } } }`;
const readMessage = `query ($id: ID!) { message(id: $id) { ${messageFields} } }`;
const recallMessage = 'mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }';
const updateStatus =
  'mutation ($input: UpdateMessageStatusInput!) { updateMessageStatus(input: $input) { delivered { id status } read { id status } } }';

describe('messages', () => {
  let stack: Stack;
  let control: SandboxControl;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let alan: DemoPerson;
  let rosalind: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    control = controlOf(stack.sandbox);
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    alan = await demoPerson(stack, 'alan');
    rosalind = await demoPerson(stack, 'rosalind');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const send = async (input: object = {}, by = ada) =>
    (await by.ask(sendMessage, { input: { recipient: grace.id, body: 'Room 4?', ...input } })).sendMessage;
  const read = async (by: DemoPerson, id: string) => (await by.ask(readMessage, { id })).message;
  const newGroup = async (): Promise<string> =>
    (
      await ada.ask(
        'mutation ($members: [ID!]!) { createGroup(input: { name: "Round", members: $members }) { group { id } } }',
        { members: [grace.id, alan.id] },
      )
    ).createGroup.group.id;

  it('go to a person: the payload is the stored message, and the other side receives it', async () => {
    await using events = await grace.listen();
    const { message, ...rest } = await send();
    expect(rest).toEqual({ wasAlreadyStored: false, recipientWasCreated: false });
    expect(message).toMatchObject({
      id: `Message:${message.token}`,
      body: 'Room 4?',
      sender: { token: ada.token },
      senderName: 'Ada Lovelace',
      recipient: { __typename: 'User', token: grace.token },
      group: null,
      senderOrganizationKey: hospital,
      recipientOrganizationKey: hospital,
      ttl: 43_200,
      deleteOnRead: false,
      priority: 'NORMAL',
      isRecalled: false,
      recipientStatuses: [{ status: 'NEW', user: { token: grace.token } }],
      attachments: [],
      data: [],
      forwardedFrom: null,
    });
    expect(await read(ada, message.id)).toEqual(message);
    const received = await events.until('MessageReceived', (event) => event.message?.token === message.token);
    expect(received).toMatchObject({ isHistory: false, message: { body: 'Room 4?', sender: { token: ada.token } } });
  });

  it('to a person cost one upstream call when only their own fields are selected', async () => {
    await countFromHere(stack);
    await ada.ask(
      'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id body createdAt sender { id } senderName } } }',
      { to: grace.id },
    );
    expect(stack.sandbox.requests.counts('ada')).toEqual({ sendMessage: 1 });
  });

  it('go to a group: every member has a state of their own', async () => {
    const group = await newGroup();
    const { message } = await send({ recipient: group });
    expect(message).toMatchObject({ group: { token: group.slice(6) }, recipient: { __typename: 'Group' } });
    await grace.ask(updateStatus, { input: { read: [message.id] } });
    const { recipientStatuses } = await read(ada, message.id);
    expect(new Set(recipientStatuses.map((one: object) => JSON.stringify({ ...one, at: 0 })))).toEqual(
      new Set([
        JSON.stringify({ status: 'READ', at: 0, user: { token: grace.token } }),
        JSON.stringify({ status: 'NEW', at: 0, user: { token: alan.token } }),
      ]),
    );
  });

  it('go to a distribution list: each person on it gets a direct message', async () => {
    const { search } = await ada.ask(
      '{ search(query: "Cardiology everyone", kinds: [LIST]) { nodes { ... on DistributionList { id token } } } }',
    );
    const [list] = search.nodes;
    await using events = await grace.listen();
    const { message } = await send({ recipient: list.id, body: 'Teaching moved' });
    expect(message).toMatchObject({ recipient: { __typename: 'DistributionList', token: list.token } });
    const received = await events.until('MessageReceived', (event) => event.message?.body.includes('Teaching moved'));
    expect(await read(grace, received.message.token)).toMatchObject({ recipient: { token: grace.token } });
  });

  it.each([
    ['an e-mail address', 'new.patient@example.com'],
    ['a phone number', '+4930123456789'],
  ])('to %s without an account create one, and report it', async (_what, recipient) => {
    const first = await send({ recipient });
    expect(first).toMatchObject({ recipientWasCreated: true, message: { recipient: { __typename: 'User' } } });
    const second = await send({ recipient });
    expect(second).toMatchObject({ recipientWasCreated: false });
    expect(second.message.recipient).toEqual(first.message.recipient);
  });

  it('forwarded to an unknown address create an account, and report it', async () => {
    const { message } = await send();
    const input = { message: message.id, recipient: 'colleague@example.com' };
    const first = (await ada.ask(forwardMessage, { input })).forwardMessage;
    expect(first).toMatchObject({ recipientWasCreated: true, message: { recipient: { __typename: 'User' } } });
    const second = (await ada.ask(forwardMessage, { input })).forwardMessage;
    expect(second).toMatchObject({ recipientWasCreated: false, message: { recipient: first.message.recipient } });
  });

  it('are sent as a role of the caller, and as no other', async () => {
    const { search } = await ada.ask(
      '{ search(query: "e", first: 100) { nodes { ... on User { id token displayName } } } }',
    );
    const role = (name: string) => present(search.nodes.find(({ displayName }) => displayName === name));
    const own = role('Rapid response');
    const { message } = await send({ speakAs: own.id });
    expect(message.sender.token).toBe(own.token);
    expect((await read(grace, message.id)).sender.token).toBe(own.token);
    const input = { recipient: grace.id, body: 'x' };
    expect(
      await ada.rejection(sendMessage, { input: { ...input, speakAs: role('Charge nurse').token } }),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await ada.rejection(sendMessage, { input: { ...input, speakAs: 'a b' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.speakAs',
    });
  });

  it('to an unknown login name are not sent', async () => {
    const error = await ada.rejection(sendMessage, { input: { recipient: 'nobody', body: 'x' } });
    const message =
      'input.recipient: there is no user, group or distribution list by that address that the caller may write to.';
    const unknown = { code: 'NOT_FOUND', field: 'input.recipient', message };
    expect(error).toMatchObject({ ...unknown, path: ['sendMessage'] });
    const { sendMessage: sent } = await ada.ask(sendMessage, { input: { recipient: 'grace', body: 'x' } });
    expect(
      await ada.rejection(forwardMessage, { input: { message: sent.message.id, recipient: 'nobody' } }),
    ).toMatchObject(unknown);
    expect(await ada.rejection(forwardMessage, { input: { message: absent, recipient: 'grace' } })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'input.message',
      message: 'input.message: there is no such message.',
    });
    for (const field of ['startTyping', 'stopTyping']) {
      const typing = `mutation { ${field}(input: { recipient: "nobody" }) { isTyping } }`;
      expect(await ada.rejection(typing)).toMatchObject(unknown);
    }
    expect(await ada.rejection(recallMessage, { id: absent })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'input.message',
    });
  });

  it('to a group of others are rejected', async () => {
    expect(await rosalind.rejection(sendMessage, { input: { recipient: await newGroup(), body: 'x' } })).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it.each([
    [{ ttl: 1 }, 1],
    [{ ttl: -1 }, null],
    [{ ttl: 1440 }, 1440],
  ])('have the requested lifetime: %j', async (input, minutes) => {
    const { message } = await send(input);
    expect(message.ttl).toBe(input.ttl);
    const life = message.expiresAt === null ? null : Date.parse(message.expiresAt) - Date.parse(message.createdAt);
    expect(life).toBe(minutes === null ? null : minutes * 60_000);
  });

  it('are removed for all when they expire', async () => {
    const { message } = await send({ ttl: 1 });
    await control.expire(message.token);
    expect(await read(ada, message.id)).toBeNull();
    expect(await read(grace, message.id)).toBeNull();
  });

  it('that delete on read are removed after they were read', async () => {
    const { message } = await send({ deleteOnRead: true });
    expect(message).toMatchObject({ deleteOnRead: true });
    expect(await read(grace, message.id)).toMatchObject({ body: 'Room 4?' });
    await grace.ask(updateStatus, { input: { read: [message.id] } });
    for (const person of [grace, ada]) {
      const left = Date.parse((await read(person, message.id)).expiresAt) - Date.now();
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(120_000);
    }
    await control.shiftClock(61_000);
    expect(await read(grace, message.id)).toBeNull();
    expect(await read(ada, message.id)).toBeNull();
  });

  it.each(['LOW', 'NORMAL', 'HIGH'])('carry the priority %s', async (priority) => {
    expect((await send({ priority })).message).toMatchObject({ priority });
  });

  it('carry structured data of any JSON kind, with or without a text', async () => {
    const data = [
      { namespace: 'acme:bed', payload: { bed: 4, notes: ['ü', null] } },
      { namespace: 'acme:count', payload: 7 },
      { namespace: 'acme:words', payload: 'plain' },
    ];
    const { message } = await send({ body: undefined, data });
    expect(message.data).toEqual(data.map((datum) => ({ ...datum, mimeType: 'application/json' })));
    expect((await read(grace, message.id)).data).toEqual(message.data);
  });

  it('are written and read in the given organizations', async () => {
    const { message } = await send({ senderOrganization: clinics });
    expect(message).toMatchObject({ senderOrganizationKey: clinics, recipientOrganizationKey: clinics });
    const other = await send({ senderOrganization: clinics, recipientOrganization: hospital });
    expect(other.message).toMatchObject({ senderOrganizationKey: clinics, recipientOrganizationKey: hospital });
    expect(
      await ada.rejection(sendMessage, { input: { recipient: grace.id, body: 'x', senderOrganization: 'elsewhere' } }),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('are forwarded with their text, and keep their first sender over all forwards', async () => {
    const { message } = await send({ body: 'First' });
    const key = randomUUID();
    const input = { message: message.id, recipient: alan.id, priority: 'HIGH', idempotencyKey: key };
    const once = (await grace.ask(forwardMessage, { input })).forwardMessage;
    expect(once).toMatchObject({
      wasAlreadyStored: false,
      message: {
        body: 'First',
        priority: 'HIGH',
        sender: { token: grace.token },
        recipient: { token: alan.token },
        forwardedFrom: { sender: { token: ada.token }, senderName: 'Ada Lovelace', createdAt: message.createdAt },
      },
    });
    const again = (await grace.ask(forwardMessage, { input })).forwardMessage;
    expect(again).toMatchObject({ wasAlreadyStored: true, message: { id: once.message.id } });
    await using events = await ada.listen();
    const group = await newGroup();
    const twice = (await alan.ask(forwardMessage, { input: { message: once.message.id, recipient: group } }))
      .forwardMessage;
    expect(twice.message).toMatchObject({
      group: { token: group.slice(6) },
      forwardedFrom: { sender: { token: ada.token } },
    });
    await events.until('MessageReceived', (event) => event.message?.token === twice.message.token);
  });

  it('are not forwarded when absent, another’s, or to no account', async () => {
    const { message } = await send();
    const to = { recipient: alan.id };
    expect(await ada.rejection(forwardMessage, { input: { message: absent, ...to } })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await alan.rejection(forwardMessage, { input: { message: message.id, ...to } })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await ada.rejection(forwardMessage, { input: { message: 'x', ...to } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.message',
    });
    expect(await ada.rejection(forwardMessage, { input: { message: message.id, recipient: 'a b' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.recipient',
    });
    expect(
      await ada.rejection(forwardMessage, {
        input: { message: message.id, ...to, data: [{ namespace: ' ', payload: {} }] },
      }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.data.0.namespace' });
    const data = Array.from({ length: 101 }, () => ({ namespace: 'acme', payload: 1 }));
    expect(await ada.rejection(forwardMessage, { input: { message: message.id, ...to, data } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.data',
    });
  });

  it('are recalled for all, twice without an error, and only by their sender', async () => {
    const { message } = await send();
    await using events = await grace.listen();
    expect(await grace.rejection(recallMessage, { id: message.id })).toMatchObject({ code: 'FORBIDDEN' });
    for (let time = 0; time < 2; time++) {
      expect(await ada.ask(recallMessage, { id: message.id })).toEqual({
        recallMessage: { recalledMessageId: message.id },
      });
    }
    expect(await events.until('MessageRecalled')).toMatchObject({ recalledMessageId: message.id });
    expect(await read(ada, message.id)).toBeNull();
    expect(await read(grace, message.id)).toBeNull();
  });

  it('are marked delivered and read: the payload shows it, the sender gets an event, and no state goes backwards', async () => {
    const [one, other] = [(await send()).message, (await send()).message];
    await using events = await ada.listen();
    const marked = await grace.ask(updateStatus, { input: { delivered: [one.id], read: [other.token] } });
    expect(marked.updateMessageStatus).toEqual({
      delivered: [{ id: one.id, status: 'DELIVERED' }],
      read: [{ id: other.id, status: 'READ' }],
    });
    const notified = await events.until(
      'MessageStatusChanged',
      ({ message, status }) => message.token === other.token && status === 'READ',
    );
    expect(notified.user).toEqual({ token: grace.token });
    await grace.ask(updateStatus, { input: { delivered: [other.id] } });
    expect(await read(ada, other.id)).toMatchObject({ recipientStatuses: [{ status: 'READ' }] });
  });

  it('have the state CONFIRMED after a confirmation', async () => {
    const { message } = await send({ priority: 'HIGH' });
    await control.confirm(message.token, 'grace');
    expect(await read(ada, message.id)).toMatchObject({
      status: 'CONFIRMED',
      recipientStatuses: [{ status: 'CONFIRMED' }],
    });
  });

  it('that the caller may not mark are ignored', async () => {
    const { message } = await send();
    const { updateMessageStatus } = await alan.ask(updateStatus, { input: { read: [message.id, absent] } });
    expect(updateMessageStatus).toEqual({ delivered: [], read: [null, null] });
    expect(await read(ada, message.id)).toMatchObject({ recipientStatuses: [{ status: 'NEW' }] });
  });

  it('are marked many at once in one call', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, async () => (await send()).message.id));
    await countFromHere(stack);
    await grace.ask('mutation ($read: [ID!]) { updateMessageStatus(input: { read: $read }) { read { id } } }', {
      read: ids,
    });
    expect(stack.sandbox.requests.counts('grace')).toEqual({ updateMessageStatusPost: 1 });
    const tooMany = Array<string>(501).fill(absent);
    expect(await grace.rejection(updateStatus, { input: { read: tooMany } })).toMatchObject({ field: 'input.read' });
    expect(await grace.rejection(updateStatus, { input: { delivered: tooMany } })).toMatchObject({
      field: 'input.delivered',
    });
  });

  it('are null for users outside the conversation, and their states for users who may not see those', async () => {
    const { message } = await send();
    expect(await read(alan, message.id)).toBeNull();
    expect(await read(grace, message.id)).toMatchObject({ body: 'Room 4?', isRecalled: null, recipientStatuses: null });
  });

  it('are read in bulk in the order of the ids', async () => {
    const [one, other] = [(await send({ body: '1' })).message, (await send({ body: '2' })).message];
    const query = 'query ($ids: [ID!]!) { messages(ids: $ids) { body } }';
    expect(await ada.ask(query, { ids: [other.id, absent, one.token, other.id] })).toEqual({
      messages: [{ body: '2' }, null, { body: '1' }, { body: '2' }],
    });
    expect(await ada.rejection(query, { ids: [one.id, 'x'] })).toMatchObject({ field: 'ids.1' });
    expect(await ada.ask(query, { ids: [] })).toEqual({ messages: [] });
  });

  it('above the bulk limit are rejected before any is read', async () => {
    await countFromHere(stack);
    const rejection = async (fields: string) => {
      const ids = Array<string>(501).fill(`Message:${absent}`);
      return (await ada.answer(`query ($ids: [ID!]!) { ${fields} }`, { ids })).errors?.[0]?.extensions;
    };
    expect(await rejection('messages(ids: $ids) { body }')).toMatchObject({ code: 'BAD_USER_INPUT', field: 'ids' });
    const three = 'messages(ids: $ids) { body } nodes(ids: $ids) { id } more: messages(ids: $ids) { token }';
    expect(await rejection(three)).toMatchObject({ code: 'OPERATION_TOO_COMPLEX' });
    expect(stack.sandbox.requests.count()).toBe(0);
  });
});
