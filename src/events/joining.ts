/**
 * How a subscriber joins a channel: it gets the events before it from the resume buffer if that has all it needs, otherwise it
 * waits for a replay from the upstream; then it is attached, and receives live events.
 */
import type { GapDelivery } from './delivery.ts';
import type { DeliveryTracker } from './delivery-tracker.ts';
import type { EventFilter } from './filter.ts';
import type { EventRecord } from './record.ts';
import type { ReplayWaits } from './replay-waits.ts';
import type { ResumeBuffer } from './resume-buffer.ts';
import type { EventSource } from './source.ts';
import type { Subscriber } from './subscriber.ts';
import type { SubscriberSet } from './subscriber-set.ts';
import type { SubscribeOptions } from './subscription.ts';

export interface JoiningOptions {
  readonly source: Pick<EventSource, 'placement' | 'settle'>;
  readonly buffer: ResumeBuffer;
  readonly deliveries: DeliveryTracker;
  readonly filter: EventFilter;
  readonly waits: ReplayWaits;
  readonly subscribers: SubscriberSet;
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
    const placement = source.placement(isPositionUnknown);
    if (placement === undefined) this.#place(subscriber);
    else {
      subscribers.unplaced.add(subscriber);
      void placement.then(() => {
        if (subscribers.unplaced.delete(subscriber)) this.#place(subscriber);
      });
    }
  }

  /** Sends a new subscriber its backlog from the resume buffer, or lets it wait for a replay from the upstream. */
  #place(subscriber: Subscriber): void {
    const { buffer, deliveries, filter, waits } = this.#options;
    subscriber.settledBefore = deliveries.settledCount;
    deliveries.joined(subscriber, () => buffer.remembered());
    const { gap, records } = backlogFor(subscriber.options, buffer, (record) => filter.wantsRecord(subscriber, record));
    if (gap !== undefined) subscriber.pushGap(gap);
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

interface Backlog {
  /** Reported before the records; undefined when no event is missing. */
  readonly gap: GapDelivery | undefined;
  /** Undefined when the buffer lacks events that this subscriber needs: it waits for a replay, which contains them. */
  readonly records: readonly EventRecord[] | undefined;
}

/** @param wants Whether the subscriber wants an event that has content. */
function backlogFor(
  { after, acknowledge }: SubscribeOptions,
  buffer: ResumeBuffer,
  wants: (record: EventRecord) => boolean,
): Backlog {
  const isManual = acknowledge === 'MANUAL';
  const needsReplay = buffer.isIncomplete(acknowledge);
  if (after === undefined) return { gap: undefined, records: needsReplay ? undefined : openEvents(buffer, isManual) };
  const position = buffer.locate(after);
  if (position.kind !== 'known') {
    const reason = position.kind === 'unknown' ? 'UNKNOWN_POSITION' : 'EVICTED';
    return { gap: { kind: 'gap', reason, after }, records: needsReplay ? undefined : openEvents(buffer, isManual) };
  }
  if (!isManual) return { gap: undefined, records: buffer.after(position.position) };
  // A MANUAL subscriber also receives events before `after` that no client has acknowledged.
  const records = buffer.unnamed(position.position);
  if (!needsReplay) return { gap: undefined, records };
  // Events that are already acknowledged upstream are not replayed.
  const isMissing = records.some((record) => record.ackRequested && record.delivery !== undefined && wants(record));
  return { gap: isMissing ? { kind: 'gap', reason: 'EVICTED', after } : undefined, records: undefined };
}

function openEvents(buffer: ResumeBuffer, isManual: boolean): EventRecord[] {
  return isManual ? buffer.unnamed() : buffer.unsettled();
}
