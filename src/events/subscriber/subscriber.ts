/** One subscriber of a channel: its own bounded queue, read at the consumer's pace. */

import type { ConnectionStatus } from '../../domain/connection-status.ts';
import { GatewayError } from '../../errors.ts';
import { Cancellable } from '../../upstream/cancellation.ts';
import { type AckIterator, iterate } from '../acknowledgement/ack-source.ts';
import { connectionStatus, type Delivery, type GapDelivery } from '../record/delivery.ts';
import type { EventRecord } from '../record/record.ts';
import { Queue } from './queue.ts';
import { type QueueBounds, type QueueEntry, SubscriberQueue } from './subscriber-queue.ts';
import type { EventSubscription, SubscribeOptions } from './subscription.ts';

/** Callbacks from a subscriber to its channel. */
export interface SubscriberListener {
  onDelivered(record: EventRecord, subscriber: Subscriber): void;
  /** The record left the subscriber's queue, for any reason. */
  onUnqueued(record: EventRecord): void;
  /** The record was queued for or read by a subscriber that will not deliver it. */
  onDropped(record: EventRecord, subscriber: Subscriber): void;
  /** `isLagging` changed. */
  onLaggingChanged(subscriber: Subscriber): void;
  onReading(subscriber: Subscriber): void;
  /** The queue is full: the subscription ends. */
  onOverflow(): void;
  onUnsubscribed(subscriber: Subscriber): void;
}

export class Subscriber extends Cancellable implements EventSubscription {
  readonly options: SubscribeOptions;
  readonly #listener: SubscriberListener;
  readonly #queue: SubscriberQueue;
  /** Items read and not confirmed, oldest first; undefined for an item other than an event. */
  readonly #unacked = new Queue<EventRecord | undefined>();
  #iterator: AckIterator<Delivery> | undefined;
  #onReadable: (() => void) | undefined;
  #error: GatewayError | undefined;
  #isEnded = false;
  #isClosed = false;
  #onClosed: (() => void) | undefined;
  /** `DeliveryTracker.settledCount` at the time of joining: an AUTO subscriber does not receive events settled before. */
  settledBefore = 0;

  constructor(options: SubscribeOptions, bounds: QueueBounds, listener: SubscriberListener) {
    super();
    this.options = options;
    this.#queue = new SubscriberQueue(bounds);
    this.#listener = listener;
    // A cancelled subscriber must join first: its end removes it from the channel.
    if (options.cancellation?.isCancelled === false) options.cancellation.register(this);
  }

  /** Milliseconds since the epoch. */
  readonly joinedAt = Date.now();
  /** Position of the last live event queued for it; 0 before the first. */
  lastPosition = 0;
  /** Time of the last `read`, or of the last push into an empty queue; on the clock of `performance`. */
  lastReadAt = performance.now();

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Becomes true when the queue is more than half full, and false again below a quarter. */
  get isLagging(): boolean {
    return this.#queue.isLagging;
  }

  /** Queued live events and their bytes. */
  get waiting(): { readonly events: number; readonly bytes: number } {
    return { events: this.#queue.events, bytes: this.#queue.bytes };
  }

  /** Resolves when the consumer has received the final error or has cancelled. */
  closed(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  /** Queues a live event. A full queue ends this subscription with SLOW_CONSUMER. */
  push(record: EventRecord): void {
    if (this.#queue.isFullFor(record.size)) {
      this.#listener.onOverflow();
      this.#listener.onDropped(record, this);
      this.end(new GatewayError('SLOW_CONSUMER'));
      return;
    }
    this.lastPosition = Math.max(this.lastPosition, record.position);
    this.#enqueue({ kind: 'record', record, isCounted: true });
    this.#updateLagging();
  }

  /** Queues buffered events from before the subscriber joined. */
  pushBacklog(records: readonly EventRecord[]): void {
    for (const record of records) this.#enqueue({ kind: 'record', record, isCounted: false });
  }

  pushGap(gap: GapDelivery): void {
    this.#enqueue({ kind: 'item', item: gap });
  }

  /** Replaces a status at the end of the queue: only the latest one matters. */
  pushStatus(status: ConnectionStatus): void {
    if (this.options.includeStatus !== true) return;
    this.#queue.dropLastStatus();
    this.#enqueue({ kind: 'item', item: { kind: 'status', status } });
  }

  /** Ends the subscription. Queued items are dropped, `last` is still delivered, then `read()` throws `error`. */
  end(error: GatewayError, last: readonly Delivery[] = []): void {
    if (this.#isEnded) return;
    this.#dropPending();
    this.#error = error;
    this.#isEnded = true;
    for (const item of last) this.#queue.push({ kind: 'item', item });
    // A drain ends subscriptions one by one, before the channel closes and sends CLOSED to the others.
    if (last.length === 0 && error.code === 'SHUTTING_DOWN' && this.options.includeStatus === true) {
      this.#queue.push({ kind: 'item', item: { kind: 'status', status: connectionStatus('CLOSED') } });
    }
    this.#detach();
    this.#onReadable?.();
  }

  read(): Delivery | undefined {
    this.lastReadAt = performance.now();
    this.#listener.onReading(this);
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      if (entry.kind === 'item') {
        this.#unacked.push(undefined);
        return entry.item;
      }
      const { record } = entry;
      const { delivery } = record;
      this.#listener.onUnqueued(record);
      if (entry.isCounted) this.#updateLagging();
      if (delivery === undefined)
        this.#listener.onDropped(record, this); // expired or recalled in the queue
      else {
        this.#unacked.push(record);
        return delivery;
      }
    }
    if (this.#error === undefined) return undefined;
    const error = this.#error;
    this.#error = undefined;
    this.#markClosed();
    throw error;
  }

  ack(): void {
    const record = this.#unacked.shift();
    if (record !== undefined) this.#listener.onDelivered(record, this);
  }

  get isLastExpired(): boolean {
    const { last } = this.#unacked;
    return last !== undefined && (last.contentRevoked || last.expiresAt <= Date.now());
  }

  get isDone(): boolean {
    return this.#isEnded && this.#error === undefined && this.#queue.length === 0;
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
  }

  override cancel(): void {
    if (!this.#isEnded) {
      this.#dropPending();
      this.#isEnded = true;
      this.#detach();
    }
    this.#queue.clear();
    this.#unacked.clear();
    this.#error = undefined;
    this.#markClosed();
    this.#onReadable?.();
  }

  next(): Promise<IteratorResult<Delivery, undefined>> {
    return this.#getIterator().next();
  }

  return(): Promise<IteratorResult<Delivery, undefined>> {
    return this.#getIterator().return();
  }

  throw(): Promise<IteratorResult<Delivery, undefined>> {
    return this.#getIterator().return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #getIterator(): AckIterator<Delivery> {
    this.#iterator ??= iterate(this);
    return this.#iterator;
  }

  #enqueue(entry: QueueEntry): void {
    if (this.#isEnded) return;
    const wasEmpty = this.#queue.length === 0;
    this.#queue.push(entry);
    if (!wasEmpty) return;
    this.lastReadAt = performance.now();
    this.#onReadable?.();
  }

  /** Drops queued items, and stops waiting for the confirmation of items already read, which can still come. */
  #dropPending(): void {
    const dropped = this.#queue.clear();
    for (const record of this.#unacked) if (record !== undefined) this.#listener.onDropped(record, this);
    for (const record of dropped) {
      this.#listener.onUnqueued(record);
      this.#listener.onDropped(record, this);
    }
  }

  #updateLagging(): void {
    if (this.#queue.updateLagging()) this.#listener.onLaggingChanged(this);
  }

  #markClosed(): void {
    this.#isClosed = true;
    this.#onClosed?.();
  }

  #detach(): void {
    this.options.cancellation?.unregister(this);
    this.#listener.onUnsubscribed(this);
  }
}
