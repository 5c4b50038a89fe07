/**
 * Events of one credential on their way to its subscribers: new ones to all that want them, a backlog to those that join,
 * repeats to those that wait for a replay.
 *
 * Guarantees: a subscriber receives the events it wants in upstream order, each once. An event is acknowledged under the rules
 * of `delivery-tracker.ts`. A slow subscriber is ended without affecting the others. A new subscriber first receives all
 * unacknowledged events. They come from the resume buffer if it is complete, otherwise from the upstream's replay after the
 * stream is reopened.
 */

import type { ConnectionStatus } from '../domain/connection-status.ts';
import type { GatewayEvent } from '../domain/gateway-event.ts';
import type { GatewayError } from '../errors.ts';
import { transientEventId } from '../upstream/event-stream/decode-frame.ts';
import { type FanOutOptions, FanOutParts } from './fan-out-parts.ts';
import type { EventDelivery } from './record/delivery.ts';
import type { EventRecord } from './record/record.ts';
import type { FanOutSettings } from './settings.ts';
import { History } from './source/history.ts';
import { markOvertaken, ReplayOrder } from './source/replay-order.ts';
import type { SourceEvent } from './source/source.ts';
import { isSettledFor } from './subscriber/filter.ts';
import { Subscriber } from './subscriber/subscriber.ts';
import type { SubscriberSet } from './subscriber/subscriber-set.ts';
import type { SubscribeOptions } from './subscriber/subscription.ts';

export class FanOut {
  /** What other processes know. */
  readonly history: History;
  /** Events that replays have before older ones; unused when the source reports the order. */
  readonly order = new ReplayOrder<number>();
  readonly #settings: FanOutSettings;
  readonly #parts: FanOutParts;

  constructor(options: FanOutOptions) {
    this.#settings = options.settings;
    this.#parts = new FanOutParts(options);
    this.history = new History(this.#parts.buffer, this.#parts.deliveries, this.#parts.subscribers);
  }

  get subscribers(): SubscriberSet {
    return this.#parts.subscribers;
  }

  /** Events and bytes in the resume buffer. */
  get buffered(): { readonly events: number; readonly bytes: number } {
    return { events: this.#parts.buffer.size, bytes: this.#parts.buffer.bytes };
  }

  /** @param status The first item, if the subscriber includes the status. */
  subscribe(options: SubscribeOptions, status: ConnectionStatus): Subscriber {
    const subscriber = new Subscriber(options, this.#settings.queue, this.#parts);
    subscriber.pushStatus(status);
    this.#parts.joining.join(subscriber);
    return subscriber;
  }

  /** @returns The record of an event that must end the channel: REMOTE_WIPED. It is not offered to subscribers. */
  receive({ received, length, receivedAt, overtakenBy }: SourceEvent): EventRecord | undefined {
    const { id, event } = received;
    const now = Date.now();
    const known = id === transientEventId ? undefined : this.#parts.buffer.find(id);
    if (known !== undefined) {
      this.#receiveRepeated(known, event, now);
      return undefined;
    }
    this.#settings.counters.received += 1;
    const record = this.#parts.buffer.add(received, length, receivedAt, now);
    if (this.#settings.isShared === true) markOvertaken(record, overtakenBy, this.#parts.buffer);
    else if (record.isStored) record.markOvertaken(this.order.arrived(record.position, event));
    if (event.type === 'REMOTE_WIPED') return record;
    if (event.type === 'MESSAGE_RECALLED') this.#parts.buffer.revokeMessage(event.message);
    this.#parts.deliveries.arrived(record);
    for (const subscriber of this.#parts.subscribers.attached) this.#offer(record, subscriber);
    this.#parts.deliveries.offered(record);
    this.#parts.buffer.release(record);
    this.#parts.backpressure.check();
    return undefined;
  }

  isKnown(id: string): boolean {
    return this.#parts.buffer.find(id) !== undefined;
  }

  /** The upstream has sent everything stored when the stream opened. */
  replayed(): void {
    this.order.ended();
    this.#parts.waits.replayed();
  }

  /**
   * Records ids that a client acknowledges.
   * @returns The ids to acknowledge upstream now. Excluded are events that are never stored, events already confirmed, and
   * events not yet delivered to another subscriber: their acknowledgement follows that delivery.
   */
  acknowledge(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const record = this.#parts.buffer.find(id);
      if (record === undefined) return true;
      this.#parts.deliveries.clientAcked(record);
      const isDue = this.#settings.isShared === true ? record.pendingDeliveries === 0 : record.ackRequested;
      return isDue && !record.ackConfirmed;
    });
  }

  /** Records that the upstream confirmed these acknowledgements. */
  confirm(ids: readonly string[]): void {
    for (const id of ids) this.#parts.buffer.find(id)?.confirmAck();
  }

  /** Releases expired content, events beyond RESUME_AGE_MS and expired holds. Call a few times per second. */
  tick(now: number): void {
    this.#settings.counters.expired += this.#parts.buffer.tick(now);
    this.#parts.deliveries.expire(performance.now());
  }

  /**
   * Ends every subscription with `error`. `last` is still delivered to subscribers that want it, then `closed` to those that
   * include the status.
   * @returns Resolves when all subscribers have received the error.
   */
  end(error: GatewayError, last: EventDelivery | undefined, closed: ConnectionStatus): Promise<unknown> {
    return this.#parts.subscribers.end(error, closed, (subscriber) =>
      last !== undefined && this.#parts.filter.wants(subscriber, last.event) ? last : undefined,
    );
  }

  /** Stops its timers and sends deferred acknowledgements. Subscriptions are not ended. */
  close(): void {
    this.#parts.buffer.close();
    this.#parts.waits.close();
    this.#parts.backpressure.close();
  }

  /** A known id was received again: only subscribers that wait for a replay can still need the event. */
  #receiveRepeated(record: EventRecord, event: GatewayEvent, now: number): void {
    this.#settings.counters.duplicates += 1;
    if (record.ackRequested && !this.#parts.waits.isDeferred(record)) {
      this.#parts.acknowledge(record); // the acknowledgement was lost or came too late
      return;
    }
    this.#parts.deliveries.repeated(record, event);
    if (this.#parts.waits.replaying.size === 0) return;
    this.#parts.buffer.fill(record, event, now);
    for (const subscriber of this.#parts.waits.replaying.keys()) this.#offer(record, subscriber);
    this.#parts.buffer.release(record);
    this.#parts.backpressure.check();
  }

  #offer(record: EventRecord, subscriber: Subscriber): void {
    if (isSettledFor(subscriber, record) || !this.#parts.waits.offer(record, subscriber)) return;
    if (!this.#parts.filter.wantsRecord(subscriber, record)) return;
    this.#parts.deliveries.queued(record, subscriber);
    this.#settings.counters.relayed += 1;
    subscriber.push(record);
  }
}
