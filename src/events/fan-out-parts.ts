/**
 * The parts of a fan-out, and what each does with what another reports. The methods are those of one object, because a closure for
 * each would take 56 bytes of every caller.
 */

import type { HeldInterests } from './acknowledgement/held-interests.ts';
import { DeliveryTracker, type DeliveryTrackerOptions } from './record/delivery-tracker.ts';
import type { EventRecord } from './record/record.ts';
import { ResumeBuffer, type ResumeBufferListener } from './record/resume-buffer.ts';
import type { FanOutSettings } from './settings.ts';
import { ReplayWaits, type ReplayWaitsOptions } from './source/replay-waits.ts';
import type { EventSource } from './source/source.ts';
import { BackpressureController } from './subscriber/backpressure.ts';
import { EventFilter } from './subscriber/filter.ts';
import { Joining, type JoiningOptions } from './subscriber/joining.ts';
import type { Subscriber, SubscriberListener } from './subscriber/subscriber.ts';
import { SubscriberSet } from './subscriber/subscriber-set.ts';

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

export class FanOutParts
  implements DeliveryTrackerOptions, JoiningOptions, ReplayWaitsOptions, ResumeBufferListener, SubscriberListener
{
  readonly source: FanOutOptions['source'];
  readonly buffer: ResumeBuffer;
  readonly deliveries: DeliveryTracker;
  readonly waits: ReplayWaits;
  readonly filter: EventFilter;
  readonly subscribers: SubscriberSet;
  readonly backpressure: BackpressureController;
  readonly joining: Joining;
  readonly interests: HeldInterests;
  readonly #options: FanOutOptions;

  constructor(options: FanOutOptions) {
    const { settings, interests, source, caller } = options;
    this.#options = options;
    this.source = source;
    this.interests = interests;
    this.filter = new EventFilter(settings.log, caller);
    this.deliveries = new DeliveryTracker(this);
    this.buffer = new ResumeBuffer(settings.resume, this);
    this.waits = new ReplayWaits(this);
    this.subscribers = new SubscriberSet(this.waits.pending);
    this.backpressure = new BackpressureController(source, this.subscribers.attached, this.waits.replaying);
    this.joining = new Joining(this);
  }

  get isShared(): boolean {
    return this.#options.settings.isShared === true;
  }

  get reportsOnly(): boolean {
    return this.isShared;
  }

  get maxHeld(): number {
    return this.#options.settings.maxHeld;
  }

  get maxIds(): number {
    return this.#options.settings.resume.ids;
  }

  // Callbacks of the resume buffer
  onForgotten(record: EventRecord): void {
    this.deliveries.forgotten(record);
  }

  onWithdrawn(record: EventRecord): void {
    this.deliveries.withdrawn(record);
    this.source.withdraw(record.id);
  }

  // Callbacks of the delivery tracker
  onSettled(record: EventRecord): void {
    this.buffer.settled(record);
  }

  onAckable(record: EventRecord): void {
    if (!this.isShared) this.buffer.markAcknowledged(record);
    this.waits.acknowledge(record);
  }

  onUnsettled({ id, heldFor }: EventRecord): void {
    this.source.settle(id, heldFor === 0 ? 'unwanted' : 'held');
  }

  // Callbacks of the subscribers that wait for a replay
  attach(subscriber: Subscriber): void {
    this.joining.attach(subscriber, []);
  }

  reopen(): void {
    this.source.reopen();
  }

  acknowledge({ id, ackedByClient }: EventRecord): void {
    this.source.settle(id, ackedByClient ? 'acknowledged' : 'delivered');
  }

  onBacklog(events: number): void {
    this.#options.settings.counters.relayed += events;
    this.backpressure.check(); // a backlog does not make a subscriber lag
  }

  // Callbacks of a subscriber
  onDelivered(record: EventRecord, subscriber: Subscriber): void {
    const { onLag } = this.#options.settings;
    if (onLag !== undefined && record.receivedAt >= subscriber.joinedAt)
      onLag((Date.now() - record.receivedAt) / 1_000);
    this.deliveries.delivered(record, subscriber);
  }

  onUnqueued(record: EventRecord): void {
    this.buffer.release(record);
  }

  onDropped(record: EventRecord, subscriber: Subscriber): void {
    this.deliveries.dropped(record, subscriber);
  }

  onReading(subscriber: Subscriber): void {
    this.backpressure.onRead(subscriber);
  }

  onLaggingChanged(subscriber: Subscriber): void {
    this.backpressure.laggingChanged(subscriber);
  }

  onOverflow(): void {
    const { settings, caller } = this.#options;
    settings.counters.dropped += 1;
    settings.log.info('subscriber too slow', { caller, code: 'SLOW_CONSUMER' });
  }

  onUnsubscribed(subscriber: Subscriber): void {
    this.subscribers.unplaced.delete(subscriber);
    this.waits.unsubscribed(subscriber);
    if (this.subscribers.attached.delete(subscriber)) this.backpressure.unsubscribed(subscriber);
    this.deliveries.unsubscribed(subscriber, performance.now());
    this.waits.acknowledgeWhenEmpty();
    this.#options.onUnsubscribed();
  }
}
