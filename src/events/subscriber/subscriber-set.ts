/** The subscribers of one channel, in the three states of joining it. */

import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayError } from '../../errors.ts';
import { LazySet } from '../../util/lazy-collections.ts';
import type { Delivery, EventDelivery } from '../record/delivery.ts';
import type { Subscriber } from './subscriber.ts';

export class SubscriberSet {
  /** They receive live events. */
  readonly attached = new Set<Subscriber>();
  /** The source cannot give their backlog yet. */
  readonly unplaced = new LazySet<Subscriber>();
  /** They wait for the next reopening of the stream. */
  readonly #pending: LazySet<Subscriber>;

  constructor(pending: LazySet<Subscriber>) {
    this.#pending = pending;
  }

  get size(): number {
    return this.attached.size + this.#pending.size + this.unplaced.size;
  }

  /** Events and bytes in the queues of all subscribers, and the longest time since one of those with events has read. */
  get waiting(): { readonly events: number; readonly bytes: number; readonly ageMs: number } {
    let [events, bytes, oldestReadAt] = [0, 0, Number.POSITIVE_INFINITY];
    for (const { waiting, lastReadAt } of this.attached) {
      if (waiting.events === 0) continue;
      events += waiting.events;
      bytes += waiting.bytes;
      oldestReadAt = Math.min(oldestReadAt, lastReadAt);
    }
    return { events, bytes, ageMs: events === 0 ? 0 : performance.now() - oldestReadAt };
  }

  /**
   * Ends every subscription with `error`, after a last event and, for those that include the status, `closed`.
   * @param lastFor The last event, if the subscriber wants it.
   * @returns Resolves when all subscribers have received the error.
   */
  end(
    error: GatewayError,
    closed: ConnectionStatus,
    lastFor: (subscriber: Subscriber) => EventDelivery | undefined,
  ): Promise<unknown> {
    const subscribers = [...this.attached, ...this.#pending, ...this.unplaced];
    for (const subscriber of subscribers) {
      const items: Delivery[] = [];
      const last = lastFor(subscriber);
      if (last !== undefined) items.push(last);
      if (subscriber.options.includeStatus === true) items.push({ kind: 'status', status: closed });
      subscriber.end(error, items);
    }
    return Promise.all(subscribers.map((subscriber) => subscriber.closed()));
  }

  pushStatus(status: ConnectionStatus): void {
    for (const subscriber of this.attached) subscriber.pushStatus(status);
    for (const subscriber of this.#pending) subscriber.pushStatus(status);
    for (const subscriber of this.unplaced) subscriber.pushStatus(status);
  }
}
