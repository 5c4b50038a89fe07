/** One story of a subscriber, over every transport that carries subscriptions: each hears the same. */
import { describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import {
  type LiveResult,
  type LiveSubscription,
  overWebSocket,
  type Transport,
  transports,
} from '../support/live-subscription.ts';
import { basic, post, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const authorization = basic('ada');

const query = `subscription ($after: ID, $acknowledge: AcknowledgeMode! = AUTO) {
  events(after: $after, acknowledge: $acknowledge) {
    __typename
    ... on MessageReceived { id message { body } }
    ... on SubscriptionGap { gapReason }
  }
}`;
const acknowledge = 'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }';

async function take(live: LiveSubscription, count: number): Promise<LiveResult[]> {
  const results: LiveResult[] = [];
  while (results.length < count) results.push(await live.next());
  return results;
}

const long = 'x'.repeat(70_000);

/** What a subscriber hears from its beginning until the upstream rejects its credential, and what is acknowledged. */
async function story(subscribe: Transport): Promise<Readonly<Record<string, unknown>>> {
  await using upstream = await EventUpstream.start();
  const config = testConfig(upstream.url, { streamLingerMs: 0, maxSubscribersPerStream: 2 });
  const gateway = await startGateway({ config, log: createLog('silent') });
  const say = (id: string, body: string) =>
    upstream.push(authorization, { id, json: json(id, 'tigertext:iq:message', { client_id: id, body }) });
  const heard: Record<string, unknown> = {};
  const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text();
  const tell = async (name: string, live: LiveSubscription, count: number) => {
    heard[name] = await take(live, count);
    await live.close();
    // A client that has left is noticed a moment later.
    await expect.poll(metrics).toContain('tigerconnect_subscriptions 1');
  };

  // Keeps the upstream's stream open, and takes one of the two places.
  const watcher = overWebSocket(gateway, 'subscription { connectionStatus { state } }');
  await upstream.stream(authorization);
  const first = subscribe(gateway, query);
  await expect.poll(metrics).toContain('tigerconnect_subscriptions 2');
  say('e1', 'é "one"\u2028');
  say('e2', long);
  heard['one too many'] = await subscribe(gateway, query).rest();
  await tell('events', first, 2);

  say('e3', 'while it is away');
  await tell('resumed', subscribe(gateway, query, { variables: { after: 'e1' } }), 2);
  await tell('lost', subscribe(gateway, query, { variables: { after: 'unknown' } }), 1);
  await tell('rejected', subscribe(gateway, 'subscription { messageStatusChanged(message: "User:x") { id } }'), 1);
  await waitUntil(() => upstream.acknowledged().length === 3);

  const manual = { variables: { acknowledge: 'MANUAL' } };
  const holding = subscribe(gateway, query, manual);
  await expect.poll(metrics).toContain('tigerconnect_subscriptions 2');
  say('e4', 'held');
  await tell('held', holding, 1);
  await tell('held, again', subscribe(gateway, query, manual), 1);
  heard['acknowledged before it is named'] = upstream.acknowledged();
  await post(gateway.url, { query: acknowledge, variables: { ids: ['e4'] } });
  heard['acknowledged'] = upstream.acknowledged();

  const expiring = subscribe(gateway, query);
  await expect.poll(metrics).toContain('tigerconnect_subscriptions 2');
  upstream.onOpen = (_request, response) => {
    response.writeHead(401).end(JSON.stringify({ status: 'fail' }));
    return true;
  };
  for (const stream of upstream.streamsOf(authorization)) stream.destroy();
  heard['expired'] = await expiring.rest();
  heard['rejected with the credential'] = await subscribe(gateway, query).rest();
  await watcher.close();
  await gateway.close();
  const text = JSON.stringify(heard, (name, value) => (name === 'requestId' ? typeof value : value));
  return JSON.parse(text);
}

const message = (id: string, body: string) => ({
  data: { events: { __typename: 'MessageReceived', id, message: { body } } },
});
const error = (code: string) => ({ errors: [{ extensions: { code, requestId: 'string' } }] });

describe('a subscriber', () => {
  it('receives the same over every transport', async () => {
    const names = Object.keys(transports);
    const stories = await Promise.all(Object.values(transports).map(story));
    expect(stories[0]).toMatchObject({
      events: [message('e1', 'é "one"\u2028'), message('e2', long)],
      'one too many': [error('RATE_LIMITED')],
      resumed: [message('e2', long), message('e3', 'while it is away')],
      lost: [{ data: { events: { __typename: 'SubscriptionGap', gapReason: 'UNKNOWN_POSITION' } } }],
      rejected: [error('BAD_USER_INPUT')],
      held: [message('e4', 'held')],
      'held, again': [message('e4', 'held')],
      'acknowledged before it is named': ['e1', 'e2', 'e3'],
      acknowledged: ['e1', 'e2', 'e3', 'e4'],
      expired: [error('UNAUTHENTICATED')],
      'rejected with the credential': [error('UNAUTHENTICATED')],
    });
    for (const [index, other] of stories.entries()) expect(other, names[index]).toEqual(stories[0]);
  });
});
