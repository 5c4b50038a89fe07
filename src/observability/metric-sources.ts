/** Metrics whose values are read at each scrape: gauges, and counters that a part of the gateway keeps itself. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { EventHubStats } from '../events/hub.ts';
import { type MetricEntry, type MetricName, metricCatalogue } from './metric-catalogue.ts';

/** Values that are read at each scrape. */
export interface MetricSources {
  readonly events: () => EventHubStats;
  readonly webSockets: () => number;
  readonly upstream: () => UpstreamGauges;
  readonly entityCache: () => EntityCacheGauges;
  readonly operationCache: () => { readonly hits: number; readonly misses: number };
  /** Bytes of queued audit lines. */
  readonly auditWaitingBytes: () => number;
  /** Whether its keys could be read at the last attempt; undefined without an identity provider. */
  readonly isProviderUp: (() => boolean) | undefined;
  /** Undefined without Redis. */
  readonly redis: (() => RedisGauges) | undefined;
  /** Undefined unless replicas share event streams. */
  readonly sharing: (() => SharingGauges) | undefined;
}

export interface SharingGauges {
  /** Shared event streams by the role of this replica. */
  readonly states: Readonly<Record<string, number>>;
  /** Streams that this replica took over since the start, by reason. */
  readonly takeovers: Readonly<Record<string, number>>;
  /** Replicas that are alive. */
  readonly replicas: number;
  /** Events in Redis that could not be decrypted since the start. */
  readonly unreadable: number;
}

export interface RedisGauges {
  readonly isUp: boolean;
  /** Errors since the start by kind. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface EntityCacheGauges {
  /** Number of cached users and groups. */
  readonly size: number;
  /** Cache hits and misses since the start. */
  readonly hits: number;
  readonly misses: number;
}

export interface UpstreamGauges {
  /** False while the circuit breaker of the upstream rejects calls. */
  readonly isAvailable: boolean;
  /** Calls that hold a permit. */
  readonly running: number;
  /** Calls that wait for a permit. */
  readonly waiting: number;
}

/** What prom-client takes for a metric of the catalogue. */
export function optionsOf<Label extends string>({ name, help, labels }: MetricEntry<Label>, registers: Registry[]) {
  return { name, help, labelNames: labels, registers };
}

/** Registers the metrics. @returns Reads the figures of the event relay, once per scrape. */
export function readAtScrape(registers: Registry[], sources: MetricSources): () => void {
  const { webSockets, upstream, entityCache, operationCache, auditWaitingBytes, redis, sharing, isProviderUp } =
    sources;
  let events = sources.events;
  const readers: Partial<Record<MetricName, () => number>> = {
    upstreamAvailable: () => (upstream().isAvailable ? 1 : 0),
    callsRunning: () => upstream().running,
    callsWaiting: () => upstream().waiting,
    operationCacheHits: () => operationCache().hits,
    operationCacheMisses: () => operationCache().misses,
    entityCacheEntries: () => entityCache().size,
    entityCacheHits: () => entityCache().hits,
    entityCacheMisses: () => entityCache().misses,
    webSockets,
    queuedAge: () => events().queuedAgeMs / 1000,
    auditWaitingBytes,
  };
  const labelled = <Label extends string>(entry: MetricEntry<Label>, read: () => Readonly<Record<string, number>>) => {
    const Metric = entry.type === 'counter' ? Counter : Gauge;
    const [label = ''] = entry.labels;
    new Metric<string>({
      ...optionsOf<string>(entry, registers),
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  };
  if (isProviderUp !== undefined) readers.identityProviderUp = () => (isProviderUp() ? 1 : 0);
  if (redis !== undefined) {
    readers.redisUp = () => (redis().isUp ? 1 : 0);
    labelled(metricCatalogue.redisErrors, () => redis().errors);
  }
  if (sharing !== undefined) {
    labelled(metricCatalogue.channels, () => sharing().states);
    labelled(metricCatalogue.takeovers, () => sharing().takeovers);
    readers.replicasAlive = () => sharing().replicas;
    readers.decryptionFailures = () => sharing().unreadable;
  }
  for (const name of eventStats) readers[name] = () => events()[name];
  for (const [name, read] of Object.entries(readers)) {
    const entry: MetricEntry = metricCatalogue[name as MetricName]; // the keys of the table above
    const Metric = entry.type === 'counter' ? Counter : Gauge;
    new Metric({
      ...optionsOf(entry, registers),
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
  return () => {
    const stats = sources.events();
    events = () => stats;
  };
}

/** Metrics that the event relay has under the same name. */
const eventStats = [
  'subscriptions',
  'streams',
  'reconnects',
  'received',
  'duplicates',
  'relayed',
  'queued',
  'queuedBytes',
  'dropped',
  'buffered',
  'bufferedBytes',
  'unacknowledged',
  'acknowledged',
  'abandoned',
  'expired',
  'malformed',
  'oversized',
  'contractViolations',
] as const satisfies readonly (MetricName & keyof EventHubStats)[];
