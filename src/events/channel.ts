/**
 * One credential's relay: its upstream stream, its subscribers, and the events between them.
 *
 * Promises: a subscriber gets the events it wants in upstream order, each once; an event is acknowledged as `delivery-tracker.ts`
 * says; a slow subscriber ends alone. A new subscriber first gets what is unacknowledged: from the buffer, or, when that no
 * longer has all of it, from the upstream, by opening the stream anew.
 */
import { GatewayError } from '../errors.ts';
import type { ConnectionStatus, GatewayEvent } from '../gateway-event.ts';
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
  /** Most events held for MANUAL subscribers, live or gone for a while. */
  readonly maxHeld: number;
  /** How long the stream stays open after the last subscriber left. */
  readonly lingerMs: number;
  readonly counters: EventCounters;
  readonly streams: StreamWatch;
  readonly log: Log;
}

export interface ChannelOptions {
  readonly settings: ChannelSettings;
  /** Names the caller in the log. */
  readonly caller: string;
  /** Of the credential; some may be of subscribers that left an earlier channel. */
  readonly interests: ManualInterests;
  openStream(listener: EventStreamListener): Pick<EventStream, 'pause' | 'resume' | 'reopen' | 'close'>;
  /** Acknowledges an event upstream, some time soon. Repeats are fine. */
  acknowledge(id: string): void;
  /** An event came in, new or again; told before anybody it is for. */
  onEvent(event: GatewayEvent): void;
  /** The channel has closed; nothing of it is in use any more. */
  onClosed(): void;
}

/** The stream is opened anew for newcomers at most this often. */
const reopenEveryMs = 1_000;
const forgetEveryMs = 30_000;
/** Acknowledgements wait no longer than this for a replay to be over: an upstream may not say when it is. */
const maxDeferMs = 15_000;

export class Channel {
  readonly #options: ChannelOptions;
  readonly #settings: ChannelSettings;
  readonly #counters: EventCounters;
  readonly #buffer: ResumeBuffer;
  readonly #deliveries: DeliveryTracker;
  readonly #subscribers = new Set<Subscriber>();
  /** Subscribers that wait until the stream may be opened anew for them. */
  readonly #pendingSubscribers = new Set<Subscriber>();
  /** Subscribers the upstream owes a replay, and the ids they were offered since: a replay that is cut short starts over. */
  readonly #replaying = new Map<Subscriber, Set<string>>();
  /**
   * Acknowledgements that wait while the upstream owes somebody a replay: told of them, it would leave out events that those
   * who wait for it have not had.
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
  #forgetAt = Date.now() + forgetEveryMs;
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

  /** In the queues of all subscribers. */
  get waiting(): { readonly events: number; readonly bytes: number } {
    let events = 0;
    let bytes = 0;
    for (const subscriber of this.#subscribers) {
      events += subscriber.waiting.events;
      bytes += subscriber.waiting.bytes;
    }
    return { events, bytes };
  }

  /** @throws GatewayError `RATE_LIMITED` when the credential has as many subscribers as it may. */
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
    this.#place(subscriber);
    if (options.signal?.aborted === true) void subscriber.return();
    return subscriber;
  }

  /** Gives a new subscriber what it is owed, or lets it wait for the upstream to send that. */
  #place(subscriber: Subscriber): void {
    const { after, acknowledge } = subscriber.options;
    const position = after === undefined ? undefined : this.#buffer.locate(after);
    const isManual = acknowledge === 'MANUAL';
    // A MANUAL subscriber is owed what is not named, also from before its place.
    const isComplete = (position?.kind === 'known' && !isManual) || !this.#buffer.isIncomplete(acknowledge);
    if (position?.kind === 'known') {
      const backlog = isManual ? this.#buffer.unnamed(position.position) : this.#buffer.after(position.position);
      if (isComplete) this.#attach(subscriber, backlog);
      else if (backlog.some((record) => this.#isLeftOut(record, subscriber))) pushGap(subscriber, 'EVICTED');
    } else {
      if (position !== undefined) pushGap(subscriber, position.kind === 'unknown' ? 'UNKNOWN_POSITION' : 'EVICTED');
      if (isComplete) this.#attach(subscriber, isManual ? this.#buffer.unnamed() : this.#buffer.unsettled());
    }
    if (!isComplete) this.#awaitReplay(subscriber);
  }

  /** A replay does not have it, because it is acknowledged. */
  #isLeftOut({ ackRequested, delivery }: EventRecord, subscriber: Subscriber): boolean {
    return ackRequested && delivery !== undefined && this.#wants(subscriber, delivery.event);
  }

  /**
   * Takes ids a client names.
   * @returns Those to acknowledge upstream now. Left out are events that are never stored, those the upstream has already
   * taken, and those that wait for another subscriber's hand-over, which follow by themselves.
   */
  acknowledge(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const record = this.#buffer.find(id);
      if (record === undefined) return true;
      this.#deliveries.clientAcked(record);
      return record.ackRequested && !record.ackConfirmed;
    });
  }

  /** The upstream took these acknowledgements. */
  confirm(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.#buffer.find(id);
      if (record !== undefined) record.ackConfirmed = true;
    }
  }

  /** Lets go of what expired or is too old, or is held too long. To be called a few times a second. */
  tick(now: number): void {
    this.#counters.expired += this.#buffer.tick(now);
    this.#deliveries.expire(performance.now());
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + forgetEveryMs;
    this.#buffer.forgetOld(now);
  }

  /**
   * Ends every subscription with `error` and closes the stream. `last` is still delivered to those who want it.
   * @returns Resolves when all subscribers have met the error.
   */
  end(error: GatewayError, last?: EventDelivery): Promise<unknown> {
    if (this.#isClosed) return Promise.resolve();
    this.#statusChanged(connectionStatus('CLOSED'));
    const closed = { kind: 'status', status: this.#status } as const;
    const subscribers = [...this.#subscribers, ...this.#pendingSubscribers];
    for (const subscriber of subscribers) {
      const isWanted = last !== undefined && this.#wants(subscriber, last.event);
      const isInformed = subscriber.options.includeStatus === true;
      subscriber.end(error, [...(isWanted ? [last] : []), ...(isInformed ? [closed] : [])]);
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
    this.#backpressure.check(); // the newcomer is not behind
  }

  /** The buffer lacks unacknowledged events: the subscriber joins when the stream is opened anew, which replays them all. */
  #awaitReplay(subscriber: Subscriber): void {
    this.#pendingSubscribers.add(subscriber);
    const wait = this.#reopenedAt + reopenEveryMs - performance.now();
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
      this.#repeat(known, event, now);
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

  /** The same id again: only subscribers the upstream owes a replay may not have it yet. */
  #repeat(record: EventRecord, event: GatewayEvent, now: number): void {
    this.#counters.duplicates += 1;
    if (record.ackRequested && !this.#deferred.has(record)) {
      this.#options.acknowledge(record.id); // the upstream did not hear of it, or not in time
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
    if (offered?.has(record.id) === true || isDoneWith(subscriber, record)) return;
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

  /** Signed out from afar: the gateway acts on it, so it also acknowledges it (as the official client does, EVENTS §5). */
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

/** What is replayed although it need not be given to this subscriber. */
function isDoneWith({ options, settledBefore }: Subscriber, { settledAt, ackedByClient }: EventRecord): boolean {
  return options.acknowledge === 'AUTO' ? settledAt !== 0 && settledAt <= settledBefore : ackedByClient;
}
