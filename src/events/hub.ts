/**
 * The live events of all callers: one upstream stream per credential, however many subscribe to it.
 *
 * This is the seam between whoever subscribes and whatever carries the events: everything that crosses it is plain data, so
 * that streams may one day be shared between processes behind it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Config, maxAcknowledgedIds } from '../config.ts';
import { badUserInput, GatewayError } from '../errors.ts';
import type { GatewayEvent } from '../gateway-event.ts';
import type { Log } from '../log.ts';
import type { Credential } from '../upstream/credential.ts';
import { createStreamConnector } from '../upstream/event-stream/connector.ts';
import { transientEventId } from '../upstream/event-stream/decode-frame.ts';
import { EventStream, type EventStreamSettings } from '../upstream/event-stream/stream.ts';
import { headerSafe } from '../upstream/request.ts';
import type { CredentialStanding } from '../upstream/transport/credential-standing.ts';
import type { Tls } from '../upstream/transport/tls.ts';
import { Acknowledger } from './acknowledger.ts';
import { Channel, type ChannelSettings } from './channel.ts';
import { createCounters, type EventCounters } from './counters.ts';
import { ManualInterests } from './manual-interests.ts';
import { StreamWatch } from './stream-watch.ts';
import type { EventSubscription, SubscribeOptions } from './subscription.ts';

export type { Delivery, EventDelivery, GapDelivery, StatusDelivery } from './delivery.ts';
export type { EventSubscription, SubscribeOptions } from './subscription.ts';

export interface EventHub {
  /**
   * The caller's events from now on, after those that are unacknowledged, or after `after`. Whoever empties it says which were
   * handed over (see `EventSubscription`). Lost connections are made again behind it; it ends by a GatewayError, which `take()`
   * and `next()` throw: UNAUTHENTICATED or FORBIDDEN (the upstream refuses the credential), SLOW_CONSUMER, SHUTTING_DOWN.
   * @throws GatewayError `RATE_LIMITED` at the limits of streams and subscribers, `UNAUTHENTICATED`, `SHUTTING_DOWN`.
   */
  subscribe(credential: Credential, options: SubscribeOptions): EventSubscription;
  /**
   * Names events that need not come again. Settles when the upstream has taken them; those another subscriber still waits
   * for follow by themselves.
   * @throws GatewayError `BAD_USER_INPUT` for an id that can be none, and whatever the upstream call fails with.
   */
  acknowledge(credential: Credential, eventIds: readonly string[]): Promise<void>;
  /** Ends every subscription with SHUTTING_DOWN, closes every upstream stream, sends the acknowledgements at hand. */
  close(): Promise<void>;
  stats(): EventHubStats;
}

/** For metrics. */
export interface EventHubStats extends Readonly<EventCounters> {
  readonly subscriptions: number;
  readonly streams: number;
  /** Events waiting in subscribers' queues, and their bytes, counted once per subscriber. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Events and bytes kept for subscribers to come. */
  readonly buffered: number;
  readonly bufferedBytes: number;
  /** Ids waiting to be acknowledged upstream. */
  readonly unacknowledged: number;
}

export type EventHubSettings = Pick<
  Config,
  | 'maxStreams'
  | 'maxSubscribersPerStream'
  | 'subscriberQueue'
  | 'subscriberQueueBytes'
  | 'resumeEvents'
  | 'resumeBytes'
  | 'resumeAgeMs'
  | 'rememberedEventIds'
  | 'manualHoldMs'
  | 'manualHoldEvents'
  | 'streamLingerMs'
  | 'streamOpenTimeoutMs'
  | 'streamSilenceMs'
  | 'streamMaxFrame'
>;

export interface EventHubOptions {
  /** The upstream, without path. */
  readonly origin: string;
  readonly tls?: Tls | undefined;
  readonly settings: EventHubSettings;
  /** Told whether the upstream takes a credential. */
  readonly standing?: CredentialStanding | undefined;
  /** Makes the upstream call. @param ids At most 50. */
  acknowledge(credential: Credential, ids: readonly string[]): Promise<void>;
  /** Told of every event that comes in, before anybody it is for. */
  onEvent?(credentialKey: string, event: GatewayEvent): void;
  readonly log: Log;
}

/** Expired and recalled messages leave within this. */
const tickEveryMs = 250;
/** Longest waits when the hub closes: for subscribers to meet their end, and for the last acknowledgements. */
const endTimeoutMs = 300;
const flushTimeoutMs = 2_000;
/** Streams of one token: it has one for each device, and anybody can name any number of devices. */
const maxDevices = 100;
const eventIdPattern = /^[\x21-\x7e]{1,100}$/;

export function createEventHub(options: EventHubOptions): EventHub {
  return new Hub(options);
}

class Hub implements EventHub {
  readonly #options: EventHubOptions;
  readonly #channelSettings: ChannelSettings;
  readonly #streamSettings: EventStreamSettings;
  readonly #counters = createCounters();
  readonly #streams: StreamWatch;
  readonly #channels = new Map<string, Channel>();
  /** Streams by the holder of their credential. */
  readonly #devices = new Map<string, number>();
  readonly #acknowledgers = new Map<string, Acknowledger>();
  /** What is held for MANUAL subscribers whose stream was closed; the least recently closed first. */
  readonly #absent = new Map<string, ManualInterests>();
  #ticker: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;
  /** The last acknowledgements are on their way: what is handed over from now on comes again. */
  #acksClosed = false;

  constructor(options: EventHubOptions) {
    const { origin, settings, log } = options;
    this.#options = options;
    this.#streams = new StreamWatch(log);
    this.#channelSettings = {
      resume: {
        events: settings.resumeEvents,
        bytes: settings.resumeBytes,
        ageMs: settings.resumeAgeMs,
        ids: settings.rememberedEventIds,
      },
      queue: { events: settings.subscriberQueue, bytes: settings.subscriberQueueBytes },
      maxSubscribers: settings.maxSubscribersPerStream,
      maxHeld: settings.manualHoldEvents,
      lingerMs: settings.streamLingerMs,
      counters: this.#counters,
      streams: this.#streams,
      log,
    };
    this.#streamSettings = {
      origin,
      connector: createStreamConnector(options.tls, settings.streamOpenTimeoutMs),
      openTimeoutMs: settings.streamOpenTimeoutMs,
      idleTimeoutMs: settings.streamSilenceMs,
      maxFrameLength: settings.streamMaxFrame,
      streamCount: () => this.#channels.size,
      standing: options.standing,
      log,
    };
  }

  subscribe(credential: Credential, options: SubscribeOptions): EventSubscription {
    return (this.#channels.get(credential.key) ?? this.#open(credential)).subscribe(options);
  }

  async acknowledge(credential: Credential, eventIds: readonly string[]): Promise<void> {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    if (eventIds.length > maxAcknowledgedIds) throw badUserInput('input.eventIds', `at most ${maxAcknowledgedIds} ids`);
    const ids = [...new Set(eventIds)];
    if (!ids.every((id) => eventIdPattern.test(id))) throw badUserInput('input.eventIds', 'ids of events');
    const storedIds = ids.filter((id) => id !== transientEventId);
    const due = this.#channels.get(credential.key)?.acknowledge(storedIds) ?? storedIds;
    if (due.length > 0) await this.#acknowledger(credential).acknowledgeNow(due);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  stats(): EventHubStats {
    const stats = { subscriptions: 0, queued: 0, queuedBytes: 0, buffered: 0, bufferedBytes: 0, unacknowledged: 0 };
    for (const channel of this.#channels.values()) {
      stats.subscriptions += channel.subscriberCount;
      const { events, bytes } = channel.waiting;
      stats.queued += events;
      stats.queuedBytes += bytes;
      stats.buffered += channel.bufferedEvents;
      stats.bufferedBytes += channel.bufferedBytes;
    }
    for (const acknowledger of this.#acknowledgers.values()) stats.unacknowledged += acknowledger.pending;
    return { ...this.#counters, ...stats, streams: this.#channels.size };
  }

  #open(credential: Credential): Channel {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    const { authorization, deviceId = ' ', key, principalKey } = credential;
    if (!headerSafe.test(authorization) || !headerSafe.test(deviceId)) throw new GatewayError('UNAUTHENTICATED');
    if (this.#channels.size >= this.#options.settings.maxStreams) {
      throw new GatewayError('RATE_LIMITED', { message: 'Too many callers with live events.', retryAfterSeconds: 30 });
    }
    const devices = this.#devices.get(principalKey) ?? 0;
    if (devices >= maxDevices) {
      throw new GatewayError('RATE_LIMITED', { message: 'Too many devices with live events.', retryAfterSeconds: 30 });
    }
    this.#devices.set(principalKey, devices + 1);
    const interests = this.#absent.get(key) ?? new ManualInterests(this.#options.settings.manualHoldMs);
    this.#absent.delete(key);
    const channel = new Channel({
      settings: this.#channelSettings,
      caller: key,
      interests,
      openStream: (listener) => new EventStream(this.#streamSettings, credential, listener),
      acknowledge: (id) => {
        if (!this.#acksClosed) this.#acknowledger(credential).add(id);
      },
      onEvent: (event) => this.#options.onEvent?.(key, event),
      onClosed: () => {
        this.#channels.delete(key);
        const left = (this.#devices.get(principalKey) ?? 1) - 1;
        if (left === 0) this.#devices.delete(principalKey);
        else this.#devices.set(principalKey, left);
        if (!interests.isEmpty) this.#remember(key, interests);
        this.#rest();
      },
    });
    this.#channels.set(key, channel);
    this.#ticker ??= setInterval(() => this.#tick(), tickEveryMs);
    return channel;
  }

  #tick(): void {
    const now = Date.now();
    for (const channel of this.#channels.values()) channel.tick(now);
    for (const [key, interests] of this.#absent) {
      interests.expire(performance.now());
      if (interests.isEmpty) this.#absent.delete(key);
    }
    this.#rest();
  }

  /** As many as there may be streams: of more, those that left first are held for no longer. */
  #remember(key: string, interests: ManualInterests): void {
    this.#absent.set(key, interests);
    const [oldest] = this.#absent.keys();
    if (oldest !== undefined && this.#absent.size > this.#options.settings.maxStreams) this.#absent.delete(oldest);
  }

  #rest(): void {
    if (this.#channels.size + this.#absent.size > 0 && this.#closed === undefined) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** Outlives the channel: what was handed over is acknowledged also when the subscriber has left. */
  #acknowledger(credential: Credential): Acknowledger {
    const { key } = credential;
    const { acknowledge, settings } = this.#options;
    let acknowledger = this.#acknowledgers.get(key);
    if (acknowledger === undefined) {
      acknowledger = new Acknowledger({
        send: (ids) => acknowledge(credential, ids),
        // Room for one whole request of a client, however few ids are to be remembered.
        maxIds: Math.max(settings.rememberedEventIds, maxAcknowledgedIds),
        onConfirmed: (ids) => {
          this.#counters.acknowledged += ids.length;
          this.#channels.get(key)?.confirm(ids);
        },
        onAbandoned: (ids) => {
          this.#counters.abandoned += ids.length;
        },
        onCredentialRejected: (error) => void this.#channels.get(key)?.end(error),
        onIdle: () => this.#acknowledgers.delete(key),
      });
      this.#acknowledgers.set(key, acknowledger);
    }
    return acknowledger;
  }

  async #close(): Promise<void> {
    const stopped = new GatewayError('SHUTTING_DOWN');
    const ended = [...this.#channels.values()].map((channel) => channel.end(stopped));
    await atMost(Promise.all(ended), endTimeoutMs);
    this.#streams.close();
    this.#acksClosed = true;
    const flushed = [...this.#acknowledgers.values()].map((acknowledger) => acknowledger.close());
    await atMost(Promise.all(flushed), flushTimeoutMs);
    this.#acknowledgers.clear();
    this.#absent.clear();
    this.#rest();
    // What subscribers were just told is still on its way to their sockets, which are closed after this.
    await nextTurn();
  }
}

/** Waits for `work`, but no longer than this; the work itself goes on. */
async function atMost(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
