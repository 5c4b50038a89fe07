/**
 * Live events of all callers: one upstream stream per credential, shared by all its subscribers.
 *
 * With `sharing`, processes have one stream per credential together (`cluster/`); otherwise each process has its own.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { maxAcknowledgedIds } from '../config/event-settings.ts';
import type { GatewayEvent, OwnChange } from '../domain/gateway-event.ts';
import { badUserInput, GatewayError } from '../errors.ts';
import type { Log } from '../observability/log.ts';
import type { Credential } from '../upstream/credential.ts';
import { transientEventId } from '../upstream/event-stream/decode-frame.ts';
import type { EventStreamSettings, StreamVersions } from '../upstream/event-stream/stream-request.ts';
import { headerSafe } from '../upstream/request.ts';
import type { CredentialStanding } from '../upstream/transport/breaker/credential-standing.ts';
import type { Tls } from '../upstream/transport/http/tls.ts';
import { atMost } from '../util/at-most.ts';
import { Acknowledgers } from './acknowledgement/acknowledgers.ts';
import { DetachedInterests, HeldInterests } from './acknowledgement/held-interests.ts';
import { Channel } from './channel.ts';
import { createCounters, type EventHubStats } from './counters.ts';
import { Rounds } from './rounds.ts';
import { type ChannelSettings, channelSettings, type EventHubSettings, streamSettings } from './settings.ts';
import { type OpenSourceOptions, openSource } from './source/open-source.ts';
import { isOwnChange, type OwnChanges } from './source/own-changes.ts';
import { StreamLimits } from './source/stream-limits.ts';
import type { StreamSharing } from './source/stream-sharing.ts';
import { StreamWatch } from './source/stream-watch.ts';
import type { EventSubscription, SubscribeOptions } from './subscriber/subscription.ts';

export type { EventHubStats } from './counters.ts';
export type { Delivery, EventDelivery, GapDelivery, StatusDelivery } from './record/delivery.ts';
export type { EventSubscription, SubscribeOptions } from './subscriber/subscription.ts';

export interface EventHub {
  /**
   * Subscribes to the caller's events. Without `after`, unacknowledged events come first; with it, the events after that one.
   * The consumer confirms each delivery (see `EventSubscription`). A lost upstream connection is reopened without ending the
   * subscription. A subscription ends with a GatewayError that `read()` and `next()` throw: UNAUTHENTICATED or FORBIDDEN (the
   * upstream rejects the credential), SLOW_CONSUMER, SHUTTING_DOWN.
   * @throws GatewayError `RATE_LIMITED` at the limits of streams and subscribers, `UNAUTHENTICATED`, `SHUTTING_DOWN`.
   */
  subscribe(credential: Credential, options: SubscribeOptions): EventSubscription;
  /**
   * Acknowledges events on behalf of a client. Resolves when the upstream has confirmed them. Events that another subscriber
   * has not received yet are acknowledged later, and the promise does not wait for them.
   * @throws GatewayError `BAD_USER_INPUT` for a malformed id, or the error of the upstream call.
   */
  acknowledge(credential: Credential, eventIds: readonly string[]): Promise<void>;
  /**
   * Relays a message that the caller has just sent, or a conversation that the caller has just created, as an event: a v5 stream
   * omits what its own key pair did. No effect on a v2 stream, which has these events, and without a stream.
   */
  publishOwn(credential: Credential, event: OwnChange): void;
  /** Whether `publishOwn` would relay a change. */
  wantsOwn(credential: Credential): boolean;
  /** Ends every subscription with SHUTTING_DOWN, closes every upstream stream, sends pending acknowledgements. Idempotent. */
  close(): Promise<void>;
  stats(): EventHubStats;
}

export interface EventHubOptions {
  /** The upstream, without path. */
  readonly origin: string;
  readonly tls?: Tls | undefined;
  readonly settings: EventHubSettings;
  /** Records whether the upstream accepts a credential. */
  readonly credentialStatus?: CredentialStanding | undefined;
  /** Versions of the event stream; default: v2 for all. */
  readonly versions?: StreamVersions | undefined;
  /** Shares streams with other processes. Default: this process has its own. */
  readonly sharing?: StreamSharing | undefined;
  /** Sends one acknowledgement call upstream. @param ids At most 50. */
  acknowledge(credential: Credential, ids: readonly string[]): Promise<void>;
  /** Called for every event from the upstream, before it is offered to subscribers. */
  onEvent?(credentialKey: string, event: GatewayEvent): void;
  /** Called with the seconds from the receipt of a live event to its delivery, once per subscriber. */
  readonly onLag?: ((seconds: number) => void) | undefined;
  readonly log: Log;
}

/** Interval of the expiry check: an expired message is removed within this time. */
const tickEveryMs = 250;
/** Maximum time while the hub closes for subscribers to receive their final error. */
const endTimeoutMs = 300;
/** Maximum time while the hub closes for the last acknowledgement calls. */
const flushTimeoutMs = 2_000;
const eventIdPattern = /^[\x21-\x7e]{1,100}$/;

/** A hub without channels: it opens a channel with the first subscription of a credential. */
export function createEventHub(options: EventHubOptions): EventHub {
  return new Hub(options);
}

class Hub implements EventHub {
  readonly #options: EventHubOptions;
  readonly #channelSettings: ChannelSettings;
  readonly #sourceOptions: OpenSourceOptions;
  readonly #counters = createCounters();
  readonly #streams: StreamWatch;
  readonly #channels = new Map<string, Channel>();
  readonly #streamLimits: StreamLimits;
  readonly #acknowledgers: Acknowledgers;
  readonly #detachedInterests: DetachedInterests;
  /** Of the open channels whose stream may be of v5. */
  readonly #ownChanges = new Map<string, OwnChanges>();
  /** Acknowledgements of shared streams are requested in a tick: those of all callers at once would delay every event. */
  readonly #ticker = new Rounds<Channel>({
    items: this.#channels,
    everyMs: tickEveryMs,
    visit: (channel) => channel.tick(Date.now()),
    onRound: () => {
      this.#detachedInterests.expire(performance.now());
      this.#stopTickerWhenIdle();
    },
  });
  #closed: Promise<void> | undefined;

  constructor(options: EventHubOptions) {
    const { origin, settings, log } = options;
    this.#options = options;
    this.#streams = new StreamWatch(log);
    this.#detachedInterests = new DetachedInterests(settings.maxStreams);
    this.#acknowledgers = new Acknowledgers({
      // In order, so that a replay by the upstream, to whichever process, lacks no event after one that it has.
      maxCallsInFlight: options.sharing === undefined ? 2 : 1,
      // At least one full client request fits, also when REMEMBERED_EVENT_IDS is lower.
      maxIds: Math.max(settings.rememberedEventIds, maxAcknowledgedIds),
      counters: this.#counters,
      send: async (credential, ids, isOfClient) => {
        if (!isOfClient && this.#channels.get(credential.key)?.maySend === false) throw new GatewayError('INTERNAL');
        await options.acknowledge(credential, ids);
      },
      onConfirmed: (key, ids) => this.#channels.get(key)?.confirm(ids),
      onAbandoned: (key, ids) => this.#channels.get(key)?.abandon(ids),
      onCredentialRejected: (key, error) => void this.#channels.get(key)?.end(error),
    });
    this.#streamLimits = new StreamLimits(settings.maxStreams, options.credentialStatus);
    this.#channelSettings = channelSettings(settings, {
      isShared: options.sharing !== undefined,
      counters: this.#counters,
      onLag: options.onLag,
      streams: this.#streams,
      log,
    });
    const own: EventStreamSettings = {
      ...streamSettings(settings, options.tls),
      origin,
      streamCount: () => this.#channels.size,
      standing: options.credentialStatus,
      versions: options.versions,
      log,
    };
    this.#sourceOptions = {
      streamSettings: own,
      sharing: options.sharing,
      acknowledgers: this.#acknowledgers,
      ownChanges: this.#ownChanges,
      confirm: (key, ids) => this.#channels.get(key)?.confirm(ids),
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
    const known = due.filter((id) => !isOwnChange(id));
    if (known.length === 0) return;
    await this.#acknowledgers.acknowledgeNow(credential, known);
    if (!this.#channels.has(credential.key)) this.#options.sharing?.acknowledged(credential, known);
  }

  publishOwn(credential: Credential, event: OwnChange): void {
    if (!this.wantsOwn(credential) || this.#options.sharing?.publishOwn(credential, event) === true) return;
    this.#ownChanges.get(credential.key)?.publish(event);
  }

  wantsOwn(credential: Credential): boolean {
    if (this.#closed !== undefined) return false;
    // Another process may have the stream.
    if (this.#options.sharing !== undefined) return this.#options.versions?.streamOf(credential) === 'v5';
    return this.#ownChanges.get(credential.key)?.isWanted === true;
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  stats(): EventHubStats {
    const stats = { subscriptions: 0, queued: 0, queuedBytes: 0, queuedAgeMs: 0, buffered: 0, bufferedBytes: 0 };
    for (const channel of this.#channels.values()) {
      stats.subscriptions += channel.subscriberCount;
      const { events, bytes, ageMs } = channel.waiting;
      stats.queued += events;
      stats.queuedBytes += bytes;
      stats.queuedAgeMs = Math.max(stats.queuedAgeMs, ageMs);
      stats.buffered += channel.buffered.events;
      stats.bufferedBytes += channel.buffered.bytes;
    }
    const { pending } = this.#acknowledgers;
    return { ...this.#counters, ...stats, streams: this.#channels.size, unacknowledged: pending };
  }

  #open(credential: Credential): Channel {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    const { authorization, deviceId = ' ', key, principalKey } = credential;
    if (!headerSafe.test(authorization) || !headerSafe.test(deviceId)) throw new GatewayError('UNAUTHENTICATED');
    this.#streamLimits.opened(principalKey);
    const interests = this.#detachedInterests.take(key) ?? new HeldInterests(this.#options.settings.manualHoldMs);
    const channel = new Channel({
      settings: this.#channelSettings,
      caller: key,
      interests,
      openSource: (listener) => openSource(credential, listener, this.#sourceOptions),
      onEvent: (event) => this.#options.onEvent?.(key, event),
      onClosed: () => {
        this.#channels.delete(key);
        this.#ownChanges.delete(key);
        this.#streamLimits.closed(principalKey);
        this.#detachedInterests.add(key, interests);
        this.#stopTickerWhenIdle();
      },
    });
    this.#channels.set(key, channel);
    this.#ticker.start();
    return channel;
  }

  #stopTickerWhenIdle(): void {
    if (this.#channels.size + this.#detachedInterests.size > 0 && this.#closed === undefined) return;
    this.#ticker.stop();
  }

  async #shutDown(): Promise<void> {
    const shuttingDown = new GatewayError('SHUTTING_DOWN');
    const ended = [...this.#channels.values()].map((channel) => channel.end(shuttingDown));
    await atMost(Promise.all(ended), endTimeoutMs);
    this.#streams.close();
    await atMost(this.#acknowledgers.close(), flushTimeoutMs);
    this.#detachedInterests.clear();
    this.#stopTickerWhenIdle();
    // One event-loop turn: the final results reach the sockets before the caller closes those.
    await nextTurn();
  }
}
