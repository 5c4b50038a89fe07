/**
 * The relay of one credential: its upstream stream, its subscribers and the events between them.
 *
 * Guarantees: a subscriber receives the events it wants in upstream order, each once. An event is acknowledged under the rules
 * of `delivery-tracker.ts`. A slow subscriber is ended without affecting the others. A new subscriber first receives all
 * unacknowledged events. They come from the resume buffer if it is complete, otherwise from the upstream's replay after the
 * stream is reopened.
 */

import type { ConnectionStatus } from '../connection-status.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayEvent } from '../gateway-event.ts';
import { describeUnexpected, type Log } from '../log.ts';
import { type ReceivedEvent, transientEventId } from '../upstream/event-stream/decode-frame.ts';
import type { EventStream, EventStreamListener } from '../upstream/event-stream/stream.ts';
import { BackpressureController } from './backpressure.ts';
import type { EventCounters } from './counters.ts';
import { connectionStatus, type EventDelivery, type GapDelivery } from './delivery.ts';
import { DeliveryTracker } from './delivery-tracker.ts';
import type { ManualInterests } from './manual-interests.ts';
import type { EventRecord } from './record.ts';
import { type ResumeBounds, ResumeBuffer } from './resume-buffer.ts';
import type { StreamWatch } from './stream-watch.ts';
import {
  type EventSubscription,
  type QueueBounds,
  type SubscribeOptions,
  Subscriber,
  type SubscriberListener,
} from './subscription.ts';

export interface ChannelSettings {
  readonly resume: ResumeBounds;
  readonly queue: QueueBounds;
  readonly maxSubscribers: number;
  /** Limit of events held for MANUAL subscribers, live or within their hold time. */
  readonly maxHeld: number;
  /** Time the stream stays open after the last subscriber has left. */
  readonly lingerMs: number;
  readonly counters: EventCounters;
  readonly streams: StreamWatch;
  readonly log: Log;
}

export interface ChannelOptions {
  readonly settings: ChannelSettings;
  /** Credential key, for the log. */
  readonly caller: string;
  /** Interests of the credential, including those of subscribers of an earlier channel. */
  readonly interests: ManualInterests;
  openStream(listener: EventStreamListener): Pick<EventStream, 'pause' | 'resume' | 'reopen' | 'close'>;
  /** Queues the acknowledgement of an event. Repeated ids are ignored. */
  acknowledge(id: string): void;
  /** Called for every received event, new or repeated, before it is offered to subscribers. */
  onEvent(event: GatewayEvent): void;
  /** The channel has closed and released its resources. */
  onClosed(): void;
}

/** Minimum interval between two reopenings of the stream for new subscribers. */
const reopenIntervalMs = 1_000;
const forgetIntervalMs = 30_000;
/** Limit on deferring acknowledgements until a replay has ended: an upstream may not announce the end. */
const maxDeferMs = 15_000;

export class Channel {
  readonly #options: ChannelOptions;
  readonly #settings: ChannelSettings;
  readonly #counters: EventCounters;
  readonly #buffer: ResumeBuffer;
  readonly #deliveries: DeliveryTracker;
  readonly #subscribers = new Set<Subscriber>();
  /** Subscribers that wait for the next reopening of the stream. */
  readonly #pendingSubscribers = new Set<Subscriber>();
  /** Subscribers that wait for a replay, with the ids offered since it began: an interrupted replay starts from the beginning. */
  readonly #replaying = new Map<Subscriber, Set<string>>();
  /**
   * Acknowledgements deferred while a replay is pending: the upstream omits acknowledged events from a replay, and waiting
   * subscribers would miss them.
   */
  readonly #deferred = new Set<EventRecord>();
  readonly #subscriberListener: SubscriberListener;
  readonly #backpressure: BackpressureController;
  readonly #stream: ReturnType<ChannelOptions['openStream']>;
  #status: ConnectionStatus = connectionStatus('CONNECTING');
  #reopenTimer: NodeJS.Timeout | undefined;
  #deferTimer: NodeJS.Timeout | undefined;
  #reopenedAt = Number.NEGATIVE_INFINITY;
  #lingerTimer: NodeJS.Timeout | undefined;
  #forgetAt = Date.now() + forgetIntervalMs;
  #isClosed = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#counters = options.settings.counters;
    this.#deliveries = new DeliveryTracker({
      interests: options.interests,
      maxDue: options.settings.maxHeld,
      onSettled: (record) => this.#buffer.settled(record),
      onAckable: (record) => {
        this.#buffer.markAcknowledged(record);
        if (this.#pendingSubscribers.size + this.#replaying.size === 0) options.acknowledge(record.id);
        else this.#defer(record);
      },
    });
    this.#buffer = new ResumeBuffer(
      options.settings.resume,
      (record) => this.#deliveries.forgotten(record),
      (record) => this.#deliveries.withdrawn(record),
    );
    this.#subscriberListener = {
      onDelivered: (record, subscriber) => this.#deliveries.delivered(record, subscriber),
      onUnqueued: (record) => this.#buffer.release(record),
      onReading: (subscriber) => this.#backpressure.onRead(subscriber),
      onDropped: (record, subscriber) => this.#deliveries.dropped(record, subscriber),
      onLaggingChanged: (subscriber) => this.#backpressure.laggingChanged(subscriber),
      onOverflow: () => this.#overflowed(),
      onUnsubscribed: (subscriber) => this.#unsubscribed(subscriber),
    };
    this.#stream = options.openStream({
      onEvent: (received, length) => this.#receive(received, length),
      onMalformed: () => {
        this.#counters.malformed += 1;
        this.#settings.log.warn('malformed event frame', { caller: options.caller });
      },
      onOversized: () => {
        this.#counters.oversized += 1;
      },
      onStatus: (next) => this.#statusChanged(next),
      onReplayed: () => {
        this.#replaying.clear();
        if (this.#pendingSubscribers.size === 0) this.#acknowledgeDeferred();
      },
      onCredentialRejected: (error) => void this.end(error),
    });
    this.#backpressure = new BackpressureController(this.#stream, this.#subscribers, this.#replaying);
  }

  get subscriberCount(): number {
    return this.#subscribers.size + this.#pendingSubscribers.size;
  }

  get bufferedEvents(): number {
    return this.#buffer.size;
  }

  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  /** Events and bytes in the queues of all subscribers. */
  get waiting(): { readonly events: number; readonly bytes: number } {
    let events = 0;
    let bytes = 0;
    for (const subscriber of this.#subscribers) {
      events += subscriber.waiting.events;
      bytes += subscriber.waiting.bytes;
    }
    return { events, bytes };
  }

  /** @throws GatewayError `RATE_LIMITED` at the limit of subscribers of the credential. */
  subscribe(options: SubscribeOptions): EventSubscription {
    if (this.subscriberCount >= this.#settings.maxSubscribers) {
      throw new GatewayError('RATE_LIMITED', {
        message: 'Too many subscriptions of one caller.',
        retryAfterSeconds: 5,
      });
    }
    clearTimeout(this.#lingerTimer);
    const subscriber = new Subscriber(options, this.#settings.queue, this.#subscriberListener);
    subscriber.settledBefore = this.#deliveries.settledCount;
    subscriber.pushStatus(this.#status);
    this.#deliveries.joined(subscriber, () => this.#buffer.remembered());
    this.#attachOrAwaitReplay(subscriber);
    if (options.signal?.aborted === true) void subscriber.return();
    return subscriber;
  }

  /** Sends a new subscriber its backlog from the resume buffer, or lets it wait for a replay from the upstream. */
  #attachOrAwaitReplay(subscriber: Subscriber): void {
    const { after, acknowledge } = subscriber.options;
    const position = after === undefined ? undefined : this.#buffer.locate(after);
    const isManual = acknowledge === 'MANUAL';
    // A MANUAL subscriber also receives events before `after` that no client has acknowledged.
    const isComplete = (position?.kind === 'known' && !isManual) || !this.#buffer.isIncomplete(acknowledge);
    if (position?.kind === 'known') {
      const backlog = isManual ? this.#buffer.unnamed(position.position) : this.#buffer.after(position.position);
      if (isComplete) this.#attach(subscriber, backlog);
      else if (backlog.some((record) => this.#isMissingFromReplay(record, subscriber))) pushGap(subscriber, 'EVICTED');
    } else {
      if (position !== undefined) pushGap(subscriber, position.kind === 'unknown' ? 'UNKNOWN_POSITION' : 'EVICTED');
      if (isComplete) this.#attach(subscriber, isManual ? this.#buffer.unnamed() : this.#buffer.unsettled());
    }
    if (!isComplete) this.#awaitReplay(subscriber);
  }

  /** The upstream will not replay the event, because it is already acknowledged. */
  #isMissingFromReplay({ ackRequested, delivery }: EventRecord, subscriber: Subscriber): boolean {
    return ackRequested && delivery !== undefined && this.#wants(subscriber, delivery.event);
  }

  /**
   * Records ids that a client acknowledges.
   * @returns The ids to acknowledge upstream now. Excluded are events that are never stored, events already confirmed, and
   * events not yet delivered to another subscriber: their acknowledgement follows that delivery.
   */
  acknowledge(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const record = this.#buffer.find(id);
      if (record === undefined) return true;
      this.#deliveries.clientAcked(record);
      return record.ackRequested && !record.ackConfirmed;
    });
  }

  /** Records that the upstream confirmed these acknowledgements. */
  confirm(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.#buffer.find(id);
      if (record !== undefined) record.ackConfirmed = true;
    }
  }

  /** Releases expired content, events beyond RESUME_AGE_MS and expired holds. Call a few times per second. */
  tick(now: number): void {
    this.#counters.expired += this.#buffer.tick(now);
    this.#deliveries.expire(performance.now());
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + forgetIntervalMs;
    this.#buffer.forgetOld(now);
  }

  /**
   * Ends every subscription with `error` and closes the stream. `last` is still delivered to subscribers that want it.
   * @returns Resolves when all subscribers have received the error.
   */
  end(error: GatewayError, last?: EventDelivery): Promise<unknown> {
    if (this.#isClosed) return Promise.resolve();
    this.#statusChanged(connectionStatus('CLOSED'));
    const closed = { kind: 'status', status: this.#status } as const;
    const subscribers = [...this.#subscribers, ...this.#pendingSubscribers];
    for (const subscriber of subscribers) {
      const isWanted = last !== undefined && this.#wants(subscriber, last.event);
      const includesStatus = subscriber.options.includeStatus === true;
      subscriber.end(error, [...(isWanted ? [last] : []), ...(includesStatus ? [closed] : [])]);
    }
    this.#close();
    return Promise.all(subscribers.map((subscriber) => subscriber.closed()));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#lingerTimer);
    clearTimeout(this.#reopenTimer);
    this.#acknowledgeDeferred();
    this.#backpressure.close();
    this.#stream.close();
    this.#options.onClosed();
  }

  #attach(subscriber: Subscriber, backlog: readonly EventRecord[]): void {
    this.#subscribers.add(subscriber);
    const pending = backlog.filter(({ delivery }) => delivery !== undefined && this.#wants(subscriber, delivery.event));
    if (subscriber.isEnded) return;
    for (const record of pending) this.#deliveries.queued(record, subscriber);
    subscriber.pushBacklog(pending);
    this.#counters.relayed += pending.length;
    this.#backpressure.check(); // a backlog does not make a subscriber lag
  }

  /** The buffer lacks unacknowledged events. The subscriber joins when the stream is reopened, which replays all of them. */
  #awaitReplay(subscriber: Subscriber): void {
    this.#pendingSubscribers.add(subscriber);
    const wait = this.#reopenedAt + reopenIntervalMs - performance.now();
    if (wait <= 0) this.#reopen();
    else this.#reopenTimer ??= setTimeout(() => this.#reopen(), wait);
  }

  #reopen(): void {
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = undefined;
    if (this.#pendingSubscribers.size === 0) return;
    this.#reopenedAt = performance.now();
    for (const subscriber of this.#pendingSubscribers) {
      this.#replaying.set(subscriber, new Set());
      this.#attach(subscriber, []);
    }
    this.#pendingSubscribers.clear();
    this.#stream.reopen();
  }

  #receive(received: ReceivedEvent, length: number): void {
    const now = Date.now();
    const { id, event } = received;
    if (received.violatesContract) this.#counters.contractViolations += 1;
    this.#options.onEvent(event);
    const known = id === transientEventId ? undefined : this.#buffer.find(id);
    if (known !== undefined) {
      this.#receiveRepeated(known, event, now);
      return;
    }
    this.#counters.received += 1;
    const record = this.#buffer.add(received, length, now);
    if (event.type === 'REMOTE_WIPED') {
      this.#wipe(record);
      return;
    }
    if (event.type === 'MESSAGE_RECALLED') this.#buffer.revokeMessage(event.message);
    this.#deliveries.arrived(record);
    for (const subscriber of this.#subscribers) this.#offer(record, subscriber);
    this.#buffer.release(record);
    this.#backpressure.check();
  }

  /** A known id was received again: only subscribers that wait for a replay can still need the event. */
  #receiveRepeated(record: EventRecord, event: GatewayEvent, now: number): void {
    this.#counters.duplicates += 1;
    if (record.ackRequested && !this.#deferred.has(record)) {
      this.#options.acknowledge(record.id); // the acknowledgement was lost or came too late
      return;
    }
    this.#deliveries.repeated(record, event);
    if (this.#replaying.size === 0) return;
    this.#buffer.fill(record, event, now);
    for (const subscriber of this.#replaying.keys()) this.#offer(record, subscriber);
    this.#buffer.release(record);
    this.#backpressure.check();
  }

  #defer(record: EventRecord): void {
    this.#deferred.add(record);
    this.#deferTimer ??= setTimeout(() => this.#acknowledgeDeferred(), maxDeferMs);
    if (this.#deferred.size >= this.#settings.resume.ids) this.#acknowledgeDeferred();
  }

  #acknowledgeDeferred(): void {
    clearTimeout(this.#deferTimer);
    this.#deferTimer = undefined;
    for (const { id } of this.#deferred) this.#options.acknowledge(id);
    this.#deferred.clear();
  }

  #offer(record: EventRecord, subscriber: Subscriber): void {
    const offered = this.#replaying.get(subscriber);
    if (offered?.has(record.id) === true || isSettledFor(subscriber, record)) return;
    if (record.isStored && offered !== undefined && offered.size < this.#settings.resume.ids) offered.add(record.id);
    const event = record.delivery?.event;
    if (event === undefined || !this.#wants(subscriber, event)) return;
    this.#deliveries.queued(record, subscriber);
    this.#counters.relayed += 1;
    subscriber.push(record);
  }

  #wants(subscriber: Subscriber, event: GatewayEvent): boolean {
    try {
      return subscriber.options.wants(event);
    } catch (error) {
      this.#settings.log.error('subscriber failed', {
        caller: this.#options.caller,
        code: 'INTERNAL',
        ...describeUnexpected(error),
      });
      subscriber.end(new GatewayError('INTERNAL', { cause: error }));
      return false;
    }
  }

  /** Remote sign-out. The gateway acts on the event and therefore acknowledges it, as the official client does (EVENTS §5). */
  #wipe(record: EventRecord): void {
    const last = record.delivery;
    if (record.isStored) this.#options.acknowledge(record.id);
    void this.end(new GatewayError('UNAUTHENTICATED', { message: 'The account was signed out everywhere.' }), last);
  }

  #overflowed(): void {
    this.#counters.dropped += 1;
    this.#settings.log.info('subscriber too slow', { caller: this.#options.caller, code: 'SLOW_CONSUMER' });
  }

  #statusChanged(next: ConnectionStatus): void {
    const [isLost, wasLost] = [next, this.#status].map(({ state }) => state === 'RECONNECTING');
    if (isLost === true && wasLost === false) {
      this.#counters.reconnects += 1;
      this.#settings.streams.lost();
    } else if (wasLost === true && (next.state === 'LIVE' || next.state === 'REPLAYING')) this.#settings.streams.back();
    this.#status = next;
    for (const subscriber of this.#subscribers) subscriber.pushStatus(next);
    for (const subscriber of this.#pendingSubscribers) subscriber.pushStatus(next);
  }

  #unsubscribed(subscriber: Subscriber): void {
    this.#pendingSubscribers.delete(subscriber);
    this.#replaying.delete(subscriber);
    if (this.#subscribers.delete(subscriber)) this.#backpressure.unsubscribed(subscriber);
    this.#deliveries.unsubscribed(subscriber, performance.now());
    if (this.#pendingSubscribers.size + this.#replaying.size === 0) this.#acknowledgeDeferred();
    if (this.#isClosed || this.subscriberCount > 0) return;
    clearTimeout(this.#lingerTimer);
    this.#lingerTimer = setTimeout(() => this.#close(), this.#settings.lingerMs);
  }
}

function pushGap(subscriber: Subscriber, reason: GapDelivery['reason']): void {
  const { after } = subscriber.options;
  if (after !== undefined) subscriber.pushGap({ kind: 'gap', reason, after });
}

/** Whether a replayed event is already settled for this subscriber. */
function isSettledFor({ options, settledBefore }: Subscriber, { settledAt, ackedByClient }: EventRecord): boolean {
  return options.acknowledge === 'AUTO' ? settledAt !== 0 && settledAt <= settledBefore : ackedByClient;
}
