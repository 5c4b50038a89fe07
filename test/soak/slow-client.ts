/**
 * Many clients of one gateway, one of which stops reading its socket: the others must not feel it, little may be held for
 * it, and it is cut off.
 */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/log.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded } from './figures.ts';

export interface SlowClientReport {
  readonly clients: number;
  /** Milliseconds from the upstream's write to the client, nobody stalled. */
  readonly p99BeforeMs: number;
  /** The same with one stalled. */
  readonly p99WithOneStalledMs: number;
  /** Events the others did not get. */
  readonly lost: number;
  /** Most bytes that waited in the queues of all. */
  readonly mostQueuedBytes: number;
  /** Seconds from the stall until the subscription was ended as SLOW_CONSUMER; NaN when it was not. */
  readonly cutOffAfterSeconds: number;
}

const authorization = `Basic ${Buffer.from('caller:x').toString('base64')}`;
const body = 'x'.repeat(1_000);
const messages = 'subscription { messageReceived { id message { body } } }';
/** What the client that stalls asks for: messages too, and the tags that are to fill its queue. */
const everything =
  'subscription { events { id ... on MessageReceived { message { body } } ... on TagChanged { name } } }';

export async function runSlowClient(options: {
  readonly clients: number;
  readonly events: number;
  readonly everyMs: number;
}): Promise<SlowClientReport> {
  await using upstream = await EventUpstream.start();
  const gateway = await startGateway({
    config: testConfig(upstream.url, { maxSubscribersPerStream: 2_000, webSocketPingMs: 60_000 }),
    log: createLog('silent'),
  });
  await using _closing = { [Symbol.asyncDispose]: () => gateway.close() };
  const url = `${gateway.url.replace('http', 'ws')}/graphql`;
  const sentAt = new Map<string, number>();
  let delays: number[] = [];
  let received = 0;
  const clients = Array.from({ length: options.clients - 1 }, () =>
    createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization } }),
  );
  for (const client of clients) {
    client.subscribe<{ messageReceived: { id: string } }>(
      { query: messages },
      {
        next: ({ data }) => {
          received += 1;
          delays.push(performance.now() - (sentAt.get(data?.messageReceived.id ?? '') ?? Number.NaN));
        },
        error: () => {},
        complete: () => {},
      },
    );
  }
  const stalled = await subscribeByHand(url);
  const subscribed = async () => (await metric(gateway, 'tigerconnect_subscriptions')) === options.clients;
  while (!(await subscribed())) await new Promise((resolve) => setTimeout(resolve, 50));

  let due = 0;
  const say = () => {
    const id = `e${sentAt.size}`;
    sentAt.set(id, performance.now());
    upstream.push(authorization, { id, json: json(id, 'tigertext:iq:message', { client_id: id, body }) });
    due += clients.length;
  };
  const round = async () => {
    delays = [];
    for (let index = 0; index < options.events; index += 1) {
      say();
      await new Promise((resolve) => setTimeout(resolve, options.everyMs));
    }
    await waitUntil(() => received >= due, 60_000).catch(() => {});
    return percentile(delays, 0.99);
  };
  await round(); // warms up
  const p99Before = await round();
  stalled.pause();
  const stalledAt = performance.now();
  const p99After = await round();
  // The operating system's buffers hold some megabytes for the stalled one; beyond them its queue in the gateway fills.
  let cutOffAfter = Number.NaN;
  let mostQueued = 0;
  for (let index = 0; index < 1_000 && Number.isNaN(cutOffAfter); index += 1) {
    const filler = { token: 't', display_name: 'y'.repeat(60_000) };
    upstream.push(authorization, { id: `fill${index}`, json: json(`fill${index}`, 'tigertext:iq:update:tag', filler) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    mostQueued = Math.max(mostQueued, await metric(gateway, 'tigerconnect_events_queued_bytes'));
    const dropped = await metric(gateway, 'tigerconnect_subscribers_dropped_total');
    if (dropped > 0) cutOffAfter = (performance.now() - stalledAt) / 1000;
  }
  stalled.terminate();
  for (const client of clients) client.terminate();
  return {
    clients: options.clients,
    p99BeforeMs: rounded(p99Before),
    p99WithOneStalledMs: rounded(p99After),
    lost: due - received,
    mostQueuedBytes: mostQueued,
    cutOffAfterSeconds: rounded(cutOffAfter),
  };
}

async function metric(gateway: Gateway, name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** A client whose socket can be paused. */
async function subscribeByHand(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  const acknowledged = new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await acknowledged;
  socket.send(JSON.stringify({ id: 'slow', type: 'subscribe', payload: { query: everything } }));
  socket.on('message', () => {}); // read and forgotten, until it is paused
  socket.on('error', () => {});
  return socket;
}
