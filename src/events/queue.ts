/** First in, first out, without the cost of shifting an array or of a Set that remembers what was deleted at its front. */
export class Queue<Item> implements Iterable<Item> {
  #items: Item[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get last(): Item | undefined {
    return this.length === 0 ? undefined : this.#items.at(-1);
  }

  get first(): Item | undefined {
    return this.#items[this.#first];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  pop(): Item | undefined {
    return this.length === 0 ? undefined : this.#items.pop();
  }

  shift(): Item | undefined {
    if (this.#first === this.#items.length) return undefined;
    const item = this.#items[this.#first] as Item; // within bounds by the line above
    // Cleared, so that what was taken is not held until the next compaction.
    this.#items[this.#first] = undefined as Item;
    this.#first += 1;
    if (this.#first === this.#items.length) this.clear();
    else if (this.#first >= 256 && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let index = this.#first; index < this.#items.length; index += 1) yield this.#items[index] as Item; // within bounds
  }
}
