/**
 * Events of one credential on their way to its subscribers: new ones to all that want them, a backlog to those that join,
 * repeats to those that wait for a replay.
 *
 * Guarantees: a subscriber receives the events it wants in upstream order, each once. An event is acknowledged under the rules
 * of `delivery-tracker.ts`. A slow subscriber is ended without affecting the others. A new subscriber first receives all
 * unacknowledged events. They come from the resume buffer if it is complete, otherwise from the upstream's replay after the
 * stream is reopened.
 */

import type { ConnectionStatus } from '../connection-status.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayEvent } from '../gateway-event.ts';
import { type ReceivedEvent, transientEventId } from '../upstream/event-stream/decode-frame.ts';
import { BackpressureController } from './backpressure.ts';
import type { EventCounters } from './counters.ts';
import type { EventDelivery } from './delivery.ts';
import { DeliveryTracker } from './delivery-tracker.ts';
import { EventFilter, isSettledFor } from './filter.ts';
import type { HeldInterests } from './held-interests.ts';
import { History } from './history.ts';
import { Joining } from './joining.ts';
import type { EventRecord } from './record.ts';
import { markBehind, ReplayOrder } from './replay-order.ts';
import { ReplayWaits } from './replay-waits.ts';
import { ResumeBuffer } from './resume-buffer.ts';
import type { FanOutSettings } from './settings.ts';
import type { EventSource } from './source.ts';
import { Subscriber, type SubscriberListener } from './subscriber.ts';
import { SubscriberSet } from './subscriber-set.ts';
import type { SubscribeOptions } from './subscription.ts';

export interface FanOutOptions {
  readonly settings: FanOutSettings;
  /** Credential key, for the log. */
  readonly caller: string;
  /** Interests of the credential, including those of subscribers of an earlier channel. */
  readonly interests: HeldInterests;
  /** Called after construction. */
  readonly source: Omit<EventSource, 'close' | 'tick'>;
  onUnsubscribed(): void;
}

export class FanOut {
  readonly subscribers: SubscriberSet;
  /** What other processes know. */
  readonly history: History;
  /** What replays have ahead of older events; not asked where the source says it. */
  readonly order = new ReplayOrder<number>();
  readonly #options: FanOutOptions;
  readonly #counters: EventCounters;
  readonly #buffer: ResumeBuffer;
  readonly #deliveries: DeliveryTracker;
  readonly #waits: ReplayWaits;
  readonly #filter: EventFilter;
  readonly #backpressure: BackpressureController;
  readonly #joining: Joining;
  readonly #subscriberListener: SubscriberListener;

  constructor(options: FanOutOptions) {
    const { settings, interests, source, caller } = options;
    this.#options = options;
    this.#counters = settings.counters;
    this.#filter = new EventFilter(settings.log, caller);
    this.#deliveries = new DeliveryTracker({
      interests,
      maxHeld: settings.maxHeld,
      reportsOnly: settings.isShared,
      onSettled: (record) => this.#buffer.settled(record),
      onAckable: (record) => {
        if (settings.isShared !== true) this.#buffer.markAcknowledged(record);
        this.#waits.acknowledge(record);
      },
      onUnsettled: ({ id, heldFor }) => source.settle(id, heldFor === 0 ? 'unwanted' : 'held'),
    });
    this.#buffer = new ResumeBuffer(
      settings.resume,
      (record) => this.#deliveries.forgotten(record),
      (record) => {
        this.#deliveries.withdrawn(record);
        source.withdraw(record.id);
      },
    );
    this.#waits = new ReplayWaits({
      maxIds: settings.resume.ids,
      attach: (subscriber) => this.#joining.attach(subscriber, []),
      reopen: () => source.reopen(),
      acknowledge: (record) => this.#acknowledge(record),
    });
    this.subscribers = new SubscriberSet(this.#waits.pending);
    this.#backpressure = new BackpressureController(source, this.subscribers.attached, this.#waits.replaying);
    this.#joining = new Joining({
      source,
      buffer: this.#buffer,
      deliveries: this.#deliveries,
      filter: this.#filter,
      waits: this.#waits,
      subscribers: this.subscribers,
      isShared: settings.isShared === true,
      onBacklog: (events) => {
        this.#counters.relayed += events;
        this.#backpressure.check(); // a backlog does not make a subscriber lag
      },
    });
    this.history = new History(this.#buffer, this.#deliveries, this.subscribers);
    this.#subscriberListener = {
      onDelivered: (record, subscriber) => {
        if (settings.onLag !== undefined && record.receivedAt >= subscriber.joinedAt)
          settings.onLag((Date.now() - record.receivedAt) / 1_000);
        this.#deliveries.delivered(record, subscriber);
      },
      onUnqueued: (record) => this.#buffer.release(record),
      onReading: (subscriber) => this.#backpressure.onRead(subscriber),
      onDropped: (record, subscriber) => this.#deliveries.dropped(record, subscriber),
      onLaggingChanged: (subscriber) => this.#backpressure.laggingChanged(subscriber),
      onOverflow: () => {
        this.#counters.dropped += 1;
        settings.log.info('subscriber too slow', { caller, code: 'SLOW_CONSUMER' });
      },
      onUnsubscribed: (subscriber) => this.#unsubscribed(subscriber),
    };
  }

  /** Events and bytes in the resume buffer. */
  get buffered(): { readonly events: number; readonly bytes: number } {
    return { events: this.#buffer.size, bytes: this.#buffer.bytes };
  }

  /** @param status The first item, if the subscriber includes the status. */
  subscribe(options: SubscribeOptions, status: ConnectionStatus): Subscriber {
    const subscriber = new Subscriber(options, this.#options.settings.queue, this.#subscriberListener);
    subscriber.pushStatus(status);
    this.#joining.join(subscriber);
    return subscriber;
  }

  /** @returns The record of an event that must end the channel: REMOTE_WIPED. It is not offered to subscribers. */
  receive(received: ReceivedEvent, length: number, receivedAt: number, behind?: string): EventRecord | undefined {
    const { id, event } = received;
    const now = Date.now();
    const known = id === transientEventId ? undefined : this.#buffer.find(id);
    if (known !== undefined) {
      this.#receiveRepeated(known, event, now);
      return undefined;
    }
    this.#counters.received += 1;
    const record = this.#buffer.add(received, length, receivedAt, now);
    if (this.#options.settings.isShared === true) markBehind(record, behind, this.#buffer);
    else if (record.isStored) record.markBehind(this.order.arrived(record.position, event));
    if (event.type === 'REMOTE_WIPED') return record;
    if (event.type === 'MESSAGE_RECALLED') this.#buffer.revokeMessage(event.message);
    this.#deliveries.arrived(record);
    for (const subscriber of this.subscribers.attached) this.#offer(record, subscriber);
    this.#deliveries.offered(record);
    this.#buffer.release(record);
    this.#backpressure.check();
    return undefined;
  }

  isKnown(id: string): boolean {
    return this.#buffer.find(id) !== undefined;
  }

  /** The upstream has sent everything stored when the stream opened. */
  replayed(): void {
    this.order.ended();
    this.#waits.replayed();
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
      const isDue = this.#options.settings.isShared === true ? record.pendingDeliveries === 0 : record.ackRequested;
      return isDue && !record.ackConfirmed;
    });
  }

  /** Records that the upstream confirmed these acknowledgements. */
  confirm(ids: readonly string[]): void {
    for (const id of ids) this.#buffer.find(id)?.confirmAck();
  }

  /** Releases expired content, events beyond RESUME_AGE_MS and expired holds. Call a few times per second. */
  tick(now: number): void {
    this.#counters.expired += this.#buffer.tick(now);
    this.#deliveries.expire(performance.now());
  }

  /**
   * Ends every subscription with `error`. `last` is still delivered to subscribers that want it, then `closed` to those that
   * include the status.
   * @returns Resolves when all subscribers have received the error.
   */
  end(error: GatewayError, last: EventDelivery | undefined, closed: ConnectionStatus): Promise<unknown> {
    return this.subscribers.end(error, closed, (subscriber) =>
      last !== undefined && this.#filter.wants(subscriber, last.event) ? last : undefined,
    );
  }

  /** Stops its timers and sends deferred acknowledgements. Subscriptions are not ended. */
  close(): void {
    this.#waits.close();
    this.#backpressure.close();
  }

  /** A known id was received again: only subscribers that wait for a replay can still need the event. */
  #receiveRepeated(record: EventRecord, event: GatewayEvent, now: number): void {
    this.#counters.duplicates += 1;
    if (record.ackRequested && !this.#waits.isDeferred(record)) {
      this.#acknowledge(record); // the acknowledgement was lost or came too late
      return;
    }
    this.#deliveries.repeated(record, event);
    if (this.#waits.replaying.size === 0) return;
    this.#buffer.fill(record, event, now);
    for (const subscriber of this.#waits.replaying.keys()) this.#offer(record, subscriber);
    this.#buffer.release(record);
    this.#backpressure.check();
  }

  #offer(record: EventRecord, subscriber: Subscriber): void {
    if (isSettledFor(subscriber, record) || !this.#waits.offer(record, subscriber)) return;
    if (!this.#filter.wantsRecord(subscriber, record)) return;
    this.#deliveries.queued(record, subscriber);
    this.#counters.relayed += 1;
    subscriber.push(record);
  }

  #acknowledge({ id, ackedByClient }: EventRecord): void {
    this.#options.source.settle(id, ackedByClient ? 'acknowledged' : 'delivered');
  }

  #unsubscribed(subscriber: Subscriber): void {
    this.subscribers.unplaced.delete(subscriber);
    this.#waits.unsubscribed(subscriber);
    if (this.subscribers.attached.delete(subscriber)) this.#backpressure.unsubscribed(subscriber);
    this.#deliveries.unsubscribed(subscriber, performance.now());
    this.#waits.acknowledgeWhenEmpty();
    this.#options.onUnsubscribed();
  }
}
