/** Visits many items regularly, in parts spread over the interval: what a visit sends is then spread too. */

/** Parts of a round, unless the items are few. */
const partsOfMany = 10;
/** Items in one part at least. */
const leastInPart = 5;

export interface RoundsOptions<Item> {
  /** May change at any time. */
  readonly items: ReadonlyMap<string, Item>;
  /** Milliseconds in which each item is visited once. */
  readonly everyMs: number;
  visit(item: Item): void;
  /** Called after all items were visited. */
  onRound(): void;
}

export class Rounds<Item> {
  readonly #options: RoundsOptions<Item>;
  #timer: NodeJS.Timeout | undefined;
  #rest: Iterator<Item> | undefined;
  #parts = 1;
  #part = 0;
  #inPart = 0;

  constructor(options: RoundsOptions<Item>) {
    this.#options = options;
  }

  /** Idempotent. */
  start(): void {
    if (this.#timer === undefined) this.#begin();
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #begin(): void {
    const { items, everyMs } = this.#options;
    const parts = Math.max(1, Math.min(partsOfMany, Math.floor(items.size / leastInPart)));
    this.#rest = items.values();
    this.#inPart = Math.ceil(items.size / parts);
    this.#part = 0;
    if (this.#timer !== undefined && parts === this.#parts) return;
    this.#parts = parts;
    this.stop();
    this.#timer = setInterval(() => this.#visitPart(), everyMs / parts);
  }

  #visitPart(): void {
    this.#part += 1;
    const isLast = this.#part === this.#parts;
    // Those that were added during the round are behind the others.
    for (let left = isLast ? Number.POSITIVE_INFINITY : this.#inPart; left > 0; left -= 1) {
      const next = this.#rest?.next();
      if (next === undefined || next.done === true) break;
      this.#options.visit(next.value);
    }
    if (!isLast) return;
    this.#begin();
    this.#options.onRound();
  }
}
