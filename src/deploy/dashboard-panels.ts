/** The dashboard's panels in rows, each with its expressions. */
import { metricCatalogue as m } from '../observability/metric-catalogue.ts';
import { highest, perSecond, quantile, select, total } from './promql.ts';

export interface Panel {
  readonly title: string;
  /** Unit of Grafana, such as `s` or `bytes`. */
  readonly unit: string;
  /** Expression by legend; a legend may name labels, as in `{{outcome}}`. */
  readonly queries: Readonly<Record<string, string>>;
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const failed = { outcome: '!~"OK|ABORTED"' } as const;

/** Median and tail of a histogram. */
function times(quantiles: (share: number) => string): Readonly<Record<string, string>> {
  return { p50: quantiles(0.5), p95: quantiles(0.95), p99: quantiles(0.99) };
}

export const rows: readonly Row[] = [
  {
    title: 'Operations',
    panels: [
      {
        title: 'Operations',
        unit: 'ops',
        queries: { '{{type}} {{transport}}': perSecond(m.operations, { by: ['type', 'transport'] }) },
      },
      {
        title: 'Failed operations',
        unit: 'ops',
        queries: { '{{outcome}}': perSecond(m.operations, { by: ['outcome'], where: failed }) },
      },
      { title: 'Duration', unit: 's', queries: times((share) => quantile(share, m.operationSeconds)) },
      {
        title: 'Registered operations',
        unit: 'ops',
        queries: { '{{operation}}': perSecond(m.registeredOperations, { by: ['operation'] }) },
      },
      {
        title: 'Duration of registered operations, p95',
        unit: 's',
        queries: { '{{operation}}': quantile(0.95, m.registeredOperationSeconds, { by: ['operation'] }) },
      },
      {
        title: 'Rejected requests',
        unit: 'ops',
        queries: { '{{transport}} {{reason}}': perSecond(m.rejections, { by: ['transport', 'reason'] }) },
      },
    ],
  },
  {
    title: 'Upstream',
    panels: [
      {
        title: 'Available (lowest replica)',
        unit: 'none',
        queries: { available: `min(${select(m.upstreamAvailable)})` },
      },
      {
        title: 'Requests',
        unit: 'reqps',
        queries: { '{{operation_id}}': perSecond(m.calls, { by: ['operation_id'] }), retries: perSecond(m.retries) },
      },
      {
        title: 'Failed requests',
        unit: 'reqps',
        queries: {
          '{{operation_id}} {{outcome}}': perSecond(m.calls, { by: ['operation_id', 'outcome'], where: failed }),
        },
      },
      { title: 'Duration of a request', unit: 's', queries: times((share) => quantile(share, m.callSeconds)) },
      {
        title: 'Duration by operationId, p95',
        unit: 's',
        queries: { '{{operation_id}}': quantile(0.95, m.callSeconds, { by: ['operation_id'] }) },
      },
      { title: 'Calls', unit: 'none', queries: { running: total(m.callsRunning), waiting: total(m.callsWaiting) } },
      { title: 'Wait for a permit', unit: 's', queries: times((share) => quantile(share, m.waitSeconds)) },
      {
        title: 'Keys per bulk call, median',
        unit: 'none',
        queries: { '{{operation_id}}': quantile(0.5, m.batches, { by: ['operation_id'] }) },
      },
    ],
  },
  {
    title: 'Live events',
    panels: [
      {
        title: 'Open',
        unit: 'none',
        queries: {
          sockets: total(m.webSockets),
          subscriptions: total(m.subscriptions),
          'event streams': total(m.streams),
        },
      },
      {
        title: 'Events',
        unit: 'ops',
        queries: {
          received: perSecond(m.received),
          repeated: perSecond(m.duplicates),
          relayed: perSecond(m.relayed),
          acknowledged: perSecond(m.acknowledged),
          expired: perSecond(m.expired),
        },
      },
      { title: 'Lag from receipt to socket', unit: 's', queries: times((share) => quantile(share, m.subscriptionLag)) },
      {
        title: 'Faults',
        unit: 'ops',
        queries: {
          'streams reopened': perSecond(m.reconnects),
          'subscribers dropped': perSecond(m.dropped),
          'acknowledgements abandoned': perSecond(m.abandoned),
          malformed: perSecond(m.malformed),
          oversized: perSecond(m.oversized),
          'contract violations': perSecond(m.contractViolations),
        },
      },
      {
        title: 'Waiting events',
        unit: 'none',
        queries: { queued: total(m.queued), buffered: total(m.buffered), unacknowledged: total(m.unacknowledged) },
      },
      {
        title: 'Bytes of waiting events',
        unit: 'bytes',
        queries: { queued: total(m.queuedBytes), buffered: total(m.bufferedBytes) },
      },
      { title: 'Longest wait for a subscriber', unit: 's', queries: { age: highest(m.queuedAge) } },
    ],
  },
  {
    title: 'Signing in',
    panels: [
      {
        title: 'Identity provider up (lowest replica)',
        unit: 'none',
        queries: { up: `min(${select(m.identityProviderUp)})` },
      },
      {
        title: 'Rejected credentials',
        unit: 'ops',
        queries: {
          '{{transport}}': perSecond(m.rejections, { by: ['transport'], where: { reason: '="credential"' } }),
        },
      },
    ],
  },
  {
    title: 'Redis',
    panels: [
      { title: 'Up (lowest replica)', unit: 'none', queries: { up: `min(${select(m.redisUp)})` } },
      { title: 'Errors', unit: 'ops', queries: { '{{kind}}': perSecond(m.redisErrors, { by: ['kind'] }) } },
      {
        title: 'Shared event streams',
        unit: 'none',
        queries: { '{{state}}': `sum by (state) (${select(m.channels)})` },
      },
      { title: 'Takeovers', unit: 'ops', queries: { '{{reason}}': perSecond(m.takeovers, { by: ['reason'] }) } },
      { title: 'Replicas alive (fewest seen)', unit: 'none', queries: { replicas: `min(${select(m.replicasAlive)})` } },
      { title: 'Events that do not decrypt', unit: 'ops', queries: { events: perSecond(m.decryptionFailures) } },
    ],
  },
  {
    title: 'Process',
    panels: [
      { title: 'Memory', unit: 'bytes', queries: { '{{instance}}': 'process_resident_memory_bytes' } },
      { title: 'Processor', unit: 'percentunit', queries: { '{{instance}}': 'rate(process_cpu_seconds_total[5m])' } },
      {
        title: 'Delay of the event loop, p99',
        unit: 's',
        queries: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds' },
      },
      {
        title: 'Operation cache',
        unit: 'ops',
        queries: { hits: perSecond(m.operationCacheHits), misses: perSecond(m.operationCacheMisses) },
      },
      {
        title: 'Entity cache',
        unit: 'ops',
        queries: { hits: perSecond(m.entityCacheHits), misses: perSecond(m.entityCacheMisses) },
      },
      { title: 'Entries in the entity cache', unit: 'none', queries: { entries: total(m.entityCacheEntries) } },
      { title: 'Waiting audit lines', unit: 'bytes', queries: { bytes: highest(m.auditWaitingBytes) } },
      {
        title: 'Versions',
        unit: 'none',
        queries: { '{{version}}, Node {{node}}': `count by (version, node) (${select(m.buildInfo)})` },
      },
    ],
  },
];
