/** Turns a subscription of the hub into the items of a GraphQL subscription. */
import type { GatewayError } from '../../errors.ts';
import { type Feed, iterate } from '../../events/ack-source.ts';
import type { Delivery, EventSubscription } from '../../events/hub.ts';
import { Queue } from '../../events/queue.ts';
import type { EventNode } from './event.ts';

/**
 * The items `itemsOf` makes of each delivery, in order; it may make none. A delivery is handed over when all its items are,
 * and those of all deliveries before it.
 */
export function itemsFrom<Item>(
  subscription: EventSubscription,
  itemsOf: (delivery: Delivery) => readonly Item[],
): EventItems<Item> {
  return new EventItems(subscription, itemsOf);
}

/** What graphql-js takes for the source of a subscription, and the relay empties as the feed it is. */
export class EventItems<Item> implements Feed<Item>, AsyncIterable<Item> {
  readonly #subscription: EventSubscription;
  readonly #itemsOf: (delivery: Delivery) => readonly Item[];
  /** Of the last delivery, and how many of them were taken. */
  #items: readonly Item[] = [];
  #taken = 0;
  /** Number of items of each delivery that is not handed over yet, and how many items of the oldest are. */
  readonly #owed = new Queue<number>();
  #handed = 0;

  constructor(subscription: EventSubscription, itemsOf: (delivery: Delivery) => readonly Item[]) {
    this.#subscription = subscription;
    this.#itemsOf = itemsOf;
  }

  take(): Item | undefined {
    while (this.#taken >= this.#items.length) {
      const delivery = this.#subscription.take();
      if (delivery === undefined) return undefined;
      this.#items = this.#itemsOf(delivery);
      this.#taken = 0;
      this.#owed.push(this.#items.length);
      if (this.#items.length === 0) this.#settle();
    }
    const item = this.#items[this.#taken];
    this.#taken += 1;
    if (this.#taken === this.#items.length) this.#items = []; // what was taken is not kept
    return item;
  }

  handed(): void {
    this.#handed += 1;
    this.#settle();
  }

  get isStale(): boolean {
    return this.#subscription.isStale;
  }

  get isOver(): boolean {
    return this.#taken >= this.#items.length && this.#subscription.isOver;
  }

  onReady(callback: () => void): void {
    this.#subscription.onReady(callback);
  }

  end(error: GatewayError): void {
    this.#items = [];
    this.#subscription.end(error);
  }

  leave(): void {
    this.#items = [];
    this.#owed.clear();
    this.#subscription.leave();
  }

  [Symbol.asyncIterator](): AsyncIterator<Item, undefined, undefined> {
    return iterate(this);
  }

  #settle(): void {
    for (let owed = this.#owed.first; owed !== undefined && this.#handed >= owed; owed = this.#owed.first) {
      this.#owed.shift();
      this.#handed = 0;
      this.#subscription.handed();
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
