import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parseConfig } from '../../src/config/config.ts';
import { errorCodes } from '../../src/errors.ts';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { metricCatalogue } from '../../src/observability/metric-catalogue.ts';
import { overMultipart, overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, keeping, post, type Stack, startStack, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return response.text();
}

/** Value of a series, or undefined when it does not exist. */
function seriesOf(metrics: string, series: string): number | undefined {
  const line = metrics.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const sendMessage =
  'mutation { sendMessage(input: { recipient: "grace@example.org", body: "Room 4?" }) { message { id } } }';

describe('/metrics', () => {
  it('counts operations by type, transport and outcome', async () => {
    await using stack = await startStack();
    const { url } = stack.gateway;
    await stack.query('{ me { displayName } }');
    await stack.query('{ me { displayName } }', {}, null);
    await stack.query('{ nonsense }');
    await stack.query(sendMessage);
    await fetch(`${url}/graphql?query=${encodeURIComponent('{ me { id } }')}`, {
      headers: { authorization: basic('ada'), accept: 'text/event-stream' },
    }).then((response) => response.text());
    const live = overMultipart(stack.gateway, 'subscription { connectionStatus { state } }');
    await live.next();
    await live.close();

    const metrics = await scrape(url);
    const count = (type: string, transport: string, outcome: string) =>
      seriesOf(metrics, `tigerconnect_operations_total{type="${type}",transport="${transport}",outcome="${outcome}"}`);
    expect(count('query', 'http', 'OK')).toBe(1);
    expect(count('mutation', 'http', 'OK')).toBe(1);
    expect(count('unknown', 'http', 'UNAUTHENTICATED')).toBe(1);
    expect(count('unknown', 'http', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(count('query', 'sse', 'OK')).toBe(1);
    expect(count('subscription', 'multipart', 'OK')).toBe(1);
    expect(seriesOf(metrics, 'tigerconnect_operation_duration_seconds_count{type="query",transport="http"}')).toBe(1);
  });

  it('counts upstream requests by operationId and outcome, their repetitions, and the sizes of batches', async () => {
    await using stack = await startStack();
    await controlOf(stack.sandbox).fault({ kind: 'status', operationId: 'getRoster', status: 503, count: 1 });
    const { data } = await stack.query(
      '{ roster { entries(kinds: [USER]) { nodes { counterpart { ... on User { token } } } } } }',
    );
    const { nodes } = present(data).roster.entries;
    await stack.query('query ($ids: [ID!]!) { users(ids: $ids) { displayName } }', {
      ids: nodes.map(({ counterpart }) => counterpart.token),
    });
    const metrics = await scrape(stack.gateway.url);
    const calls = (operation: string, outcome: string) =>
      seriesOf(metrics, `tigerconnect_upstream_requests_total{operation_id="${operation}",outcome="${outcome}"}`);
    expect(calls('getRoster', 'UPSTREAM_UNAVAILABLE')).toBe(1);
    expect(calls('getRoster', 'OK')).toBe(1);
    expect(seriesOf(metrics, 'tigerconnect_upstream_retries_total{operation_id="getRoster"}')).toBe(1);
    const bulk = stack.sandbox.requests.count('lookupUsersBulk');
    expect(bulk).toBeGreaterThan(0);
    expect(calls('lookupUsersBulk', 'OK')).toBe(bulk);
    expect(seriesOf(metrics, 'tigerconnect_upstream_batch_size_count{operation_id="lookupUsersBulk"}')).toBe(bulk);
    expect(seriesOf(metrics, 'tigerconnect_upstream_batch_size_bucket{le="20",operation_id="lookupUsersBulk"}')).toBe(
      bulk,
    );
  });

  it('shows sockets, streams and events, and the delay of the event loop', async () => {
    await using stack = await startStack();
    const socket = new WebSocket(`${stack.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const metrics = await scrape(stack.gateway.url);
    expect(seriesOf(metrics, 'tigerconnect_websockets')).toBe(1);
    expect(seriesOf(metrics, 'tigerconnect_event_streams')).toBe(0);
    expect(seriesOf(metrics, 'tigerconnect_upstream_available')).toBe(1);
    expect(seriesOf(metrics, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(seriesOf(metrics, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    socket.close();
    await once(socket, 'close');
    await expect.poll(async () => seriesOf(await scrape(stack.gateway.url), 'tigerconnect_websockets')).toBe(0);
  });

  it('shows subscriptions, streams and events while they live', async () => {
    await using stack = await startStack();
    const { url } = stack.gateway;
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: basic('grace') },
    });
    const received = client
      .iterate({ query: 'subscription { messageReceived { message { body } } }' })
      [Symbol.asyncIterator]();
    const first = received.next();
    await waitUntil(() => stack.sandbox.requests.count('createEvents') === 1);
    await stack.query(sendMessage);
    await first;

    const during = await scrape(url);
    expect(seriesOf(during, 'tigerconnect_websockets')).toBe(1);
    expect(seriesOf(during, 'tigerconnect_subscriptions')).toBe(1);
    expect(seriesOf(during, 'tigerconnect_event_streams')).toBe(1);
    expect(seriesOf(during, 'tigerconnect_events_relayed_total')).toBeGreaterThan(0);
    expect(seriesOf(during, 'tigerconnect_events_queued')).toBe(0);
    expect(seriesOf(during, 'tigerconnect_subscribers_dropped_total')).toBe(0);
    expect(
      seriesOf(during, 'tigerconnect_operations_total{type="subscription",transport="websocket",outcome="OK"}'),
    ).toBe(1);

    await received.return?.();
    await client.dispose();
    const open = async () => {
      const after = await scrape(url);
      return [seriesOf(after, 'tigerconnect_websockets'), seriesOf(after, 'tigerconnect_subscriptions')];
    };
    await expect.poll(open).toEqual([0, 0]);
  });

  it('has no label with input of a client or the upstream', async () => {
    await using stack = await startStack();
    await stack.query('query CanaryName { me { canaryAlias: displayName } }');
    await stack.query('query ($canaryVariable: ID!) { user(id: $canaryVariable) { id } }', {
      canaryVariable: 'canary',
    });
    await post(stack.gateway.url, { query: '{ canaryField }', operationName: 'CanaryOperation', transport: 'canary' });
    await stack.query('{ me { id } }', {}, 'canary');
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 499, message: 'canary', count: 1 });
    await stack.query('{ me { id } }');
    const metrics = await scrape(stack.gateway.url);
    expect(metrics.toLowerCase()).not.toContain('canary');
    const graphql = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE'];
    const known = new Set(['OK', 'ABORTED', ...Object.keys(errorCodes), ...graphql]);
    for (const [, outcome = ''] of metrics.matchAll(/outcome="([^"]*)"/g)) expect(known).toContain(outcome);
  });

  it('has exactly the series in the manual', async () => {
    await using stack = await startStack();
    const metrics = await scrape(stack.gateway.url);
    const served = [...metrics.matchAll(/^# TYPE (tigerconnect_\w+) /gm)].map(([, name]) => name);
    const manual = readFileSync(new URL('../../src/deploy/README.md', import.meta.url), 'utf8');
    const named = [...manual.matchAll(/`(tigerconnect_\w+)`/g)].map(([, name]) => name);
    // Metrics of Redis and of an identity provider are served only when they are configured.
    const conditional = new Set<unknown>(
      Object.values(metricCatalogue).flatMap(({ name, help }) => (help.startsWith('With ') ? [name] : [])),
    );
    expect(named.filter((name) => !conditional.has(name)).toSorted()).toEqual(served.toSorted());
  });

  it('names registered operations, and no others', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'operations.json');
    const text = 'query RoomBoard { me { displayName } }';
    writeFileSync(file, JSON.stringify({ 'sha256:1': text }));
    await using stack = await startStack({ config: { persistedOperations: 'allow', persistedOperationsFile: file } });
    await stack.query(text);
    await stack.query(text);
    await stack.query('query Canary { me { id } }');
    const metrics = await scrape(stack.gateway.url);
    const series = '{operation="RoomBoard",outcome="OK"}';
    expect(seriesOf(metrics, `tigerconnect_registered_operations_total${series}`)).toBe(2);
    expect(metrics).toContain('tigerconnect_registered_operation_duration_seconds_count{operation="RoomBoard"} 2');
    expect(metrics).not.toContain('Canary');
    // The manifest itself is prepared at the start.
    expect(seriesOf(metrics, 'tigerconnect_operation_cache_hits_total')).toBeGreaterThanOrEqual(2);
    expect(seriesOf(metrics, 'tigerconnect_operation_cache_misses_total')).toBeGreaterThanOrEqual(2);
    rmSync(dirname(file), { recursive: true });
  });

  it('measures the wait for a permit and for a subscriber, and has the build version', async () => {
    await using stack = await startStack({ config: { upstreamConcurrencyPerCaller: 1, ...keeping } });
    const { url } = stack.gateway;
    await stack.query('{ me { id displayName } roster { entries { totalCount } } mutes { token } }');
    await stack.query('{ me { id displayName } }');
    const live = overWebSocket(stack.gateway, 'subscription { messageReceived { id } }', { as: 'grace' });
    await waitUntil(() => stack.sandbox.requests.count('createEvents') === 1);
    await stack.query(sendMessage);
    await live.next();
    await live.close();
    const metrics = await scrape(url);
    expect(seriesOf(metrics, 'tigerconnect_upstream_wait_seconds_count')).toBeGreaterThan(0);
    expect(seriesOf(metrics, 'tigerconnect_subscription_lag_seconds_count')).toBeGreaterThan(0);
    expect(seriesOf(metrics, 'tigerconnect_subscription_lag_seconds_sum')).toBeLessThan(30);
    expect(seriesOf(metrics, 'tigerconnect_events_queued_age_seconds')).toBe(0);
    expect(seriesOf(metrics, 'tigerconnect_entity_cache_hits_total')).toBe(1);
    expect(seriesOf(metrics, 'tigerconnect_entity_cache_misses_total')).toBeGreaterThan(0);
    expect(seriesOf(metrics, 'tigerconnect_audit_waiting_bytes')).toBe(0);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(metrics).toContain(`tigerconnect_build_info{version="${version}",node="${process.versions.node}"} 1`);
  });

  it('is served on a port of its own, and nowhere else, with METRICS_PORT', async () => {
    await using stack = await startStack({ config: { metricsPort: 0 } });
    const { url, metricsUrl = '' } = stack.gateway;
    expect(await scrape(metricsUrl)).toContain('tigerconnect_build_info');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${metricsUrl}/graphql`)).status).toBe(404);
    expect((await fetch(`${metricsUrl}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    await stack.gateway.close();
    await expect(fetch(`${metricsUrl}/metrics`)).rejects.toThrow('fetch failed');
    const port = Number(new URL(metricsUrl).port);
    const config = testConfig('http://127.0.0.1:1', { port, metricsPort: port });
    await expect(startGateway({ config, log: createLog('silent') })).rejects.toThrow('EADDRINUSE');
  });

  it('is absent when disabled', async () => {
    await using stack = await startStack({ config: { metrics: false } });
    await stack.query('{ me { id } }');
    expect((await fetch(`${stack.gateway.url}/metrics`)).status).toBe(404);
  });

  it('cannot be disabled and have a port, and has a separate address only on a separate port', () => {
    expect(() => parseConfig({ METRICS: 'false', METRICS_PORT: '9464' })).toThrow(
      'METRICS: expected true with METRICS_PORT.',
    );
    expect(() => parseConfig({ METRICS_HOST: '127.0.0.1' })).toThrow('METRICS_PORT: expected with METRICS_HOST');
    expect(parseConfig({ METRICS_HOST: '127.0.0.1', METRICS_PORT: '9464' }).metricsPort).toBe(9464);
    expect(parseConfig({ METRICS: 'false' }).metrics).toBe(false);
  });
});

/** Several callers and operations: failures of one credential, or of one operation, are not the upstream's. */
async function askAsMany(stack: Stack): Promise<void> {
  for (const name of ['ada', 'grace', 'alan', 'edward']) {
    await stack.query('{ me { id } roster { entries { totalCount } } }', {}, name);
  }
}

describe('/readyz', () => {
  it('stays ready while only the upstream is down, so that an outage does not take all replicas out at once', async () => {
    await using stack = await startStack({ config: { upstreamBreakerFailures: 3, upstreamBreakerPauseMs: 60_000 } });
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 503 });
    const isOpen = () => stack.logLines.some((line) => line.includes('upstream circuit open'));
    while (!isOpen()) await askAsMany(stack);
    expect((await fetch(`${stack.gateway.url}/readyz`)).status).toBe(200);
    expect(stack.logLines.join()).not.toContain('not ready');
  });

  it('is not ready while the circuit breaker rejects calls, and ready again when it admits a trial', async () => {
    await using stack = await startStack({
      config: { readiness: 'upstream', upstreamBreakerFailures: 3, upstreamBreakerPauseMs: 1500 },
    });
    const ready = async () => (await fetch(`${stack.gateway.url}/readyz`)).status;
    expect(await ready()).toBe(200);
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'status', status: 503 });
    while ((await ready()) === 200) await askAsMany(stack);
    expect(await ready()).toBe(503);
    expect((await fetch(`${stack.gateway.url}/healthz`)).status).toBe(200);
    // A load balancer that removed the gateway would never send the call that closes the circuit.
    await control.clearFaults();
    await expect.poll(ready).toBe(200);
    await expect
      .poll(async () => (await stack.query('{ me { displayName } }')).data)
      .toEqual({ me: { displayName: 'Ada Lovelace' } });
    expect(await ready()).toBe(200);
  });
});
