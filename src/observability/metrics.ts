/**
 * Metrics for Prometheus: registers what `metric-catalogue.ts` describes. Input of a client or the upstream never becomes a
 * label, so the number of series is bounded and no series contains data.
 */

import {
  collectDefaultMetrics,
  Gauge,
  type MetricObjectWithValues,
  type MetricValueWithName,
  register as ofProcess,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import type { CallRecord } from '../upstream/upstream.ts';
import { version } from '../version.ts';
import { createFastCounter, FastHistogram } from './fast-metrics.ts';
import { type MetricEntry, metricCatalogue } from './metric-catalogue.ts';
import { type MetricSources, optionsOf, readAtScrape } from './metric-sources.ts';

export type Transport = 'http' | 'sse' | 'multipart' | 'websocket' | 'mcp';

/** One operation that has a response. `type` is `unknown` if it was rejected before it ran. */
export interface OperationRecord {
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly transport: Transport;
  /** `OK`, the code of the first error, or `ABORTED` when the client disconnected before the response. */
  readonly outcome: string;
  /** Duration of the execution; for a subscription, of its start. */
  readonly durationMs: number;
  /** Name of a registered operation; undefined for any other. */
  readonly name?: string | undefined;
}

export interface Metrics {
  operation(record: OperationRecord): void;
  upstreamCall(record: CallRecord): void;
  /** A call waited for a permit. */
  upstreamWait(waitedMs: number): void;
  /** A live event was delivered to a subscriber. */
  subscriptionLag(seconds: number): void;
  /** A request, connection or socket was rejected before an operation existed. @param reason From a closed set. */
  rejected(transport: 'http' | 'websocket', reason: string): void;
  /** All series, for an export in another form. */
  collect(): Promise<readonly MetricObjectWithValues<MetricValueWithName<string>>[]>;
  /** The text for `GET /metrics`. */
  text(): Promise<string>;
  readonly contentType: RegistryContentType;
}

/** Seconds. */
const durationBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const lagBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const batchBuckets = [1, 2, 5, 10, 15, 20, 50];

/** Maximum operation names with series of their own; further ones are counted as `other`. */
const maxNames = 1_000;

/** The metrics of one gateway. Those of the process are shared by all gateways in it. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Process metrics are shared by all gateways of the process; prom-client cannot stop collecting them.
  if (ofProcess.getSingleMetric('process_cpu_user_seconds_total') === undefined) collectDefaultMetrics();
  new Gauge(optionsOf(metricCatalogue.buildInfo, registers)).set({ version, node: process.versions.node }, 1);

  const instruments = instrumentsOf(registers);
  const { operationCounts, operationTimes, namedCounts, namedTimes, rejectionCounts } =
    createOperationSeries(instruments);
  const { callCounts, callTimes, waits, retryCounts, batchSizes } = createCallSeries(instruments);
  const lags = instruments.histogram(metricCatalogue.subscriptionLag, lagBuckets).series({});
  const readStats = readAtScrape(registers, sources);
  const names = new Set<string>();
  const nameOf = (name: string) => {
    if (!names.has(name) && names.size < maxNames) names.add(name);
    return names.has(name) ? name : 'other';
  };

  return {
    operation({ type, transport, outcome, durationMs, name }) {
      operationCounts(type)(transport)(outcome).value += 1;
      const isTimed = type === 'query' || type === 'mutation';
      if (isTimed) operationTimes(type)(transport).observe(durationMs / 1000);
      if (name === undefined) return;
      namedCounts(nameOf(name))(outcome).value += 1;
      if (isTimed) namedTimes(nameOf(name)).observe(durationMs / 1000);
    },
    upstreamCall({ operationId, outcome, durationMs, attempt, batchSize }) {
      callCounts(operationId)(outcome).value += 1;
      if (attempt > 0) callTimes(operationId).observe(durationMs / 1000);
      if (attempt > 1) retryCounts(operationId).value += 1;
      if (attempt === 1 && batchSize !== undefined) batchSizes(operationId).observe(batchSize);
    },
    upstreamWait: (waitedMs) => waits.observe(waitedMs / 1000),
    subscriptionLag: (seconds) => lags.observe(seconds),
    rejected(transport, reason) {
      rejectionCounts(transport)(reason).value += 1;
    },
    async collect() {
      readStats();
      const all = await Promise.all([registry.getMetricsAsJSON(), ofProcess.getMetricsAsJSON()]);
      // The library's type has the metric without its values.
      return all.flat() as unknown as MetricObjectWithValues<MetricValueWithName<string>>[];
    },
    async text() {
      readStats();
      return (await Promise.all([registry.metrics(), ofProcess.metrics()])).join('\n');
    },
    contentType: registry.contentType,
  };
}

/** Series of operations and of what is rejected before one exists, by the values of their labels. */
function createOperationSeries({ counter, histogram }: Instruments) {
  const operations = counter(metricCatalogue.operations);
  const operationSeconds = histogram(metricCatalogue.operationSeconds, durationBuckets);
  const named = counter(metricCatalogue.registeredOperations);
  const namedSeconds = histogram(metricCatalogue.registeredOperationSeconds, durationBuckets);
  const rejections = counter(metricCatalogue.rejections);
  return {
    operationCounts: memoize((type: string) =>
      memoize((transport: string) => memoize((outcome: string) => operations({ type, transport, outcome }))),
    ),
    operationTimes: memoize((type: string) =>
      memoize((transport: string) => operationSeconds.series({ type, transport })),
    ),
    namedCounts: memoize((operation: string) => memoize((outcome: string) => named({ operation, outcome }))),
    namedTimes: memoize((operation: string) => namedSeconds.series({ operation })),
    rejectionCounts: memoize((transport: string) => memoize((reason: string) => rejections({ transport, reason }))),
  };
}

/** Series of upstream calls, by their operation id and outcome. */
function createCallSeries({ counter, histogram }: Instruments) {
  const calls = counter(metricCatalogue.calls);
  const callSeconds = histogram(metricCatalogue.callSeconds, durationBuckets);
  const waits = histogram(metricCatalogue.waitSeconds, durationBuckets).series({});
  const retries = counter(metricCatalogue.retries);
  const batches = histogram(metricCatalogue.batches, batchBuckets);
  return {
    callCounts: memoize((operation_id: string) => memoize((outcome: string) => calls({ operation_id, outcome }))),
    callTimes: memoize((operation_id: string) => callSeconds.series({ operation_id })),
    waits,
    retryCounts: memoize((operation_id: string) => retries({ operation_id })),
    batchSizes: memoize((operation_id: string) => batches.series({ operation_id })),
  };
}

type Instruments = ReturnType<typeof instrumentsOf>;

/** Creates metrics of the catalogue in these registers. */
function instrumentsOf(registers: Registry[]) {
  return {
    counter: <Label extends string>(entry: MetricEntry<Label>) => createFastCounter(optionsOf(entry, registers)),
    histogram: <Label extends string>(entry: MetricEntry<Label>, buckets: readonly number[]) =>
      new FastHistogram({ ...optionsOf(entry, registers), buckets }),
  };
}

/** Caches the result for each label. There are few, because labels come from closed sets. */
function memoize<Result>(create: (label: string) => Result): (label: string) => Result {
  const all = new Map<string, Result>();
  return (label) => {
    let result = all.get(label);
    if (result === undefined) {
      result = create(label);
      all.set(label, result);
    }
    return result;
  };
}
