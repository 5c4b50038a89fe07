import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { openAcknowledged, type RawSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack, testConfig } from '../support/stack.ts';
import { stalledClients } from '../support/stalled-client.ts';
import { waitUntil } from '../support/wait.ts';

const authorization = basic('ada');

interface Relaying extends AsyncDisposable {
  readonly upstream: EventUpstream;
  readonly gateway: Gateway;
  /** A message event. */
  say(id: string, body: string): void;
}

async function startRelay(config: Partial<Config> = {}): Promise<Relaying> {
  const upstream = await EventUpstream.start();
  const gateway = await startGateway({ config: testConfig(upstream.url, config), log: createLog('silent') });
  return {
    upstream,
    gateway,
    say: (id, body) =>
      upstream.push(authorization, { id, json: json(id, 'tigertext:iq:message', { client_id: id, body }) }),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const query = 'subscription { messageReceived { id message { body } } }';

function subscribe(socket: RawSocket, id: string): void {
  socket.send({ type: 'subscribe', id, payload: { query } });
}

interface Next {
  readonly data: { readonly messageReceived: Got };
}

interface Got {
  readonly id: string;
  readonly message: { readonly body: string };
}

/** The events a subscription brought so far. */
function gotOf(socket: RawSocket, id: string): Got[] {
  return socket.messages
    .filter((message) => message.type === 'next' && message.id === id)
    .map(({ payload }) => (payload as Next).data.messageReceived);
}

describe('events over a WebSocket', () => {
  it('arrive whole, whatever their length, under the id of their subscription', async () => {
    await using relay = await startRelay({ subscriberQueueBytes: 200_000_000 });
    const socket = await openAcknowledged(relay.gateway.url);
    const ids = ['1', 'ein "Ä"\n'];
    for (const id of ids) subscribe(socket, id);
    await relay.upstream.stream(authorization);
    // Bodies around the lengths at which the header of a frame grows: 126 and 65,536 bytes, the JSON around the body included.
    const lengths = [
      ...Array.from({ length: 120 }, (_, n) => 1 + n),
      ...Array.from({ length: 60 }, (_, n) => 65_400 + 2 * n),
    ];
    const bodies = [
      ...lengths.map((length) => 'x'.repeat(length)),
      'é'.repeat(40_000),
      '🐅"\\\u2028',
      'y'.repeat(400_000),
    ];
    for (const [index, body] of bodies.entries()) relay.say(`e${index}`, body);
    for (const id of ids) await waitUntil(() => gotOf(socket, id).length === bodies.length);
    for (const id of ids) {
      expect(gotOf(socket, id).map((got) => got.id)).toEqual(bodies.map((_, index) => `e${index}`));
      const wrong = gotOf(socket, id).findIndex((got, index) => got.message.body !== bodies[index]);
      expect(wrong, `body of ${bodies[wrong]?.length} characters`).toBe(-1);
    }
    socket.socket.close();
  });

  it('keep their order when some of them need reads', async () => {
    await using stack = await startStack();
    const socket = await openAcknowledged(stack.gateway.url);
    const reading = 'subscription { messageReceived { message { body sender { displayName } } } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query: reading } });
    await waitUntil(() => stack.sandbox.requests.count('createEvents') === 1);
    const bodies = Array.from({ length: 30 }, (_, index) => `order ${index}`);
    for (const [index, body] of bodies.entries()) {
      const mutation = `mutation { sendMessage(input: { recipient: "ada@example.org", body: "${body}" }) { message { id } } }`;
      await stack.query(mutation, {}, index % 2 === 0 ? 'grace' : 'alan');
    }
    const texts = () => JSON.stringify(socket.messages).match(/order \d+/g) ?? [];
    await waitUntil(() => texts().length >= bodies.length);
    expect(texts()).toEqual(bodies);
    socket.socket.close();
  });

  it.concurrent.each(Object.entries(stalledClients))(
    'are not acknowledged before the operating system has taken them, over %s',
    async (_transport, open) => {
      const config = {
        webSocketPingMs: 5_000,
        requestTimeoutMs: 5_000,
        keepAliveMs: 5_000,
        subscriberQueueBytes: 200_000_000,
      };
      await using relay = await startRelay(config);
      const client = await open(relay.gateway.url, authorization, query);
      await relay.upstream.stream(authorization);
      // More than the system's buffers hold, which on a busy machine is less than a megabyte: one is cut in the middle.
      const events = Array.from({ length: 200 }, (_, count) => `e${count}`);
      for (const id of events) relay.say(id, 'x'.repeat(90_000));
      // It reads nothing, so the gateway cuts it off; what the system has taken still arrives after that.
      await waitUntil(() => relay.upstream.streams.size === 0);
      const received = (await client.readToTheEnd()).map((text) => (JSON.parse(text) as Next).data.messageReceived.id);
      expect(received.length).toBeGreaterThan(0);
      expect(received.length).toBeLessThan(events.length - 1);
      await waitUntil(() => relay.upstream.acknowledged().length >= received.length);
      expect(relay.upstream.acknowledged()).toEqual(received);

      const again = await openAcknowledged(relay.gateway.url);
      subscribe(again, '2');
      await waitUntil(() => gotOf(again, '2').length === events.length - received.length);
      expect([...received, ...gotOf(again, '2').map(({ id }) => id)]).toEqual(events);
      again.socket.close();
    },
  );

  it('wait in the gateway within its bounds, and end a client that does not read them', async () => {
    await using relay = await startRelay({ webSocketPingMs: 60_000 });
    const socket = await openAcknowledged(relay.gateway.url);
    subscribe(socket, '1');
    await relay.upstream.stream(authorization);
    socket.socket.pause();
    const metric = async (name: string) => {
      const text = await (await fetch(`${relay.gateway.url}/metrics`)).text();
      return Number(new RegExp(`^tigerconnect_${name} (\\S+)$`, 'm').exec(text)?.[1]);
    };
    // More than the kernel and the gateway hold: the gateway stops reading for two seconds, and then continues without the client.
    for (let event = 0; event < 300; event++) relay.say(`e${event}`, 'x'.repeat(100_000));
    await expect.poll(() => metric('subscribers_dropped_total')).toBe(1);
    expect(await metric('subscriptions')).toBe(0);
    socket.socket.resume();
    const last = await socket.message('complete', '1');
    expect(socket.messages.at(-1)).toEqual(last);
    expect(socket.messages.at(-2)).toMatchObject({
      type: 'next',
      id: '1',
      payload: { errors: [{ extensions: { code: 'SLOW_CONSUMER' } }] },
    });
    const received = gotOf({ ...socket, messages: socket.messages.slice(0, -2) }, '1').map(({ id }) => id);
    expect(received).toEqual(Array.from({ length: received.length }, (_, count) => `e${count}`)); // in order until then
    socket.socket.close();
  });
});

const formats = {
  SSE: { accept: 'text/event-stream', type: 'text/event-stream', opening: ':\n\n', heartbeat: ':\n\n' },
  multipart: {
    accept: 'multipart/mixed;subscriptionSpec=1.0',
    type: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    opening: '\r\n--graphql',
    heartbeat: '\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql',
  },
} as const;

describe('events over HTTP', () => {
  const ask = (stack: Stack, accept: string, method = 'POST') => {
    const text = 'subscription { connectionStatus { state } }';
    const headers = { accept, authorization };
    if (method === 'GET')
      return fetch(`${stack.gateway.url}/graphql?${new URLSearchParams({ query: text })}`, { headers });
    return fetch(`${stack.gateway.url}/graphql`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: text }),
    });
  };

  it.each(Object.entries(formats))(
    'over %s have headers against caching and buffering, and begin at once',
    async (_name, { accept, type, opening }) => {
      await using stack = await startStack();
      for (const [index, method] of ['POST', 'GET'].entries()) {
        const response = await ask(stack, accept, method);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('cache-control')).toBe('no-store');
        expect(response.headers.get('x-accel-buffering')).toBe('no');
        expect(response.headers.get('x-request-id')).toBeTruthy();
        const reader = response.body?.getReader();
        const first = Buffer.from((await reader?.read())?.value ?? []).toString();
        expect(first.slice(0, opening.length)).toBe(opening);
        await reader?.cancel();
        await waitUntil(() => stack.sandbox.requests.count('createEvents') === index + 1);
        await expect.poll(async () => (await controlOf(stack.sandbox).openStreams())['ada'] ?? 0).toBe(0);
      }
    },
  );

  it.each(Object.entries(formats))('over %s have heartbeats between them', async (_name, { accept, heartbeat }) => {
    await using stack = await startStack();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const response = await ask(stack, accept);
      let text = '';
      const reading = (async () => {
        for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
      })();
      await waitUntil(() => text.includes('LIVE'));
      const before = text.length;
      for (let beats = 1; beats <= 3; beats += 1) {
        vi.advanceTimersByTime(12_000);
        await waitUntil(() => text.length === before + beats * heartbeat.length);
      }
      expect(text.slice(before)).toBe(heartbeat.repeat(3));
      void stack.gateway.close();
      await reading;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['SSE', 'multipart'] as const)(
    'over %s wait within the bounds, and end a client that does not read them',
    async (name) => {
      await using relay = await startRelay();
      const client = await stalledClients[name](relay.gateway.url, authorization, query);
      await relay.upstream.stream(authorization);
      for (let event = 0; event < 300; event++) relay.say(`e${event}`, 'x'.repeat(100_000));
      const metrics = async () => (await fetch(`${relay.gateway.url}/metrics`)).text();
      await expect.poll(metrics).toMatch(/^tigerconnect_subscribers_dropped_total 1$/m);
      const results = (await client.readToTheEnd()).map(
        (text) => JSON.parse(text) as Partial<Next> & { errors?: unknown },
      );
      expect(results.pop()).toMatchObject({ errors: [{ extensions: { code: 'SLOW_CONSUMER', retryable: true } }] });
      const received = results.map(({ data }) => data?.messageReceived.id);
      expect(received).toEqual(Array.from({ length: received.length }, (_, count) => `e${count}`));
    },
  );

  it.each([
    'application/json',
    'multipart/mixed',
    'multipart/mixed;subscriptionSpec=2.0',
    'multipart/mixed;deferSpec=20220824',
    'multipart/mixed;subscriptionSpec=1.0;q=0, application/json',
    'application/graphql-response+json',
    'multipart/*',
    '*/*',
  ])('are rejected for %s, over which the gateway cannot see when an event has been sent', async (accept) => {
    await using stack = await startStack();
    const response = await ask(stack, accept);
    expect(response.status).toBe(accept.endsWith('Spec=2.0') || accept.includes('deferSpec') ? 406 : 400);
    if (response.status === 400) expect(await response.text()).toContain('"code":"BAD_USER_INPUT"');
    expect(await (await fetch(`${stack.gateway.url}/metrics`)).text()).toContain('tigerconnect_subscriptions 0');
  });
});
