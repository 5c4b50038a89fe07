import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxAcknowledgedIds } from '../../src/config/event-settings.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, post, type Stack, startStack } from '../support/stack.ts';

const findOrCreate =
  'mutation ($address: String!) { findOrCreateUser(input: { address: $address }) { wasCreated user { id displayName } } }';
const wipe = 'mutation ($user: ID!) { wipeUser(input: { user: $user }) { wipedUserId } }';
const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { key secret user { id displayName } } }';

describe('accounts', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(['someone.new@example.com', '+4930987654321'])('are created for the address %s once', async (address) => {
    const first = (await ada.ask(findOrCreate, { address })).findOrCreateUser;
    expect(first).toMatchObject({ wasCreated: true, user: { displayName: address } });
    const second = (await ada.ask(findOrCreate, { address })).findOrCreateUser;
    expect(second).toEqual({ ...first, wasCreated: false });
  });

  it('are found by an address they have', async () => {
    const found = await ada.ask(findOrCreate, { address: 'GRACE@example.org' });
    expect(found.findOrCreateUser).toEqual({ wasCreated: false, user: { id: grace.id, displayName: 'Grace Hopper' } });
  });

  it.each(['grace', 'a b@example.org', '', '0123'])(
    'are not created for %j, which is not an address',
    async (address) => {
      expect(await ada.rejection(findOrCreate, { address })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.address',
      });
    },
  );

  it.each(['\u200b', '\u202e', '\ufeff', '\u2060', '\u00ad', '\ud800'])(
    'are not created for an address with a pasted invisible character: %j',
    async (character) => {
      const sending = 'mutation ($r: ID!) { sendMessage(input: { recipient: $r, body: "x" }) { recipientWasCreated } }';
      for (const address of [
        `${character}grace@example.org`,
        `grace@example.org${character}`,
        `+49301234567${character}`,
      ]) {
        const code = 'BAD_USER_INPUT';
        expect(await ada.rejection(findOrCreate, { address })).toMatchObject({ code, field: 'input.address' });
        expect(await ada.rejection(sending, { r: address })).toMatchObject({ code, field: 'input.recipient' });
      }
    },
  );

  it('that the upstream does not create are rejected by the name of the argument', async () => {
    expect(await ada.rejection(findOrCreate, { address: 'x@y' })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.address',
    });
  });

  it('are signed out by their owner or an administrator, and are notified', async () => {
    expect(await grace.rejection(wipe, { user: ada.id })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ada.rejection(wipe, { user: absent })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ada.rejection(wipe, { user: 'grace' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.user' });
    await using events = await grace.listen();
    expect(await ada.ask(wipe, { user: grace.id })).toEqual({ wipeUser: { wipedUserId: grace.id } });
    await events.until('RemoteWiped');
  });

  it.each([
    ['input.userId', { userId: 'g'.repeat(100_000), password: 'demo' }],
    ['input.password', { userId: 'grace', password: 'p'.repeat(100_000) }],
  ])('are not signed in with values longer than a header: %s', async (field, input) => {
    const before = stack.sandbox.requests.count('loginV5');
    expect(await ada.rejection(signIn, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(stack.sandbox.requests.count('loginV5')).toBe(before);
  });

  it('exchange user id and password for a key that works until it is signed out', async () => {
    const anonymous = await post(
      stack.gateway.url,
      { query: signIn, variables: { input: { userId: 'alan@example.org', password: 'demo' } } },
      null,
    );
    const { key, secret, user } = present(anonymous.data).signIn;
    expect(user.displayName).toBe('Alan Turing');
    expect((await stack.query('{ me { id } }', {}, null)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    const withKey = async (query: string) => {
      const response = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic(key, secret) },
        body: JSON.stringify({ query }),
      });
      return response.json();
    };
    expect(await withKey('{ me { id } }')).toEqual({ data: { me: { id: user.id } } });
    expect(await withKey('mutation { signOut { externalLogoutUrl } }')).toEqual({
      data: { signOut: { externalLogoutUrl: null } },
    });
    expect((await withKey('{ me { id } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['a wrong password', { userId: 'alan', password: 'wrong' }, 'UNAUTHENTICATED', undefined],
    ['an unknown name', { userId: 'nobody', password: 'demo' }, 'UNAUTHENTICATED', undefined],
    ['no name', { userId: ' ', password: 'demo' }, 'BAD_USER_INPUT', 'input.userId'],
    ['a name with a colon', { userId: 'a:b', password: 'demo' }, 'BAD_USER_INPUT', 'input.userId'],
    ['no password', { userId: 'alan', password: '' }, 'BAD_USER_INPUT', 'input.password'],
  ])('are not signed in with %s', async (_what, input, code, field) => {
    const { errors, text } = await post(stack.gateway.url, { query: signIn, variables: { input } }, null);
    expect(errors?.[0]?.extensions).toMatchObject({ code, ...(field === undefined ? {} : { field }) });
    expect(text).not.toContain('wrong');
  });

  it('sign in with the product key of the upstream account when there is one', async () => {
    await using own = await startStack({ config: { productKey: 'product' } });
    const { data } = await post(
      own.gateway.url,
      { query: signIn, variables: { input: { userId: 'grace', password: 'demo' } } },
      null,
    );
    expect(data).toMatchObject({ signIn: { user: { displayName: 'Grace Hopper' } } });
  });

  it('report whether the upstream is reachable', async () => {
    expect(await ada.ask('{ isUpstreamReachable }')).toEqual({ isUpstreamReachable: true });
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 503, operationId: 'getServerStatus', count: 3 });
    expect(await ada.ask('{ isUpstreamReachable }')).toEqual({ isUpstreamReachable: false });
    await controlOf(stack.sandbox).clearFaults();
  });
});

describe('event connections', () => {
  it('are closed on all devices, counted, and reopened; events are acknowledged by id', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    expect(await ada.ask('mutation { dropEventConnections { count } }')).toEqual({
      dropEventConnections: { count: 0 },
    });
    await using live = overWebSocket<{ events: { id: string } }>(
      stack.gateway,
      'subscription { events(acknowledge: MANUAL, types: [MESSAGE_RECEIVED]) { id ... on MessageReceived { message { body } } } }',
    );
    await using _events = await ada.listen();
    expect(await ada.ask('mutation { dropEventConnections { count } }')).toEqual({
      dropEventConnections: { count: 1 },
    });
    await ada.ask('mutation { sendMessage(input: { recipient: "ada", body: "to myself" }) { message { id } } }');
    const id = (await live.next()).data?.events.id;
    const acknowledge =
      'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }';
    for (const ids of [[id], [id], [absent], []]) {
      expect(await ada.ask(acknowledge, { ids })).toEqual({ acknowledgeEvents: { acknowledgedEventIds: ids } });
    }
    expect(await ada.rejection(acknowledge, { ids: Array(maxAcknowledgedIds + 1).fill(absent) })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.eventIds',
    });
  });
});
