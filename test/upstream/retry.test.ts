/** What is sent again, when, and how rarely. */

import { describe, expect, it } from 'vitest';
import { openAttachment } from '../../src/upstream/endpoints/attachment.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { deleteGroup, groupLookup } from '../../src/upstream/endpoints/group.ts';
import { getMessageStatusesBulk, messageLookup, recallMessage } from '../../src/upstream/endpoints/message.ts';
import { setMetadata } from '../../src/upstream/endpoints/metadata.ts';
import { getRoster } from '../../src/upstream/endpoints/roster.ts';
import { search } from '../../src/upstream/endpoints/search.ts';
import { forwardMessage, sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { lookupOrCreateUser, lookupUsersBulk } from '../../src/upstream/endpoints/user.ts';
import type { Upstream } from '../../src/upstream/upstream.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada } from '../support/endpoint-case.ts';
import { type Answerer, connectTo, json, rejectWith, startWireServer } from '../support/wire-server.ts';

/** Fails the first `times` requests, then answers. */
function failing(times: number, fail: Answerer, answer: Answerer): Answerer {
  let left = times;
  return (request, response) => (left-- > 0 ? fail(request, response) : answer(request, response));
}

const unavailable: Answerer = (_request, response) => rejectWith(response, 503);
const cut: Answerer = (_request, response) => void response.destroy();
const empty: Answerer = (_request, response) => json(response, 200, { reply: [] });

describe('a read', () => {
  it.each([
    ['502', (_request, response) => rejectWith(response, 502)],
    ['503', unavailable],
    ['504', (_request, response) => rejectWith(response, 504)],
    ['429', (_request, response) => rejectWith(response, 429, { 'retry-after': '0' })],
    ['a cut connection', cut],
  ] as [string, Answerer][])('is retried after %s', async (_name, fail) => {
    await using server = await startWireServer(failing(2, fail, empty));
    await using side = connectTo(server.origin);
    expect(await getRoster(side.upstream)).toEqual([]);
    expect(server.requests).toHaveLength(3);
    expect(side.records.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(side.logLines).toEqual([]);
  });

  it.each([
    ['accounts in bulk', (upstream: Upstream) => lookupUsersBulk(upstream, [ada]), []],
    [
      'statuses in bulk',
      (upstream: Upstream) => getMessageStatusesBulk(upstream, ['m']),
      { bulk_message_statuses: [] },
    ],
    [
      'a search',
      (upstream: Upstream) => search(upstream, { query: 'x', kinds: ['USER'], organizations: [], pageSize: 1 }),
      { results: [] },
    ],
  ] as const)('by POST is retried as well: %s', async (_name, read, answer) => {
    await using server = await startWireServer(
      failing(1, unavailable, (_request, response) => json(response, 200, { reply: answer })),
    );
    await using side = connectTo(server.origin);
    await read(side.upstream);
    expect(server.requests).toHaveLength(2);
  });

  it('is retried at most twice, then fails with the last response, logged once', async () => {
    await using server = await startWireServer(unavailable);
    await using side = connectTo(server.origin);
    await expect(getRoster(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(server.requests).toHaveLength(3);
    expect(side.logLines.map((line) => JSON.parse(line))).toMatchObject([
      { attempt: 3, status: 503, msg: 'upstream call failed' },
    ]);
  });

  it.each([400, 401, 403, 409, 500])('is not retried after %i', async (status) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin);
    await getRoster(side.upstream).catch(() => {});
    expect(server.requests).toHaveLength(1);
  });

  it('is not retried with UPSTREAM_RETRIES=0', async () => {
    await using server = await startWireServer(unavailable);
    await using side = connectTo(server.origin, { upstreamRetries: 0 });
    await getRoster(side.upstream).catch(() => {});
    expect(server.requests).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('delays a retry that fits into the deadline', async () => {
    const limited: Answerer = (_request, response) => rejectWith(response, 429, { 'retry-after': '1' });
    await using server = await startWireServer(failing(1, limited, empty));
    await using side = connectTo(server.origin);
    const startedAt = performance.now();
    expect(await getRoster(side.upstream)).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  it('fails the call at once when it does not', async () => {
    await using server = await startWireServer((_request, response) =>
      rejectWith(response, 429, { 'retry-after': '30' }),
    );
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 20_000 });
    await expect(getRoster(side.upstream)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 30 });
    expect(server.requests).toHaveLength(1);
  });

  it('ends when the client disconnects during the pause', async () => {
    await using server = await startWireServer((_request, response) =>
      rejectWith(response, 503, { 'retry-after': '4' }),
    );
    const client = new AbortController();
    await using side = connectTo(
      server.origin,
      { upstreamTimeoutMs: 60_000 },
      { cancellation: cancellationOf(client.signal) },
    );
    const call = getRoster(side.upstream);
    await expect.poll(() => side.records.length).toBe(1);
    client.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a send', () => {
  const send = (upstream: Upstream) => sendMessage(upstream, { recipient: ada, body: 'x', requestId: 'r-1' });
  const forward = (upstream: Upstream) => forwardMessage(upstream, 'm', { recipient: ada, requestId: 'r-1' });

  it.each([
    ['message', send],
    ['forward', forward],
  ])('of a %s is retried under one Request-ID, and 304 is its success', async (_name, call) => {
    const stored: Answerer = (_request, response) => void response.writeHead(304, { 'tt-x-message-id': 'm-1' }).end();
    await using server = await startWireServer(failing(1, cut, stored));
    await using side = connectTo(server.origin);
    expect(await call(side.upstream)).toEqual({ token: 'm-1', message: undefined, alreadyStored: true });
    expect(server.requests.map(({ headers }) => headers['request-id'])).toEqual(['r-1', 'r-1']);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });
});

describe('what is never retried', () => {
  it.each([
    ['reading a message, which may burn it', (upstream: Upstream) => upstream.find(messageLookup('m'))],
    ['opening an attachment', (upstream: Upstream) => openAttachment(upstream, 'm')],
    ['recalling a message', (upstream: Upstream) => recallMessage(upstream, 'm')],
    ['deleting a group', (upstream: Upstream) => deleteGroup(upstream, 'g')],
    ['replacing metadata', (upstream: Upstream) => setMetadata(upstream, ada, {})],
    ['creating an account', (upstream: Upstream) => lookupOrCreateUser(upstream, 'a@example.org')],
    ['acknowledging events', (upstream: Upstream) => acknowledgeEvents(upstream, ['e'])],
  ])('is %s', async (_name, call) => {
    for (const fail of [unavailable, cut]) {
      await using server = await startWireServer(fail);
      await using side = connectTo(server.origin);
      await expect(call(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(server.requests).toHaveLength(1);
    }
  });
});

describe('a full outage', () => {
  it('costs the upstream at most 1.2 requests for each call', async () => {
    const calls = 300;
    await using server = await startWireServer(unavailable);
    // The circuit breaker would hide the budget: it is out of the way here.
    await using side = connectTo(server.origin, { upstreamBreakerFailures: 10_000 });
    for (let batch = 0; batch < calls; batch += 50) {
      await Promise.allSettled(Array.from({ length: 50 }, () => side.upstream.find(groupLookup('g'))));
    }
    expect(server.requests.length).toBeGreaterThan(calls);
    expect(server.requests.length).toBeLessThanOrEqual(calls * 1.2);
  });
});
