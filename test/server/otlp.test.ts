/** Metrics and logs for an OpenTelemetry collector, beside the traces of `tracing.test.ts`. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { type CollectedMetric, startCollector } from '../support/collector.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const interval = { otelMetricsExporter: 'otlp', otelMetricExportInterval: 60_000 } as const;

describe('metrics for a collector', () => {
  it('are those of /metrics, with the same names, values and buckets', async () => {
    await using collector = await startCollector();
    const stack = await startStack({ config: { otelExporterOtlpEndpoint: collector.url, ...interval } });
    for (let count = 0; count < 3; count++) await stack.query('{ me { displayName } }');
    await stack.query('{ me { nothing } }');
    const text = await (await fetch(`${stack.gateway.url}/metrics`)).text();
    await stack[Symbol.asyncDispose]();

    const metricsOf = (name: string) => collector.metrics.filter((metric) => metric.name === name);
    const [operations] = metricsOf('tigerconnect_operations_total');
    expect(operations).toMatchObject({ unit: '1', description: expect.stringContaining('GraphQL operations by type') });
    expect(operations?.sum).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
    const valueAt = (metric: CollectedMetric | undefined, attributes: object) =>
      [...(metric?.sum?.dataPoints ?? []), ...(metric?.gauge?.dataPoints ?? [])].find(
        (point) => JSON.stringify(point.attributes) === JSON.stringify(attributes),
      )?.asDouble;
    expect(valueAt(operations, { type: 'query', transport: 'http', outcome: 'OK' })).toBe(3);
    expect(valueAt(operations, { type: 'unknown', transport: 'http', outcome: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(metricsOf('tigerconnect_websockets')[0]?.gauge?.dataPoints).toMatchObject([{ asDouble: 0, attributes: {} }]);

    const [seconds] = metricsOf('tigerconnect_operation_duration_seconds');
    const point = seconds?.histogram?.dataPoints.find(({ attributes }) => attributes['type'] === 'query');
    expect(seconds?.unit).toBe('s');
    expect(point?.count).toBe(3);
    expect(point?.bucketCounts.length).toBe((point?.explicitBounds.length ?? 0) + 1);
    expect(point?.bucketCounts.reduce((sum, count) => sum + count, 0)).toBe(3);
    // Buckets are cumulative in Prometheus' text, and separate in OTLP.
    let cumulative = 0;
    for (const [index, bound] of (point?.explicitBounds ?? []).entries()) {
      cumulative += point?.bucketCounts[index] ?? 0;
      expect(text).toContain(
        `tigerconnect_operation_duration_seconds_bucket{le="${bound}",type="query",transport="http"} ${cumulative}\n`,
      );
    }
    // Every metric that has a series, and those of the process.
    const exported = new Set(collector.metrics.map(({ name }) => name));
    const served = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    const silent = served.filter((name) => !exported.has(name));
    for (const name of silent) expect(text, name).not.toMatch(new RegExp(`^${name}(_count)?[ {]`, 'm'));
    expect(exported).toContain('process_cpu_user_seconds_total');
    expect(collector.text()).toContain('/v1/metrics');
    expect(collector.text()).not.toMatch(/Lovelace|YWRh|"ada"/);
  });

  it('arrive at each interval', async () => {
    await using collector = await startCollector();
    await using stack = await startStack({
      config: { otelExporterOtlpEndpoint: collector.url, otelMetricsExporter: 'otlp', otelMetricExportInterval: 1_000 },
    });
    await waitUntil(() => collector.metrics.filter(({ name }) => name === 'tigerconnect_websockets').length > 1);
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
  });
});

describe('logs for a collector', () => {
  it('are the lines of the log and of the access log, and contain nothing else', async () => {
    await using collector = await startCollector();
    const stack = await startStack({
      config: { otelExporterOtlpEndpoint: collector.url, otelLogsExporter: 'otlp', accessLog: true },
    });
    await stack.query('query CanaryName { me { displayName } }');
    await stack.query(
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "canary" }) { message { id } } }',
    );
    await stack.query('{ me { displayName } }', {}, 'canary');
    await stack[Symbol.asyncDispose]();
    const operations = collector.logs.filter(({ body }) => body === 'operation');
    expect(operations.map(({ severityText }) => severityText)).toEqual(['info', 'info', 'info']);
    expect(operations[0]).toMatchObject({
      severityNumber: 9,
      attributes: { requestId: expect.any(String), transport: 'http', type: 'query', code: 'OK', upstreamCalls: 1 },
    });
    // What standard output got while the gateway ran.
    const bodies = new Set(collector.logs.map(({ body }) => body));
    expect([...bodies].every((body) => stack.logLines.some((line) => line.includes(JSON.stringify(body))))).toBe(true);
    expect(collector.text()).toContain('/v1/logs');
    for (const secret of ['canary', 'Canary', 'Lovelace', 'grace', 'YWRh', 'example.org'])
      expect(collector.text()).not.toContain(secret);
  });
});

describe('an unreachable collector', () => {
  it('delays neither operations nor the end', async () => {
    const stack = await startStack({
      config: {
        otelExporterOtlpEndpoint: 'http://127.0.0.1:9',
        otelLogsExporter: 'otlp',
        otelMetricsExporter: 'otlp',
        otelMetricExportInterval: 1_000,
      },
    });
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    await stack[Symbol.asyncDispose]();
  });
});

describe('a collector that accepts nothing', () => {
  it('is reported once with its status, and once when it accepts again', async () => {
    await using collector = await startCollector();
    collector.status = 401;
    const config = { otelExporterOtlpEndpoint: collector.url, otelLogsExporter: 'otlp', ...interval } as const;
    await using stack = await startStack({ config: { ...config, otelMetricExportInterval: 1_000 } });
    const lines = (text: string) =>
      stack.logLines.filter((line) => line.includes(text)).map((line) => JSON.parse(line));
    const untilLogged = async (text: string) => {
      while (lines(text).length === 0) await stack.query('{ me { id } }');
    };
    for (const signal of ['traces', 'metrics', 'logs']) {
      await untilLogged(`collector does not accept ${signal}`);
      expect(lines(`collector does not accept ${signal}`)).toMatchObject([{ level: 'warn', status: 401 }]);
    }
    collector.status = 200;
    for (const signal of ['traces', 'metrics', 'logs']) {
      await untilLogged(`collector accepts ${signal} again`);
      expect(lines(`collector does not accept ${signal}`)).toHaveLength(1);
    }
  });
});

describe('what a collector gets of the process', () => {
  const attribute = (text: string, key: string) =>
    new Set(
      [...text.matchAll(new RegExp(`\\{"key":"${key}","value":\\{"stringValue":"([^"]*)"`, 'g'))].map(
        ([, value]) => value,
      ),
    );

  it('distinguishes it from other replicas, with all signals', async () => {
    await using collector = await startCollector();
    const config = { otelExporterOtlpEndpoint: collector.url, otelLogsExporter: 'otlp', ...interval } as const;
    const stack = await startStack({ config });
    await stack.query('{ me { id } }');
    await stack[Symbol.asyncDispose]();
    for (const path of ['/v1/traces', '/v1/metrics', '/v1/logs']) {
      const text = collector
        .text()
        .split('\n')
        .filter((line) => line.startsWith(path))
        .join('\n');
      expect(attribute(text, 'service.name')).toEqual(new Set(['tigerconnect-graphql']));
      expect([...attribute(text, 'service.instance.id')]).toEqual([expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/)]);
      expect([...attribute(text, 'service.version')]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
    }
  });

  it('has the attributes and headers of the settings, whose values are percent-encoded', async () => {
    await using collector = await startCollector();
    const stack = await startStack({
      config: {
        otelExporterOtlpEndpoint: collector.url,
        otelExporterOtlpHeaders: 'authorization=Basic%20abc%3D, x-share=50%',
        otelResourceAttributes: 'deployment.environment.name=ward%20one,service.instance.id=pod-7',
      },
    });
    await stack.query('{ me { id } }');
    await stack[Symbol.asyncDispose]();
    expect(collector.text()).toContain('"authorization":"Basic abc="');
    expect(collector.text()).toContain('"x-share":"50%"');
    expect(attribute(collector.text(), 'deployment.environment.name')).toEqual(new Set(['ward one']));
    expect(attribute(collector.text(), 'service.instance.id')).toEqual(new Set(['pod-7']));
  });
});

describe('the settings of the exports', () => {
  it('need a collector, and metrics', () => {
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    const missing = 'OTEL_EXPORTER_OTLP_ENDPOINT: expected with OTEL_METRICS_EXPORTER=otlp or OTEL_LOGS_EXPORTER=otlp.';
    expect(() => parseConfig({ OTEL_METRICS_EXPORTER: 'otlp' })).toThrow(missing);
    expect(() => parseConfig({ OTEL_LOGS_EXPORTER: 'otlp' })).toThrow(missing);
    expect(() => parseConfig({ ...collector, OTEL_METRICS_EXPORTER: 'otlp', METRICS: 'false' })).toThrow(
      'METRICS: expected true with OTEL_METRICS_EXPORTER=otlp.',
    );
    expect(() => parseConfig({ OTEL_LOGS_EXPORTER: 'console' })).toThrow('OTEL_LOGS_EXPORTER: expected none or otlp.');
    expect(parseConfig(collector)).toMatchObject({ otelMetricsExporter: 'none', otelLogsExporter: 'none' });
  });
});
