/** Turns a subscription of the hub into the items of a GraphQL subscription. */
import type { GatewayError } from '../../errors.ts';
import { type AckSource, iterate } from '../../events/acknowledgement/ack-source.ts';
import type { Delivery, EventSubscription } from '../../events/hub.ts';
import { Queue } from '../../events/subscriber/queue.ts';
import type { EventNode } from './event.ts';

/**
 * Maps each delivery to zero or more items, in order. A delivery is acknowledged once all its items, and those of all
 * earlier deliveries, are acknowledged.
 */
export function mapSource<Item>(
  subscription: EventSubscription,
  itemsOf: (delivery: Delivery) => readonly Item[],
): MappedSource<Item> {
  return new MappedSource(subscription, itemsOf);
}

/** An async iterable for graphql-js and an `AckSource` for `server/subscription`. */
export class MappedSource<Item> implements AckSource<Item>, AsyncIterable<Item> {
  readonly #subscription: EventSubscription;
  readonly #itemsOf: (delivery: Delivery) => readonly Item[];
  /** Items of the last delivery, and the number of them that were read. */
  #items: readonly Item[] = [];
  #read = 0;
  /** Number of items of each unacknowledged delivery, and the number of acknowledged items of the oldest. */
  readonly #unacked = new Queue<number>();
  #acked = 0;

  constructor(subscription: EventSubscription, itemsOf: (delivery: Delivery) => readonly Item[]) {
    this.#subscription = subscription;
    this.#itemsOf = itemsOf;
  }

  read(): Item | undefined {
    while (this.#read >= this.#items.length) {
      const delivery = this.#subscription.read();
      if (delivery === undefined) return undefined;
      this.#items = this.#itemsOf(delivery);
      this.#read = 0;
      this.#unacked.push(this.#items.length);
      if (this.#items.length === 0) this.#settle();
    }
    const item = this.#items[this.#read];
    this.#read += 1;
    if (this.#read === this.#items.length) this.#items = []; // releases items that were read
    return item;
  }

  ack(): void {
    this.#acked += 1;
    this.#settle();
  }

  get isLastExpired(): boolean {
    return this.#subscription.isLastExpired;
  }

  get isDone(): boolean {
    return this.#read >= this.#items.length && this.#subscription.isDone;
  }

  onReadable(callback: () => void): void {
    this.#subscription.onReadable(callback);
  }

  end(error: GatewayError): void {
    this.#items = [];
    this.#subscription.end(error);
  }

  cancel(): void {
    this.#items = [];
    this.#unacked.clear();
    this.#subscription.cancel();
  }

  [Symbol.asyncIterator](): AsyncIterator<Item, undefined, undefined> {
    return iterate(this);
  }

  #settle(): void {
    for (
      let unacked = this.#unacked.first;
      unacked !== undefined && this.#acked >= unacked;
      unacked = this.#unacked.first
    ) {
      this.#unacked.shift();
      this.#acked = 0;
      this.#subscription.ack();
    }
  }
}

/** Events and gaps as nodes; status deliveries are left out. */
export function eventNodes(delivery: Delivery): EventNode[] {
  if (delivery.kind === 'event') return [delivery];
  if (delivery.kind === 'status') return [];
  const { after, reason } = delivery;
  return [{ id: after, receivedAt: new Date().toISOString(), event: { type: 'SUBSCRIPTION_GAP', reason } }];
}
