/** An invalid credential causes a few upstream calls, and then none for some time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { CredentialStanding } from '../../src/upstream/transport/breaker/credential-standing.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const groups = Array.from({ length: 500 }, () => `Group:${crypto.randomUUID()}`);
const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { name members { totalCount } } } }';
/** Unproven credentials have so many calls at a time. */
const handful = 4;

describe('a credential the upstream rejects', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { refusedCredentialMs: 60_000 } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  beforeEach(() => stack.sandbox.requests.reset());

  const ask = async (authorization: string, accept = 'application/json', document = query) => {
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization },
      body: JSON.stringify({ query: document, variables: { ids: groups } }),
    });
    return response.text();
  };

  it('has one error for all calls that are not sent: an operation has hundreds of them', () => {
    const standing = new CredentialStanding(60_000);
    const one = createCredential(basic('one'));
    const other = createCredential(basic('other'));
    standing.rejected(one, '/v2/group/1');
    standing.rejected(other, '/v5/roster');
    expect(standing.rejectionOf(one, '/v2/group/2')).toBe(standing.rejectionOf(one, '/v2/group/3'));
    expect(standing.rejectionOf(other, '/v5/roster')).toBe(standing.rejectionOf(other, '/v5/message'));
    expect(standing.rejectionOf(other, '/v2/group/2')).toBeUndefined();
  });

  it('ends its operation with the first rejection, and is not sent again', async () => {
    const answer = await ask(basic('ada', 'first'));
    expect(answer).toContain('"code":"UNAUTHENTICATED"');
    expect(stack.sandbox.requests.count()).toBeLessThanOrEqual(handful);
    stack.sandbox.requests.reset();
    for (let time = 0; time < 20; time++)
      expect(await ask(basic('ada', 'first'))).toContain('"code":"UNAUTHENTICATED"');
    expect(await ask(basic('ada', 'first'), 'text/event-stream')).toContain('"code":"UNAUTHENTICATED"');
    const subscription = 'subscription { events { id } }';
    expect(await ask(basic('ada', 'first'), 'text/event-stream', subscription)).toContain('"code":"UNAUTHENTICATED"');
    const socket = await openSocket(stack.gateway.url);
    socket.send({ type: 'connection_init', payload: { authorization: basic('ada', 'first') } });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query, variables: { ids: groups } } });
    expect(await socket.message('error')).toMatchObject({ payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    socket.socket.terminate();
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it.each(['auto', 'v5'] as const)(
    'is reported as rejected by reads and marks of conversations (UPSTREAM_API=%s)',
    async (upstreamApi) => {
      await using v5 = await startStack({ config: { refusedCredentialMs: 60_000, upstreamApi } });
      const ids = groups.slice(0, 90).map((id) => `${id.replace('Group', 'Conversation')}:mercyGeneralHospital0001`);
      const read = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { unreadCount } } }';
      const mark = `mutation ($id: ID!) { markConversation(input: { conversation: $id, status: READ, through: "1" }) { conversation { id } } }`;
      for (const [document, variables, as] of [
        [read, { ids }, 'reader'],
        [mark, { id: ids[0] }, 'marker'],
      ] as const) {
        v5.sandbox.requests.reset();
        const answer = JSON.stringify(await v5.query(document, variables, as));
        expect(answer).toContain('"code":"UNAUTHENTICATED"');
        expect(answer).not.toContain('NOT_SUPPORTED');
        expect(v5.sandbox.requests.count()).toBeLessThanOrEqual(handful + 2);
      }
    },
  );

  it('is cached when its event stream was rejected', async () => {
    const subscription = 'subscription { events { id } }';
    const first = await ask(basic('ada', 'stream'), 'text/event-stream', subscription);
    expect(first).toContain('"code":"UNAUTHENTICATED"');
    const asked = stack.sandbox.requests.count();
    expect(await ask(basic('ada', 'stream'))).toContain('"code":"UNAUTHENTICATED"');
    expect(stack.sandbox.requests.count()).toBe(asked);
  });

  it('does not affect signing in', async () => {
    await ask(basic('ada', 'signing-in'));
    const document =
      'mutation { signIn(input: { userId: "grace@example.org", password: "demo" }) { key user { displayName } } }';
    expect(await ask(basic('ada', 'signing-in'), 'application/json', document)).toContain('Grace Hopper');
  });

  it('does not affect the right credential, which makes all calls of an operation', async () => {
    await ask(basic('ada', 'mistyped'));
    const answer = await ask(basic('ada'));
    expect(answer).not.toContain('UNAUTHENTICATED');
    expect(stack.sandbox.requests.count()).toBeGreaterThanOrEqual(500);
  });

  it('is sent again after a moment', async () => {
    await using short = await startStack({ config: { refusedCredentialMs: 100 } });
    const me = () => short.query('{ me { id } }', {}, 'nobody');
    await me();
    const asked = short.sandbox.requests.count();
    expect(asked).toBeGreaterThan(0);
    await expect
      .poll(async () => {
        await me();
        return short.sandbox.requests.count();
      })
      .toBeGreaterThan(asked);
  });
});

describe('the cache of accepted and rejected credentials', () => {
  const one = { key: 'one', principalKey: 'h' };
  const device = { key: 'two', principalKey: 'h' };

  it('accepts by a success and rejects by a rejection, which a success or a new pair ends', () => {
    const standing = new CredentialStanding(60_000);
    expect(standing.isAccepted(one)).toBe(false);
    standing.accepted(one);
    expect([standing.isAccepted(one), standing.isAccepted(device)]).toEqual([true, true]);
    standing.rejected(one, '/v2/events');
    expect([standing.isAccepted(one), standing.isRejected(one), standing.isRejected(device)]).toEqual([
      false,
      true,
      false,
    ]);
    standing.accepted(one);
    expect([standing.isAccepted(one), standing.isRejected(one)]).toEqual([true, false]);
    standing.rejected(one, '/v2/events');
    standing.clearRejection(one);
    expect(standing.isRejected(one)).toBe(false);
  });
});

describe('event streams', () => {
  it('of credentials that the upstream has not accepted are half of all, while it is slow to reject them', async () => {
    await using stack = await startStack({ config: { maxStreams: 4 } });
    const { url } = stack.gateway;
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    for (const operationId of ['createEvents', 'createEventsV5'])
      await controlOf(stack.sandbox).fault({ kind: 'delay', operationId, delayMs: 3_000 });
    const subscription = { query: 'subscription { messageReceived { message { body } } }' };
    const invented = await openAcknowledged(url, 'nobody');
    for (const id of ['1', '2', '3']) {
      const extensions = { headers: { authorization: basic(`invented${id}`, 'none') } };
      invented.send({ type: 'subscribe', id, payload: { ...subscription, extensions } });
    }
    expect(await invented.answer('3')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 30 } }] },
    });
    await controlOf(stack.sandbox).clearFaults();
    const ada = await openAcknowledged(url, 'ada');
    ada.send({ type: 'subscribe', id: '1', payload: subscription });
    await waitUntil(() => stack.sandbox.requests.count('createEvents', 'ada') > 0);
    expect(await ada.message('next')).toMatchObject({ payload: { data: { messageReceived: { message: {} } } } });
    // Rejected in the meantime: their streams are free again.
    for (const id of ['1', '2']) expect(JSON.stringify(await invented.answer(id))).toContain('UNAUTHENTICATED');
  });
});
