import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { ownTime } from '../support/own-time.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, startStack } from '../support/stack.ts';
import { rejectWith, reply, startWireServer } from '../support/wire-server.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

async function ask(url: string, query: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic('ada'), ...headers },
    body: JSON.stringify({ query }),
  });
  return response.text();
}

describe('traces', () => {
  it('continue the caller’s trace with a span for the operation and one for each upstream call', async () => {
    await using collector = await startCollector();
    const stack = await startStack({
      config: { otelExporterOtlpEndpoint: collector.url, otelExporterOtlpHeaders: 'x-key=secret, x-other = 2' },
    });
    await ask(
      stack.gateway.url,
      '{ roster { entries(kinds: [GROUP]) { nodes { counterpart { ... on Group { members { nodes { displayName } } } } } } } }',
      {
        traceparent: `00-${traceId}-${parentId}-01`,
        'x-request-id': 'request-7',
      },
    );
    await stack[Symbol.asyncDispose]();

    const operation = collector.spans.find(({ name }) => name === 'query');
    expect(operation).toMatchObject({
      traceId,
      parentSpanId: parentId,
      kind: 2,
      isError: false,
      attributes: {
        'graphql.operation.type': 'query',
        'tigerconnect.transport': 'http',
        'tigerconnect.outcome': 'OK',
        'tigerconnect.request_id': 'request-7',
      },
    });
    const calls = collector.spans.filter(({ kind }) => kind === 3);
    expect(calls.map(({ name }) => name)).toContain('getUser');
    for (const call of calls) expect(call).toMatchObject({ traceId, parentSpanId: operation?.spanId });
    expect(calls.find(({ name }) => name === 'getRoster')?.attributes).toEqual({
      'http.request.method': 'GET',
      'tigerconnect.outcome': 'OK',
    });
    expect(collector.text()).toContain('/v1/traces');
    expect(collector.text()).toContain('"x-key":"secret"');
    expect(collector.text()).toContain('"x-other":"2"');
  });

  it('send the span of each call upstream, and have its outcome', async () => {
    await using collector = await startCollector();
    await using upstream = await startWireServer((_request, response) => reply(response, {}, 503));
    const stack = await startStack({
      upstreamUrl: upstream.origin,
      config: { otelExporterOtlpEndpoint: collector.url, upstreamRetries: 0 },
    });
    await stack.query('{ me { id } }');
    await stack[Symbol.asyncDispose]();
    const call = collector.spans.find(({ name }) => name === 'getMe');
    expect(upstream.requests[0]?.headers['traceparent']).toBe(`00-${call?.traceId}-${call?.spanId}-01`);
    expect(call).toMatchObject({
      isError: true,
      attributes: { 'tigerconnect.outcome': 'UPSTREAM_UNAVAILABLE', 'http.response.status_code': 503 },
    });
    expect(collector.spans.find(({ name }) => name === 'query')).toMatchObject({ isError: true });
  });

  it('are sent for the configured share, and for none that the caller excluded', async () => {
    await using collector = await startCollector();
    const none = await startStack({
      config: { otelExporterOtlpEndpoint: collector.url, otelTracesSamplerArg: 0 },
    });
    await none.query('{ me { id } }');
    await none[Symbol.asyncDispose]();
    const all = await startStack({ config: { otelExporterOtlpEndpoint: collector.url } });
    await ask(all.gateway.url, '{ me { id } }', { traceparent: `00-${traceId}-${parentId}-00` });
    await all[Symbol.asyncDispose]();
    expect(collector.spans).toEqual([]);
  });

  it('contain neither paths, queries, variables, names, addresses nor credentials', async () => {
    await using collector = await startCollector();
    const stack = await startStack({ config: { otelExporterOtlpEndpoint: collector.url } });
    await stack.query('query CanaryName($id: ID!) { canaryAlias: user(id: $id) { id } }', { id: 'canary@example.org' });
    await stack.query(
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "canary" }) { message { id } } }',
    );
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 400, message: 'canary', count: 1 });
    await stack.query('{ me { displayName } }', {}, 'ada');
    await stack.query('{ me { displayName } }', {}, 'canary');
    await stack[Symbol.asyncDispose]();
    expect(collector.spans.length).toBeGreaterThan(4);
    for (const secret of ['canary', 'Canary', 'grace', 'Lovelace', '/v2/', 'YWRh', 'example.org'])
      expect(collector.text()).not.toContain(secret);
  });

  it('do not delay the end when the collector is unreachable', async () => {
    const stack = await startStack({ config: { otelExporterOtlpEndpoint: 'http://127.0.0.1:9' } });
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    const startedAt = ownTime();
    await stack[Symbol.asyncDispose]();
    expect(ownTime() - startedAt).toBeLessThan(8_000);
  });

  it('forward the caller’s context to the upstream also when they are off', async () => {
    await using upstream = await startWireServer((_request, response) => rejectWith(response, 404));
    await using stack = await startStack({ upstreamUrl: upstream.origin });
    await ask(stack.gateway.url, '{ me { id } }', { traceparent: `00-${traceId}-${parentId}-01` });
    expect(upstream.requests[0]?.headers['traceparent']).toBe(`00-${traceId}-${parentId}-01`);
    await ask(stack.gateway.url, '{ me { id } }', { traceparent: 'canary' });
    expect(upstream.requests[1]?.headers['traceparent']).toBeUndefined();
  });
});
