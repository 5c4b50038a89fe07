/** Turns a subscription of the hub into the items of a GraphQL subscription. */
import type { GatewayError } from '../../errors.ts';
import { type AckSource, iterate } from '../../events/ack-source.ts';
import type { Delivery, EventSubscription } from '../../events/hub.ts';
import { Queue } from '../../events/queue.ts';
import type { EventNode } from './event.ts';

/**
 * The items `itemsOf` makes of each delivery, in order; it may make none. A delivery is handed over when all its items are,
 * and those of all deliveries before it.
 */
export function mapSource<Item>(
  subscription: EventSubscription,
  itemsOf: (delivery: Delivery) => readonly Item[],
): MappedSource<Item> {
  return new MappedSource(subscription, itemsOf);
}

/** What graphql-js takes for the source of a subscription, and the relay empties as the feed it is. */
export class MappedSource<Item> implements AckSource<Item>, AsyncIterable<Item> {
  readonly #subscription: EventSubscription;
  readonly #itemsOf: (delivery: Delivery) => readonly Item[];
  /** Of the last delivery, and how many of them were taken. */
  #items: readonly Item[] = [];
  #read = 0;
  /** Number of items of each delivery that is not handed over yet, and how many items of the oldest are. */
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
    if (this.#read === this.#items.length) this.#items = []; // what was taken is not kept
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

/** Events and gaps; what is neither is left out. */
export function eventNodes(delivery: Delivery): EventNode[] {
  if (delivery.kind === 'event') return [delivery];
  if (delivery.kind === 'status') return [];
  const { after, reason } = delivery;
  return [{ id: after, receivedAt: new Date().toISOString(), event: { type: 'SUBSCRIPTION_GAP', reason } }];
}
