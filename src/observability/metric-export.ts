/**
 * Sends the metrics to an OpenTelemetry collector. They are the series of /metrics, converted at each export: nothing is counted a second
 * time, and the names are the same. This file and its libraries are loaded only when it is enabled.
 */
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type HistogramMetricData,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValueWithName } from 'prom-client';
import { version } from '../version.ts';
import type { Metrics } from './metrics.ts';
import { type CollectorOptions, closeInTime, exporterOptions, exportTimeoutMs, logState } from './otlp.ts';

type Collected = MetricObjectWithValues<MetricValueWithName<string>>;

export interface MetricExport {
  /** Exports once more, for at most two seconds. */
  close(): Promise<void>;
}

export interface MetricExportOptions extends CollectorOptions {
  readonly metrics: Pick<Metrics, 'collect'>;
  readonly intervalMs: number;
}

/** Exports all metrics each `intervalMs`, and once more when it is closed. */
export function startMetricExport({ metrics, intervalMs, ...collector }: MetricExportOptions): MetricExport {
  const exporter = new OTLPMetricExporter(exporterOptions(collector, 'metrics'));
  logState(exporter, 'metrics', collector);
  const provider = new MeterProvider({
    resource: resourceFromAttributes(collector.resource),
    readers: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: intervalMs,
        exportTimeoutMillis: Math.min(intervalMs, exportTimeoutMs),
        metricProducers: [{ collect: async () => resultOf(await metrics.collect()) }],
      }),
    ],
  });
  return { close: () => closeInTime(provider) };
}

/** Counters begin with the process. */
const startTime = toHrTime(performance.timeOrigin);

function resultOf(collected: readonly Collected[]): CollectionResult {
  const endTime = toHrTime(Date.now());
  const metrics = collected.flatMap((metric) => {
    const data = dataOf(metric, endTime);
    return data === undefined || data.dataPoints.length === 0 ? [] : [data];
  });
  const scope = { name: 'tigerconnect-graphql', version };
  return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] }, errors: [] };
}

/** Undefined for a summary, which the gateway does not have. */
function dataOf(metric: Collected, endTime: HrTime): MetricData | undefined {
  const { name, help: description, values } = metric;
  // The library exports its enum as a type only.
  const type = String(metric.type);
  const descriptor = { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE } as const;
  if (type === 'histogram') {
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histogramsOf(values, endTime) };
  }
  const dataPoints = values.map(({ labels, value }) => ({
    startTime,
    endTime,
    attributes: labels as Attributes,
    value,
  }));
  if (type === 'gauge') return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
  if (type === 'counter') return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  return undefined;
}

/** Unit in UCUM, as OpenTelemetry expects it. Metric names end in Prometheus units. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  return /_bytes(_total)?$/.test(name) ? 'By' : '1';
}

interface Series {
  readonly attributes: Attributes;
  readonly boundaries: number[];
  /** Cumulative, as Prometheus counts. */
  readonly counts: number[];
  sum: number;
}

function histogramsOf(
  values: readonly MetricValueWithName<string>[],
  endTime: HrTime,
): HistogramMetricData['dataPoints'] {
  const all = new Map<string, Series>();
  for (const { metricName, labels, value } of values) {
    const { le, ...attributes } = labels;
    const key = JSON.stringify(attributes);
    const series = all.get(key) ?? { attributes, boundaries: [], counts: [], sum: 0 };
    all.set(key, series);
    if (le !== undefined) {
      if (le !== '+Inf') series.boundaries.push(Number(le));
      series.counts.push(value);
    } else if (metricName?.endsWith('_sum') === true) series.sum = value;
  }
  return [...all.values()].map(({ attributes, boundaries, counts, sum }) => ({
    startTime,
    endTime,
    attributes,
    value: {
      buckets: { boundaries, counts: counts.map((count, index) => count - (counts[index - 1] ?? 0)) },
      sum,
      count: counts.at(-1) ?? 0,
    },
  }));
}

function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)];
}
