/** FIFO queue. Avoids the cost of `Array.shift` and of a Set, whose iteration skips every entry deleted at its front. */
export class Queue<Item> implements Iterable<Item> {
  /** Backing array. Slots before `#first` and from `#end` on are empty and reused. */
  #items: (Item | undefined)[] = [];
  #first = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#first;
  }

  get last(): Item | undefined {
    return this.length === 0 ? undefined : this.#items[this.#end - 1];
  }

  get first(): Item | undefined {
    return this.length === 0 ? undefined : this.#items[this.#first];
  }

  push(item: Item): void {
    this.#items[this.#end] = item;
    this.#end += 1;
  }

  pop(): Item | undefined {
    if (this.length === 0) return undefined;
    this.#end -= 1;
    const item = this.#items[this.#end];
    this.#items[this.#end] = undefined;
    return item;
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    // Cleared, so that the removed item can be garbage collected before its slot is reused.
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#end) {
      this.#first = 0;
      this.#end = 0;
      if (this.#items.length > 64) this.#items = [];
    } else if (this.#first >= 256 && this.#first * 2 >= this.#end) {
      this.#items = this.#items.slice(this.#first, this.#end);
      this.#end -= this.#first;
      this.#first = 0;
    }
    return item;
  }

  clear(): void {
    this.replace([]);
  }

  /** Replaces all items. */
  replace(items: readonly Item[]): void {
    this.#items = [...items];
    this.#first = 0;
    this.#end = items.length;
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let index = this.#first; index < this.#end; index += 1) yield this.#items[index] as Item; // within bounds
  }
}
