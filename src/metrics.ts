/**
 * Metrics for Prometheus. Label values come from closed sets: operation types, transports, error codes and the contract's
 * operationIds. Input of a client or the upstream never becomes a label, so the number of series is bounded and no series
 * contains data.
 */

import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  register as ofProcess,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import type { EventHubStats } from './events/hub.ts';
import { createFastCounter, FastHistogram } from './fast-metrics.ts';
import type { CallRecord } from './upstream/upstream.ts';

export type Transport = 'http' | 'sse' | 'multipart' | 'websocket' | 'mcp';

/** One operation that has a response. `type` is `unknown` if it was rejected before it ran. */
export interface OperationRecord {
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly transport: Transport;
  /** `OK`, the code of the first error, or `ABORTED` when the client disconnected before the response. */
  readonly outcome: string;
  /** Duration of the execution; for a subscription, of its start. */
  readonly durationMs: number;
}

/** Values that are read at each scrape. */
export interface MetricSources {
  readonly events: () => EventHubStats;
  readonly webSockets: () => number;
  readonly upstream: () => UpstreamGauges;
  readonly entityCache: () => EntityCacheGauges;
  /** Undefined without Redis. */
  readonly redis: (() => RedisGauges) | undefined;
}

export interface RedisGauges {
  readonly isUp: boolean;
  /** Errors since the start by kind. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface EntityCacheGauges {
  /** Number of cached users and groups. */
  readonly size: number;
  /** Cache hits since the start. */
  readonly hits: number;
}

export interface UpstreamGauges {
  /** False while the circuit breaker of the upstream rejects calls. */
  readonly isAvailable: boolean;
  /** Calls that hold a permit. */
  readonly running: number;
  /** Calls that wait for a permit. */
  readonly waiting: number;
}

export interface Metrics {
  operation(record: OperationRecord): void;
  upstreamCall(record: CallRecord): void;
  /** A request, connection or socket was rejected before an operation existed. @param reason From a closed set. */
  rejected(transport: 'http' | 'websocket', reason: string): void;
  /** The text for `GET /metrics`. */
  text(): Promise<string>;
  readonly contentType: RegistryContentType;
}

/** Seconds. */
const durationBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const batchBuckets = [1, 2, 5, 10, 15, 20, 50];

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Process metrics are shared by all gateways of the process; prom-client cannot stop collecting them.
  if (ofProcess.getSingleMetric('process_cpu_user_seconds_total') === undefined) collectDefaultMetrics();

  const operations = createFastCounter({
    name: 'tigerconnect_operations_total',
    help: 'GraphQL operations by type, transport and outcome (OK, an error code, or ABORTED).',
    labelNames: ['type', 'transport', 'outcome'],
    registers,
  });
  const operationSeconds = new FastHistogram({
    name: 'tigerconnect_operation_duration_seconds',
    help: 'Seconds from the admission of a query or mutation to its response.',
    labelNames: ['type', 'transport'],
    buckets: durationBuckets,
    registers,
  });
  const rejections = createFastCounter({
    name: 'tigerconnect_requests_rejected_total',
    help: 'Requests, connections and sockets rejected before an operation existed, by reason.',
    labelNames: ['transport', 'reason'],
    registers,
  });
  const calls = createFastCounter({
    name: 'tigerconnect_upstream_requests_total',
    help: 'Requests to the upstream, retries included, by operationId and outcome (OK, an error code, or ABORTED).',
    labelNames: ['operation_id', 'outcome'],
    registers,
  });
  const callSeconds = new FastHistogram({
    name: 'tigerconnect_upstream_request_duration_seconds',
    help: 'Seconds of one request to the upstream.',
    labelNames: ['operation_id'],
    buckets: durationBuckets,
    registers,
  });
  const retries = createFastCounter({
    name: 'tigerconnect_upstream_retries_total',
    help: 'Retries of failed requests to the upstream, by operationId.',
    labelNames: ['operation_id'],
    registers,
  });
  const batches = new FastHistogram({
    name: 'tigerconnect_upstream_batch_size',
    help: 'Keys in one bulk call, by operationId.',
    labelNames: ['operation_id'],
    buckets: batchBuckets,
    registers,
  });
  readAtScrape(registers, sources);

  const operationCounts = memoize((type: string) =>
    memoize((transport: string) => memoize((outcome: string) => operations({ type, transport, outcome }))),
  );
  const operationTimes = memoize((type: string) =>
    memoize((transport: string) => operationSeconds.series({ type, transport })),
  );
  const rejectionCounts = memoize((transport: string) =>
    memoize((reason: string) => rejections({ transport, reason })),
  );
  const callCounts = memoize((operation_id: string) => memoize((outcome: string) => calls({ operation_id, outcome })));
  const callTimes = memoize((operation_id: string) => callSeconds.series({ operation_id }));
  const retryCounts = memoize((operation_id: string) => retries({ operation_id }));
  const batchSizes = memoize((operation_id: string) => batches.series({ operation_id }));

  return {
    operation({ type, transport, outcome, durationMs }) {
      operationCounts(type)(transport)(outcome).value += 1;
      if (type === 'query' || type === 'mutation') operationTimes(type)(transport).observe(durationMs / 1000);
    },
    upstreamCall({ operationId, outcome, durationMs, attempt, batchSize }) {
      callCounts(operationId)(outcome).value += 1;
      if (attempt > 0) callTimes(operationId).observe(durationMs / 1000);
      if (attempt > 1) retryCounts(operationId).value += 1;
      if (attempt === 1 && batchSize !== undefined) batchSizes(operationId).observe(batchSize);
    },
    rejected(transport, reason) {
      rejectionCounts(transport)(reason).value += 1;
    },
    text: async () => (await Promise.all([registry.metrics(), ofProcess.metrics()])).join('\n'),
    contentType: registry.contentType,
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

type StatName = keyof EventHubStats;

const eventGauges: readonly (readonly [StatName, string, string])[] = [
  ['subscriptions', 'tigerconnect_subscriptions', 'Live subscriptions.'],
  ['streams', 'tigerconnect_event_streams', 'Open upstream event streams.'],
  ['queued', 'tigerconnect_events_queued', 'Events waiting in the queues of subscribers.'],
  ['queuedBytes', 'tigerconnect_events_queued_bytes', 'Bytes of the queued events, counted once per subscriber.'],
  ['buffered', 'tigerconnect_events_buffered', 'Events in resume buffers.'],
  ['bufferedBytes', 'tigerconnect_events_buffered_bytes', 'Bytes of the events in resume buffers.'],
  ['unacknowledged', 'tigerconnect_events_unacknowledged', 'Event ids that wait for acknowledgement to the upstream.'],
];

const eventCounters: readonly (readonly [StatName, string, string])[] = [
  ['received', 'tigerconnect_events_received_total', 'Events received from the upstream, without repeats.'],
  ['duplicates', 'tigerconnect_events_repeated_total', 'Events received again from the upstream.'],
  ['relayed', 'tigerconnect_events_relayed_total', 'Events queued for subscribers, counted once per subscriber.'],
  ['acknowledged', 'tigerconnect_events_acknowledged_total', 'Events whose acknowledgement the upstream accepted.'],
  [
    'abandoned',
    'tigerconnect_events_abandoned_total',
    'Acknowledgements abandoned until the upstream replays the events.',
  ],
  ['malformed', 'tigerconnect_events_malformed_total', 'Event frames that could not be decoded.'],
  ['oversized', 'tigerconnect_events_oversized_total', 'Event frames skipped because they exceed STREAM_MAX_FRAME.'],
  [
    'contractViolations',
    'tigerconnect_events_contract_violations_total',
    'Events that violate the contract and were relayed as unknown.',
  ],
  ['expired', 'tigerconnect_events_expired_total', 'Messages that expired before all subscribers received them.'],
  ['dropped', 'tigerconnect_subscribers_dropped_total', 'Subscriptions ended as SLOW_CONSUMER.'],
  ['reconnects', 'tigerconnect_event_stream_reconnects_total', 'Reconnections of lost event streams.'],
];

function readAtScrape(registers: Registry[], sources: MetricSources): void {
  const { events, webSockets, upstream, entityCache, redis } = sources;
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  for (const [stat, name, help] of eventGauges) gauge(name, help, () => events()[stat]);
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  for (const [stat, name, help] of eventCounters) counter(name, help, () => events()[stat]);
  gauge('tigerconnect_websockets', 'Open WebSockets.', webSockets);
  gauge('tigerconnect_upstream_available', '0 while the circuit breaker rejects upstream calls, else 1.', () =>
    upstream().isAvailable ? 1 : 0,
  );
  gauge('tigerconnect_entity_cache_entries', 'Users and groups in the entity cache.', () => entityCache().size);
  counter(
    'tigerconnect_entity_cache_hits_total',
    'Reads of users and groups served from the entity cache.',
    () => entityCache().hits,
  );
  gauge('tigerconnect_upstream_calls_running', 'Upstream calls in flight.', () => upstream().running);
  gauge('tigerconnect_upstream_calls_waiting', 'Upstream calls that wait for a permit.', () => upstream().waiting);
  if (redis === undefined) return;
  gauge('tigerconnect_redis_up', '1 while Redis answers in time, else 0.', () => (redis().isUp ? 1 : 0));
  new Counter({
    name: 'tigerconnect_redis_errors_total',
    help: 'Failed commands and connections of Redis, by kind.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(redis().errors)) this.inc({ kind }, count);
    },
  });
}
