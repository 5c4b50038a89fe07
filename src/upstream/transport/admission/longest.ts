/** Items by their length, so that the longest is known without a walk over all of them. */
export class Longest<Item> {
  /** By length above 0. A set exists only while it has items, in the order in which they came to that length. */
  readonly #items = new Map<number, Set<Item>>();
  #length = 0;

  /** The item that is longest, and has been it for the longest time; undefined when all lengths are 0. */
  get item(): Item | undefined {
    const [longest] = this.#items.get(this.#length) ?? [];
    return longest;
  }

  /** The length of an item has changed. */
  move(item: Item, from: number, to: number): void {
    const before = this.#items.get(from);
    before?.delete(item);
    if (before?.size === 0) this.#items.delete(from);
    if (to > 0) {
      const after = this.#items.get(to);
      if (after === undefined) this.#items.set(to, new Set([item]));
      else after.add(item);
    }
    this.#length = Math.max(this.#length, to);
    // Each step down follows a step up.
    while (this.#length > 0 && !this.#items.has(this.#length)) this.#length--;
  }
}
