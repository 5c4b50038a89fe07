/** Settings of event streams, subscribers and acknowledgements. */
import { integer } from './parsers.ts';
import { type Setting, setting } from './setting.ts';

/** Maximum ids in one `acknowledgeEvents`: twenty upstream calls, sent one per second. */
export const maxAcknowledgedIds = 1_000;

export const eventSettings = {
  streamLingerMs: setting(
    integer(0, 600_000),
    '10000',
    'milliseconds, 0 to 600000',
    'Time an upstream event stream stays open after its last subscriber left.',
  ),
  subscriberQueue: setting(
    integer(16, 100_000),
    '1000',
    'a number, 16 to 100000',
    'Maximum events waiting for one subscriber; a further event ends its subscription with SLOW_CONSUMER.',
  ),
  streamOpenTimeoutMs: setting(
    integer(100, 60_000),
    '6000',
    'milliseconds, 100 to 60000',
    'Maximum time for the upstream to open an event stream.',
  ),
  streamSilenceMs: setting(
    integer(100, 300_000),
    '12000',
    'milliseconds, 100 to 300000',
    'Idle time after which an event stream is reconnected; the upstream sends a heartbeat every 5 s on request.',
  ),
  streamMaxFrame: setting(
    integer(1024, 67_108_864),
    '1048576',
    'characters, 1024 to 67108864',
    'Maximum length of an event stream frame. A longer frame is skipped, counted, and reported: to `events` as a `SubscriptionGap`, to other subscriptions as an error with code EVENT_TOO_LARGE.',
  ),
  maxStreams: setting(
    integer(1, 1_000_000),
    '20000',
    'a number, 1 to 1000000',
    'Maximum upstream event streams: one per caller with live subscriptions, at most 100 for the devices of one token. All credentials that the upstream has not accepted yet share half of them; further subscriptions fail with RATE_LIMITED.',
  ),
  maxSubscribersPerStream: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Maximum live subscriptions per caller.',
  ),
  subscriberQueueBytes: setting(
    integer(16_384, 1_073_741_824),
    '917504',
    'bytes, 16384 to 1073741824',
    'Maximum bytes of events waiting for one subscriber; further events end its subscription with SLOW_CONSUMER. Up to 65536 more bytes wait in its socket.',
  ),
  resumeEvents: setting(
    integer(0, 100_000),
    '1000',
    'a number, 0 to 100000',
    'Maximum events in the resume buffer of a caller, for subscribers that join or resume.',
  ),
  resumeBytes: setting(
    integer(0, 1_073_741_824),
    '1048576',
    'bytes, 0 to 1073741824',
    'Maximum bytes in the resume buffer of a caller.',
  ),
  resumeTotalBytes: setting(
    integer(0, 1_099_511_627_776),
    '268435456',
    'bytes, 0 to 1099511627776',
    'Maximum bytes in the resume buffers of all callers together; beyond, the largest buffers lose their oldest events first.',
  ),
  resumeAgeMs: setting(
    integer(0, 86_400_000),
    '300000',
    'milliseconds, 0 to 86400000',
    'Maximum age of an event in the resume buffer; messages are removed earlier when they expire.',
  ),
  rememberedEventIds: setting(
    integer(100, 10_000_000),
    '20000',
    'a number, 100 to 10000000',
    `Maximum event ids remembered per caller, so that events are delivered once and acknowledged; acknowledgements wait up to 15 s for a replay. One acknowledgeEvents accepts ${maxAcknowledgedIds} ids, which are not part of this limit.`,
  ),
  manualHoldMs: setting(
    integer(0, 86_400_000),
    '120000',
    'milliseconds, 0 to 86400000',
    'Time events stay unacknowledged for a disconnected MANUAL subscriber that has not acknowledged them, even when AUTO subscribers received them; the subscriber receives them when it reconnects.',
  ),
  manualHoldEvents: setting(
    integer(1, 1_000_000),
    '10000',
    'a number, 1 to 1000000',
    'Maximum unacknowledged events per caller for MANUAL subscribers, connected or gone for less than MANUAL_HOLD_MS; a further event releases the oldest, and a `SubscriptionGap` reports it to a subscriber that reconnects. Only ids are held: RESUME_BYTES limits their content, and the upstream has the rest.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
