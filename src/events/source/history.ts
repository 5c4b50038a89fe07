/**
 * Records what other processes report about the shared stream of a channel: events from before the channel, acknowledgements and gaps.
 * Events and acknowledgements matter to subscribers that join or resume; current subscribers receive gaps only.
 */
import { transientEventId } from '../../upstream/event-stream/decode-frame.ts';
import type { DeliveryTracker } from '../record/delivery-tracker.ts';
import type { ResumeBuffer } from '../record/resume-buffer.ts';
import type { SubscriberSet } from '../subscriber/subscriber-set.ts';
import { markOvertaken } from './replay-order.ts';
import type { EarlierEvent, EvictedEvent, HistoricalEvent } from './source.ts';

export class History {
  readonly #buffer: ResumeBuffer;
  readonly #deliveries: DeliveryTracker;
  readonly #subscribers: SubscriberSet;

  constructor(buffer: ResumeBuffer, deliveries: DeliveryTracker, subscribers: SubscriberSet) {
    this.#buffer = buffer;
    this.#deliveries = deliveries;
    this.#subscribers = subscribers;
  }

  /** Adds an event from before the channel. */
  add({ received, length, receivedAt, wasDelivered, overtakenBy }: HistoricalEvent): void {
    const { id, event } = received;
    if (this.#buffer.find(id) !== undefined) return;
    const record = this.#buffer.add(received, length, receivedAt, Date.now());
    markOvertaken(record, overtakenBy, this.#buffer);
    if (event.type === 'MESSAGE_RECALLED') this.#buffer.revokeMessage(event.message);
    if (wasDelivered) this.#deliveries.deliveredElsewhere(record);
    else this.#deliveries.arrived(record);
    this.#deliveries.offered(record);
    this.#buffer.release(record);
  }

  /** Adds events from before the channel that are older than a known one. */
  addEarlier(events: readonly EarlierEvent[], before: string): void {
    const unknown = events.filter(({ id }) => this.#buffer.find(id) === undefined);
    const byId = new Map(unknown.map((event) => [event.id, event]));
    for (const record of this.#buffer.addEarlier(unknown, before, Date.now())) {
      const event = byId.get(record.id);
      markOvertaken(record, event?.overtakenBy, this.#buffer);
      if (event?.wasDelivered === true) this.#deliveries.deliveredElsewhere(record);
      else if (record.evictedUnacked) this.#deliveries.arrivedUnseen(record);
      else this.#deliveries.arrived(record);
      this.#deliveries.offered(record);
      this.#buffer.release(record);
    }
  }

  /** Adds an event from before the channel without its content. */
  addEvicted({ id, receivedAt, isRevoked, overtakenBy }: EvictedEvent): void {
    if (this.#buffer.find(id) !== undefined) return;
    const record = this.#buffer.addEvicted(id, receivedAt, isRevoked);
    markOvertaken(record, overtakenBy, this.#buffer);
    if (!isRevoked) this.#deliveries.arrivedUnseen(record);
    this.#deliveries.offered(record);
  }

  /** Records that the upstream has the acknowledgement of these events. */
  acknowledged(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.#buffer.find(id);
      if (record === undefined) continue;
      this.#buffer.markAcknowledged(record);
      this.#deliveries.acknowledgedElsewhere(record);
    }
  }

  /**
   * Sends a gap to all current subscribers. Without `from` the gap follows the last event and later also applies to subscribers that
   * resume before it; with `from` it lies between that event and the last one.
   */
  gap(from?: string): void {
    if (from === undefined) this.#buffer.markGap();
    const last = from ?? this.#buffer.lastId;
    for (const subscriber of this.#subscribers.attached) {
      subscriber.pushGap({
        kind: 'gap',
        reason: 'EVICTED',
        after: last ?? subscriber.options.after ?? transientEventId,
      });
    }
  }
}
