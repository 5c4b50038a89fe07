/**
 * How a subscriber joins a channel: it gets the events before it from the resume buffer if that has all it needs, otherwise it
 * waits for a replay from the upstream; then it is attached, and receives live events.
 */

import type { DeliveryTracker } from '../record/delivery-tracker.ts';
import type { EventRecord } from '../record/record.ts';
import type { ResumeBuffer } from '../record/resume-buffer.ts';
import type { ReplayWaits } from '../source/replay-waits.ts';
import type { EventSource } from '../source/source.ts';
import { backlogFor } from './backlog.ts';
import type { EventFilter } from './filter.ts';
import type { Subscriber } from './subscriber.ts';
import type { SubscriberSet } from './subscriber-set.ts';

export interface JoiningOptions {
  readonly source: Pick<EventSource, 'placement' | 'settle'>;
  readonly buffer: ResumeBuffer;
  readonly deliveries: DeliveryTracker;
  readonly filter: EventFilter;
  readonly waits: ReplayWaits;
  readonly subscribers: SubscriberSet;
  /** Other processes have subscribers of the stream. */
  readonly isShared: boolean;
  /** A subscriber was attached, with that many events before it in its queue. */
  onBacklog(events: number): void;
}

export class Joining {
  readonly #options: JoiningOptions;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  join(subscriber: Subscriber): void {
    const { source, buffer, subscribers } = this.#options;
    const { after } = subscriber.options;
    const isPositionUnknown = after !== undefined && buffer.locate(after).kind === 'unknown';
    const placement = source.placement(isPositionUnknown, after);
    if (placement === undefined) this.#place(subscriber);
    else {
      subscribers.unplaced.add(subscriber);
      void placement.then(() => {
        if (!subscribers.unplaced.delete(subscriber)) return;
        this.#place(subscriber);
      });
    }
  }

  /**
   * A subscriber resumes after an event that another process may have delivered to it. It then has all earlier events that it wants,
   * even if that process ended before it could report their delivery.
   */
  #deliveredBefore(subscriber: Subscriber): void {
    const { buffer, deliveries, filter } = this.#options;
    const { after = '', acknowledge } = subscriber.options;
    const place = buffer.locate(after);
    if (acknowledge !== 'AUTO' || place.kind === 'unknown') return;
    // Events that a replay had before that event may be newer.
    const { overtakenFrom = Number.POSITIVE_INFINITY } = buffer.find(after) ?? {};
    for (const record of buffer.records()) {
      if (record.position > place.position || record.position >= overtakenFrom) return;
      if (record.wasDelivered || record.ackRequested || !filter.wantsRecord(subscriber, record)) continue;
      deliveries.deliveredElsewhere(record);
      deliveries.offered(record);
    }
  }

  /** Sends a new subscriber its backlog from the resume buffer, or lets it wait for a replay from the upstream. */
  #place(subscriber: Subscriber): void {
    const { buffer, deliveries, filter, waits, isShared } = this.#options;
    if (isShared) this.#deliveredBefore(subscriber);
    subscriber.settledBefore = deliveries.settledCount;
    deliveries.joined(subscriber, () => buffer.remembered());
    const wants = (record: EventRecord) => filter.wantsRecord(subscriber, record);
    const { gap, records } = backlogFor(subscriber.options, buffer, wants, isShared);
    if (gap !== undefined) {
      subscriber.pushGap(gap);
      // A replay repeats unacknowledged events that were delivered to others.
      if (isShared) subscriber.settledBefore = 0;
    }
    if (records === undefined) waits.add(subscriber);
    else this.attach(subscriber, records);
  }

  /** Lets a subscriber receive live events, after `backlog`. */
  attach(subscriber: Subscriber, backlog: readonly EventRecord[]): void {
    const { source, deliveries, filter, subscribers } = this.#options;
    subscribers.attached.add(subscriber);
    const pending = backlog.filter((record) => filter.wantsRecord(subscriber, record));
    if (subscriber.isEnded) return;
    for (const record of pending) {
      deliveries.queued(record, subscriber);
      if (record.pendingDeliveries > 0 && !record.ackRequested) source.settle(record.id, 'queued');
    }
    subscriber.pushBacklog(pending);
    this.#options.onBacklog(pending.length);
  }
}
