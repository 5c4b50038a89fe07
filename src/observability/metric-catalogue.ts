/**
 * Every metric of the gateway, in the order of the manual. `metrics.ts` registers them, and the manual, the dashboard and the
 * alert rules are generated from them. Label values come from closed sets: operation types, transports, error codes, the
 * contract's operationIds, and names of registered operations, which the operator chose.
 */

export interface MetricEntry<Label extends string = string> {
  readonly name: `tigerconnect_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly Label[];
}

function metric<const Label extends string = never>(
  type: MetricEntry['type'],
  name: MetricEntry['name'],
  help: string,
  labels: readonly Label[] = [],
): MetricEntry<Label> {
  return { name, type, help, labels };
}

export const metricCatalogue = {
  buildInfo: metric(
    'gauge',
    'tigerconnect_build_info',
    'Always 1; the labels are the version of the gateway and of Node.',
    ['version', 'node'],
  ),

  operations: metric(
    'counter',
    'tigerconnect_operations_total',
    'GraphQL operations by type, transport and outcome: OK, an error code, or ABORTED after a disconnection of the client.',
    ['type', 'transport', 'outcome'],
  ),
  operationSeconds: metric(
    'histogram',
    'tigerconnect_operation_duration_seconds',
    'Seconds from the admission of a query or mutation to its response.',
    ['type', 'transport'],
  ),
  registeredOperations: metric(
    'counter',
    'tigerconnect_registered_operations_total',
    'Operations that are registered (PERSISTED_OPERATIONS), by name and outcome; names are those of the manifest.',
    ['operation', 'outcome'],
  ),
  registeredOperationSeconds: metric(
    'histogram',
    'tigerconnect_registered_operation_duration_seconds',
    'Seconds from the admission of a registered query or mutation to its response, by name.',
    ['operation'],
  ),
  rejections: metric(
    'counter',
    'tigerconnect_requests_rejected_total',
    'Requests, connections and sockets rejected before an operation existed, by reason: path, foreign_origin, method, media_type, body, too_large, credential, malformed, timeout, connections; for WebSockets also draining, handshake, subprotocol, message.',
    ['transport', 'reason'],
  ),

  calls: metric(
    'counter',
    'tigerconnect_upstream_requests_total',
    'Requests to the upstream, retries included, by operationId and outcome: OK, an error code, or ABORTED.',
    ['operation_id', 'outcome'],
  ),
  callSeconds: metric(
    'histogram',
    'tigerconnect_upstream_request_duration_seconds',
    'Seconds of one request to the upstream, by operationId.',
    ['operation_id'],
  ),
  waitSeconds: metric(
    'histogram',
    'tigerconnect_upstream_wait_seconds',
    'Seconds that calls waited for a permit; calls that got one at once are not counted.',
  ),
  retries: metric(
    'counter',
    'tigerconnect_upstream_retries_total',
    'Retries of failed requests to the upstream, by operationId.',
    ['operation_id'],
  ),
  batches: metric('histogram', 'tigerconnect_upstream_batch_size', 'Keys in one bulk call, by operationId.', [
    'operation_id',
  ]),
  upstreamAvailable: metric(
    'gauge',
    'tigerconnect_upstream_available',
    '0 while the circuit breaker of the whole upstream rejects calls, otherwise 1.',
  ),
  callsRunning: metric('gauge', 'tigerconnect_upstream_calls_running', 'Upstream calls in flight.'),
  callsWaiting: metric('gauge', 'tigerconnect_upstream_calls_waiting', 'Upstream calls that wait for a permit.'),

  operationCacheHits: metric(
    'counter',
    'tigerconnect_operation_cache_hits_total',
    'Operations whose text was prepared before.',
  ),
  operationCacheMisses: metric(
    'counter',
    'tigerconnect_operation_cache_misses_total',
    'Operations whose text had to be parsed, validated and costed.',
  ),
  entityCacheEntries: metric('gauge', 'tigerconnect_entity_cache_entries', 'Users and groups in the entity cache.'),
  entityCacheHits: metric(
    'counter',
    'tigerconnect_entity_cache_hits_total',
    'Reads of users and groups served from the entity cache.',
  ),
  entityCacheMisses: metric(
    'counter',
    'tigerconnect_entity_cache_misses_total',
    'Reads of users and groups that the entity cache did not have.',
  ),

  webSockets: metric('gauge', 'tigerconnect_websockets', 'Open WebSockets.'),
  subscriptions: metric('gauge', 'tigerconnect_subscriptions', 'Live subscriptions.'),
  subscriptionLag: metric(
    'histogram',
    'tigerconnect_subscription_lag_seconds',
    'Seconds from the receipt of an event to its write to the socket of a subscriber that was live at its receipt.',
  ),
  streams: metric('gauge', 'tigerconnect_event_streams', 'Open upstream event streams.'),
  reconnects: metric(
    'counter',
    'tigerconnect_event_stream_reconnects_total',
    'Event streams that were lost and reopened.',
  ),
  received: metric(
    'counter',
    'tigerconnect_events_received_total',
    'Events received from the upstream, without repeats.',
  ),
  duplicates: metric('counter', 'tigerconnect_events_repeated_total', 'Events received again from the upstream.'),
  relayed: metric(
    'counter',
    'tigerconnect_events_relayed_total',
    'Events queued for subscribers, counted once per subscriber.',
  ),
  queued: metric('gauge', 'tigerconnect_events_queued', 'Events waiting in the queues of subscribers.'),
  queuedBytes: metric(
    'gauge',
    'tigerconnect_events_queued_bytes',
    'Bytes of the queued events, counted once per subscriber.',
  ),
  queuedAge: metric(
    'gauge',
    'tigerconnect_events_queued_age_seconds',
    'Longest time for which a subscriber with waiting events has read nothing.',
  ),
  dropped: metric('counter', 'tigerconnect_subscribers_dropped_total', 'Subscriptions ended as SLOW_CONSUMER.'),
  buffered: metric('gauge', 'tigerconnect_events_buffered', 'Events in resume buffers.'),
  bufferedBytes: metric('gauge', 'tigerconnect_events_buffered_bytes', 'Bytes of the events in resume buffers.'),
  unacknowledged: metric(
    'gauge',
    'tigerconnect_events_unacknowledged',
    'Event ids that wait for acknowledgement to the upstream.',
  ),
  acknowledged: metric(
    'counter',
    'tigerconnect_events_acknowledged_total',
    'Events whose acknowledgement the upstream accepted.',
  ),
  abandoned: metric(
    'counter',
    'tigerconnect_events_abandoned_total',
    'Acknowledgements abandoned until the upstream replays the events.',
  ),
  expired: metric(
    'counter',
    'tigerconnect_events_expired_total',
    'Messages that expired before all subscribers received them.',
  ),
  malformed: metric('counter', 'tigerconnect_events_malformed_total', 'Event frames that could not be decoded.'),
  oversized: metric(
    'counter',
    'tigerconnect_events_oversized_total',
    'Event frames skipped because they exceed STREAM_MAX_FRAME.',
  ),
  contractViolations: metric(
    'counter',
    'tigerconnect_events_contract_violations_total',
    'Events that violate the contract and were relayed as unknown.',
  ),
  auditWaitingBytes: metric(
    'gauge',
    'tigerconnect_audit_waiting_bytes',
    'Bytes of audit lines that wait for their destination; at AUDIT_QUEUE_BYTES, mutations are rejected.',
  ),
  identityProviderUp: metric(
    'gauge',
    'tigerconnect_identity_provider_up',
    'With OIDC_ISSUER: 1 when the keys of the identity provider could be read at the last attempt, otherwise 0.',
  ),
  redisUp: metric('gauge', 'tigerconnect_redis_up', 'With REDIS_URL: 1 while Redis answers in time, otherwise 0.'),
  redisErrors: metric(
    'counter',
    'tigerconnect_redis_errors_total',
    'With REDIS_URL: failed commands and connections by kind: connection, timeout, denied, full, reply.',
    ['kind'],
  ),
  channels: metric(
    'gauge',
    'tigerconnect_channels',
    'With SHARE_EVENT_STREAMS: shared event streams by the role of this replica.',
    ['state'],
  ),
  takeovers: metric(
    'counter',
    'tigerconnect_takeovers_total',
    'With SHARE_EVENT_STREAMS: event streams that this replica took over, by reason.',
    ['reason'],
  ),
  replicasAlive: metric(
    'gauge',
    'tigerconnect_replicas_alive',
    'With SHARE_EVENT_STREAMS: replicas that share event streams and are alive.',
  ),
  decryptionFailures: metric(
    'counter',
    'tigerconnect_decryption_failures_total',
    'With SHARE_EVENT_STREAMS: events in Redis that could not be decrypted.',
  ),
} as const satisfies Record<string, MetricEntry>;

export type MetricName = keyof typeof metricCatalogue;
