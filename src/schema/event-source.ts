/** Turns a subscription of the hub into the items of a GraphQL subscription. */
import type { Delivery, EventSubscription } from '../events/hub.ts';
import type { EventNode } from './event.ts';

/**
 * The items `itemsOf` makes of each delivery, in order; it may make none. The next delivery is pulled, and with that the
 * one before handed over, only when all items of that one were pulled.
 */
export function itemsFrom<Item>(
  subscription: EventSubscription,
  itemsOf: (delivery: Delivery) => readonly Item[],
): AsyncIterableIterator<Item> {
  let items: readonly Item[] = [];
  let taken = 0;
  async function next(): Promise<IteratorResult<Item>> {
    while (taken >= items.length) {
      const result = await subscription.next();
      if (result.done === true) return { done: true, value: undefined };
      items = itemsOf(result.value);
      taken = 0;
    }
    taken += 1;
    return { done: false, value: items[taken - 1] as Item }; // within bounds by the loop above
  }
  return {
    next,
    // Not an async generator: its return() would wait for a pull that may never be answered.
    async return() {
      items = [];
      await subscription.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Events and gaps; what is neither is left out. */
export function eventNodes(delivery: Delivery): EventNode[] {
  if (delivery.kind === 'event') return [delivery];
  if (delivery.kind === 'status') return [];
  const { after, reason } = delivery;
  return [{ id: after, receivedAt: new Date().toISOString(), event: { type: 'SUBSCRIPTION_GAP', reason } }];
}
