/** Settings of events in the configuration, and their conversion to those of fan-out, channels and upstream streams. */
import type { Config } from '../config/config.ts';
import type { Log } from '../observability/log.ts';
import type { EventStreamSettings } from '../upstream/event-stream/stream-request.ts';
import { createConnector } from '../upstream/transport/http/connector.ts';
import type { Tls } from '../upstream/transport/http/tls.ts';
import type { EventCounters } from './counters.ts';
import { ResumeMemory } from './record/resume-memory.ts';
import type { StreamWatch } from './source/stream-watch.ts';
import type { QueueBounds } from './subscriber/subscriber-queue.ts';

export type EventHubSettings = Pick<
  Config,
  | 'maxStreams'
  | 'maxSubscribersPerStream'
  | 'subscriberQueue'
  | 'subscriberQueueBytes'
  | 'resumeEvents'
  | 'resumeBytes'
  | 'resumeTotalBytes'
  | 'resumeAgeMs'
  | 'rememberedEventIds'
  | 'manualHoldMs'
  | 'manualHoldEvents'
  | 'streamLingerMs'
  | 'streamOpenTimeoutMs'
  | 'streamSilenceMs'
  | 'streamMaxFrame'
  | 'upstreamProxy'
>;

export interface ResumeBounds {
  readonly events: number;
  readonly bytes: number;
  /** Bound of all buffers together; undefined: none. */
  readonly memory?: ResumeMemory | undefined;
  readonly ageMs: number;
  /** Limit of remembered ids. */
  readonly ids: number;
}

export interface FanOutSettings {
  readonly resume: ResumeBounds;
  readonly queue: QueueBounds;
  /** Limit of events held for MANUAL subscribers, live or within their hold time. */
  readonly maxHeld: number;
  /** The source decides on acknowledgements, together with other processes. Default false. */
  readonly isShared?: boolean | undefined;
  readonly counters: EventCounters;
  /** Called with the seconds from the receipt of a live event to its delivery, once per subscriber. */
  readonly onLag?: ((seconds: number) => void) | undefined;
  readonly log: Log;
}

export interface ChannelSettings extends FanOutSettings {
  readonly maxSubscribers: number;
  /** Time the stream stays open after the last subscriber has left. */
  readonly lingerMs: number;
  readonly streams: StreamWatch;
}

/** The settings of a channel, under the channel's names. */
export function channelSettings(
  settings: EventHubSettings,
  shared: Pick<ChannelSettings, 'isShared' | 'counters' | 'onLag' | 'streams' | 'log'>,
): ChannelSettings {
  return {
    resume: {
      events: settings.resumeEvents,
      bytes: settings.resumeBytes,
      memory: new ResumeMemory(settings.resumeTotalBytes),
      ageMs: settings.resumeAgeMs,
      ids: settings.rememberedEventIds,
    },
    queue: { events: settings.subscriberQueue, bytes: settings.subscriberQueueBytes },
    maxSubscribers: settings.maxSubscribersPerStream,
    maxHeld: settings.manualHoldEvents,
    lingerMs: settings.streamLingerMs,
    ...shared,
  };
}

/**
 * The settings of an upstream stream.
 * @param tls Of the upstream's address; undefined for the system's certificates.
 */
export function streamSettings(
  settings: EventHubSettings,
  tls: Tls | undefined,
): Pick<EventStreamSettings, 'connector' | 'openTimeoutMs' | 'idleTimeoutMs' | 'maxFrameLength'> {
  return {
    connector: createConnector({ tls, timeoutMs: settings.streamOpenTimeoutMs, proxy: settings.upstreamProxy }),
    openTimeoutMs: settings.streamOpenTimeoutMs,
    idleTimeoutMs: settings.streamSilenceMs,
    maxFrameLength: settings.streamMaxFrame,
  };
}
