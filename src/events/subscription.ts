/** One subscriber's end of the relay: a queue of its own, which it empties at its own pace. */
import { GatewayError } from '../errors.ts';
import type { ConnectionStatus, GatewayEvent } from '../gateway-event.ts';
import { type AckIterator, type AckSource, iterate } from './ack-source.ts';
import { connectionStatus, type Delivery, type GapDelivery } from './delivery.ts';
import { Queue } from './queue.ts';
import type { EventRecord } from './record.ts';

export interface SubscribeOptions {
  /** Which events to deliver; the others stay unacknowledged. A throw ends this subscription with INTERNAL. */
  wants(event: GatewayEvent): boolean;
  /** AUTO: an event is acknowledged upstream once it was handed over. MANUAL: once the client names it. */
  readonly acknowledge: 'AUTO' | 'MANUAL';
  /**
   * Names what `wants` lets pass: equal names, equal answers. By it a MANUAL subscriber that comes back is known for one that
   * left; without it by `wants` itself.
   */
  readonly filter?: string | undefined;
  /** Resume after this event id. */
  readonly after?: string | undefined;
  /** Ends the subscription when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Yield the connection's status too: once at the start, then whenever it changes. Default false. */
  readonly includeStatus?: boolean | undefined;
}

/**
 * To be emptied in one of two ways: as a feed, by who says which deliveries were handed over; or as an iterator, where pulling
 * the next one says so of the one before. What was taken and not handed over when the subscriber leaves was not delivered.
 * When the subscription ends by an error, what was taken may still be handed over, but nobody waits for it.
 */
export interface EventSubscription extends AckSource<Delivery>, AckIterator<Delivery> {}

export interface QueueBounds {
  /** Most live events waiting. What a new subscriber is owed from the resume buffer is bounded by that, not by this. */
  readonly events: number;
  /** Most bytes waiting; one event may always wait. */
  readonly bytes: number;
}

/** What the channel hears of its subscribers. */
export interface SubscriberListener {
  onDelivered(record: EventRecord, subscriber: Subscriber): void;
  /** It left the subscriber's queue, for whatever reason. */
  onUnqueued(record: EventRecord): void;
  /** It was queued for, or given to, a subscriber that will not take it. */
  onDropped(record: EventRecord, subscriber: Subscriber): void;
  /** `isLagging` changed. */
  onLaggingChanged(subscriber: Subscriber): void;
  onReading(subscriber: Subscriber): void;
  /** Too many events wait: the subscription ends. */
  onOverflow(): void;
  onUnsubscribed(subscriber: Subscriber): void;
}

type Entry =
  | { readonly kind: 'record'; readonly record: EventRecord; readonly isCounted: boolean }
  | { readonly kind: 'item'; readonly item: Delivery };

export class Subscriber implements EventSubscription {
  readonly options: SubscribeOptions;
  readonly #bounds: QueueBounds;
  readonly #listener: SubscriberListener;
  readonly #queue = new Queue<Entry>();
  #count = 0;
  #bytes = 0;
  #isLagging = false;
  /** Taken and not handed over, oldest first; undefined for what is no event. */
  readonly #unacked = new Queue<EventRecord | undefined>();
  #iterator: AckIterator<Delivery> | undefined;
  #onReadable: (() => void) | undefined;
  #error: GatewayError | undefined;
  #isEnded = false;
  #isClosed = false;
  #onClosed: (() => void) | undefined;
  readonly #onAbort = () => this.cancel();
  /** Events AUTO subscribers were through with when it came (`DeliveryTracker.settledCount`); an AUTO one is not given those. */
  settledBefore = 0;

  constructor(options: SubscribeOptions, bounds: QueueBounds, listener: SubscriberListener) {
    this.options = options;
    this.#bounds = bounds;
    this.#listener = listener;
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Position of the last live event it was given; 0 before the first. */
  lastPosition = 0;
  /** When something was last taken, or came to wait while nothing else did; on the clock of `performance`. */
  lastReadAt = performance.now();

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** More than half of the queue is waiting; stays so until less than a quarter is. */
  get isLagging(): boolean {
    return this.#isLagging;
  }

  /** Live events waiting, and their bytes. */
  get waiting(): { readonly events: number; readonly bytes: number } {
    return { events: this.#count, bytes: this.#bytes };
  }

  /** Resolves when the subscriber knows that it is over: it met the error, or left. */
  closed(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  /** Queues an event. Too many of them end this subscription with SLOW_CONSUMER. */
  push(record: EventRecord): void {
    const isFull =
      this.#count >= this.#bounds.events || (this.#count > 0 && this.#bytes + record.size > this.#bounds.bytes);
    if (isFull) {
      this.#listener.onOverflow();
      this.#listener.onDropped(record, this);
      this.end(new GatewayError('SLOW_CONSUMER'));
      return;
    }
    this.#count += 1;
    this.#bytes += record.size;
    this.lastPosition = Math.max(this.lastPosition, record.position);
    this.#enqueue({ kind: 'record', record, isCounted: true });
    this.#updateLagging();
  }

  /** Queues what was already there when the subscriber came. */
  pushBacklog(records: readonly EventRecord[]): void {
    for (const record of records) this.#enqueue({ kind: 'record', record, isCounted: false });
  }

  pushGap(gap: GapDelivery): void {
    this.#enqueue({ kind: 'item', item: gap });
  }

  /** A status still waiting directly before is replaced: only the latest matters. */
  pushStatus(status: ConnectionStatus): void {
    if (this.options.includeStatus !== true) return;
    const { last } = this.#queue;
    if (last?.kind === 'item' && last.item.kind === 'status') this.#queue.pop();
    this.#enqueue({ kind: 'item', item: { kind: 'status', status } });
  }

  /** Ends the subscription: what waits is dropped, `last` is still delivered, then `read()` throws. */
  end(error: GatewayError, last: readonly Delivery[] = []): void {
    if (this.#isEnded) return;
    this.#drop();
    this.#error = error;
    this.#isEnded = true;
    for (const item of last) this.#queue.push({ kind: 'item', item });
    // A drain ends subscriptions one by one, before the channel closes and says so to all.
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
      record.queuedCount -= 1;
      this.#listener.onUnqueued(record);
      if (entry.isCounted) {
        this.#count -= 1;
        this.#bytes -= record.size;
        this.#updateLagging();
      }
      if (delivery === undefined)
        this.#listener.onDropped(record, this); // expired or recalled while it waited
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

  cancel(): void {
    if (!this.#isEnded) {
      this.#drop();
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

  #enqueue(entry: Entry): void {
    if (this.#isEnded) return;
    if (entry.kind === 'record') entry.record.queuedCount += 1;
    const wasEmpty = this.#queue.length === 0;
    this.#queue.push(entry);
    if (!wasEmpty) return;
    this.lastReadAt = performance.now();
    this.#onReadable?.();
  }

  /** Nobody waits for what is here any more; what was taken may still be handed over. */
  #drop(): void {
    const dropped = [...this.#queue];
    this.#queue.clear();
    this.#count = 0;
    this.#bytes = 0;
    for (const record of this.#unacked) if (record !== undefined) this.#listener.onDropped(record, this);
    for (const entry of dropped) {
      if (entry.kind !== 'record') continue;
      entry.record.queuedCount -= 1;
      this.#listener.onUnqueued(entry.record);
      this.#listener.onDropped(entry.record, this);
    }
  }

  #updateLagging(): void {
    const share = this.#isLagging ? 4 : 2;
    const isLagging = this.#count * share > this.#bounds.events || this.#bytes * share > this.#bounds.bytes;
    if (isLagging === this.#isLagging) return;
    this.#isLagging = isLagging;
    this.#listener.onLaggingChanged(this);
  }

  #markClosed(): void {
    this.#isClosed = true;
    this.#onClosed?.();
  }

  #detach(): void {
    this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#listener.onUnsubscribed(this);
  }
}
