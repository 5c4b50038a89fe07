/**
 * Long-lived connections, WebSockets and event streams, that are told of the end one after the other: clients connect again
 * at once, and all of them in the same moment would be more than the remaining replicas can take.
 */

/** Tells one connection, which ends by itself afterwards. Must not throw. */
export type Farewell = () => void;

/** Milliseconds between two connections, where the time allows: two hundred clients a second are no crowd. */
const paceMs = 5;

export class Drain {
  readonly #open = new Set<Farewell>();

  /** Connections that have not been told. */
  get size(): number {
    return this.#open.size;
  }

  /** @returns Takes the connection out again, when it is gone. */
  join(farewell: Farewell): () => void {
    this.#open.add(farewell);
    return () => this.#open.delete(farewell);
  }

  /**
   * Tells all connections, in random order, evenly over at most `windowMs`. Those that come while it goes on are told with
   * the others. Settles when all have been told.
   */
  async tellAll(windowMs: number): Promise<void> {
    const startedAt = performance.now();
    const order = shuffled([...this.#open]);
    const everyMs = Math.min(paceMs, windowMs / Math.max(1, order.length));
    for (const [index, farewell] of order.entries()) {
      const wait = startedAt + index * everyMs - performance.now();
      if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
      this.#tell(farewell);
    }
    for (const farewell of this.#open) this.#tell(farewell);
  }

  #tell(farewell: Farewell): void {
    if (this.#open.delete(farewell)) farewell();
  }
}

function shuffled<Item>(items: Item[]): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    const item = items[last] as Item; // both are places of the list
    items[last] = items[other] as Item;
    items[other] = item;
  }
  return items;
}
