/** Alert rules for Prometheus: `tigerconnect-graphql print alerts`. */
import { stringify } from 'yaml';
import { metricCatalogue as m } from '../observability/metric-catalogue.ts';
import { yamlStyle } from './production.ts';
import { highest, increase, perSecond, quantile, select, total } from './promql.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly summary: string;
  /** First step of the diagnosis. */
  readonly description: string;
}

const upstreamFailures = { outcome: '=~"UPSTREAM_.*"' } as const;

export const alerts: readonly Alert[] = [
  {
    alert: 'TigerConnectGatewayAbsent',
    expr: `absent(${m.buildInfo.name})`,
    for: '2m',
    severity: 'critical',
    summary: 'No gateway reports metrics.',
    description: 'All replicas are down, or Prometheus cannot reach them: look at the pods and at METRICS_PORT.',
  },
  {
    alert: 'TigerConnectGatewayRestarts',
    expr: `changes(process_start_time_seconds[15m]) > 2 and on (instance) ${select(m.buildInfo)}`,
    for: '0m',
    severity: 'critical',
    summary: 'A gateway restarts again and again.',
    description: 'Look at the end of its log and at its memory limit.',
  },
  {
    alert: 'TigerConnectUpstreamUnavailable',
    expr: `min(${select(m.upstreamAvailable)}) == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'The circuit breaker of the whole upstream is open.',
    description:
      'Most calls of several callers fail: look at the status of the upstream, and at the lines `upstream call failed`.',
  },
  {
    alert: 'TigerConnectUpstreamErrors',
    expr: `${perSecond(m.calls, { where: upstreamFailures })} / ${perSecond(m.calls)} > 0.05`,
    for: '5m',
    severity: 'warning',
    summary: 'More than 5 % of the upstream requests fail.',
    description: 'The panel of failed requests shows which operations, and with which code.',
  },
  {
    alert: 'TigerConnectUpstreamSlow',
    expr: `${quantile(0.95, m.callSeconds)} > 2`,
    for: '10m',
    severity: 'warning',
    summary: 'A request to the upstream takes more than 2 s at p95.',
    description: 'The gateway cannot be faster than the upstream: compare the duration by operationId.',
  },
  {
    alert: 'TigerConnectCallsWait',
    expr: `${quantile(0.95, m.waitSeconds)} > 1 and ${total(m.callsWaiting)} > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'Upstream calls wait more than 1 s for a permit.',
    description: 'UPSTREAM_CONNECTIONS is in use: the upstream is slow, or there is more load than it allows for.',
  },
  {
    alert: 'TigerConnectInternalErrors',
    expr: `${increase(m.operations, '10m', { outcome: '="INTERNAL"' })} > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'Operations fail with INTERNAL.',
    description: 'A fault of the gateway: report the line `unexpected error` with its stack.',
  },
  {
    alert: 'TigerConnectOperationsSlow',
    expr: `${quantile(0.99, m.operationSeconds)} > 5`,
    for: '10m',
    severity: 'warning',
    summary: 'Queries and mutations take more than 5 s at p99.',
    description: 'Compare with the duration of upstream requests and with the delay of the event loop.',
  },
  {
    alert: 'TigerConnectEventStreamsLost',
    expr: `${perSecond(m.reconnects)} * 60 > 0.1 * ${total(m.streams)}`,
    for: '10m',
    severity: 'warning',
    summary: 'More than a tenth of the event streams is lost each minute.',
    description: 'The upstream or a proxy cuts streams: compare STREAM_SILENCE_MS with the idle timeouts on the way.',
  },
  {
    alert: 'TigerConnectSubscriptionLag',
    expr: `${quantile(0.99, m.subscriptionLag)} > 2`,
    for: '5m',
    severity: 'warning',
    summary: 'Events reach their subscribers more than 2 s after their receipt.',
    description: 'Slow readers, or a busy process: look at the delay of the event loop and at the waiting events.',
  },
  {
    alert: 'TigerConnectSubscribersDropped',
    expr: `${increase(m.dropped, '10m')} > 10`,
    for: '0m',
    severity: 'warning',
    summary: 'Subscribers are ended because they read too slowly.',
    description: 'Their networks, or too small queues: SUBSCRIBER_QUEUE, SUBSCRIBER_QUEUE_BYTES.',
  },
  {
    alert: 'TigerConnectEventsFillMemory',
    expr: `${highest(m.bufferedBytes)} + ${highest(m.queuedBytes)} > ${192 * 1024 * 1024}`,
    for: '5m',
    severity: 'warning',
    summary: 'A gateway holds more than 192 MiB of events.',
    description:
      'At RESUME_TOTAL_BYTES (256 MiB) the largest resume buffers lose their oldest events; queues of slow subscribers come on top. Lower RESUME_AGE_MS or RESUME_BYTES, or add replicas.',
  },
  {
    alert: 'TigerConnectAcknowledgementsAbandoned',
    expr: `${increase(m.abandoned, '15m')} > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'Acknowledgements were given up until the upstream repeats the events.',
    description: 'The upstream rejects or loses acknowledgements; no event is lost, some come again.',
  },
  {
    alert: 'TigerConnectContractViolations',
    expr: `${increase(m.malformed, '1h')} + ${increase(m.contractViolations, '1h')} > 0`,
    for: '0m',
    severity: 'info',
    summary: 'The upstream sent events that its contract does not describe.',
    description: 'They are relayed as UnknownEvent, or skipped; the gateway may need an update.',
  },
  {
    alert: 'TigerConnectEventLoopBlocked',
    expr: `nodejs_eventloop_lag_p99_seconds > 0.5 and on (instance) ${select(m.buildInfo)}`,
    for: '5m',
    severity: 'warning',
    summary: 'The event loop of a gateway is delayed by more than half a second.',
    description:
      'The process has too little processor time, or too much work: look at its processor and at the operations.',
  },
  {
    alert: 'TigerConnectRedisAway',
    expr: `min(${select(m.redisUp)}) == 0`,
    for: '1m',
    severity: 'warning',
    summary: 'A replica cannot reach Redis.',
    description: 'Until it is back, each replica counts rate limits alone: look at the errors by kind.',
  },
  {
    alert: 'TigerConnectIdentityProviderAway',
    expr: `min(${select(m.identityProviderUp)}) == 0`,
    for: '5m',
    severity: 'warning',
    summary: 'The keys of the identity provider cannot be read.',
    description:
      'Tokens that known keys have signed are accepted for OIDC_KEYS_OUTAGE_MS; look at the line `identity provider unreachable`.',
  },
  {
    alert: 'TigerConnectAuditLogBlocked',
    expr: `${highest(m.auditWaitingBytes)} > 0`,
    for: '1m',
    severity: 'critical',
    summary: 'The audit log cannot be written.',
    description: 'Mutations are rejected once AUDIT_QUEUE_BYTES wait: look at the disk or the reader of the log.',
  },
];

/** The rules as a file of Prometheus, in YAML. */
export function alertRules(): string {
  const rules = alerts.map(({ severity, summary, description, ...rule }) => ({
    ...rule,
    labels: { severity },
    annotations: { summary, description },
  }));
  return stringify({ groups: [{ name: 'tigerconnect-graphql', rules }] }, yamlStyle);
}
