/** First in, first out, without the cost of shifting an array or of a Set that remembers what was deleted at its front. */
export class Queue<Item> implements Iterable<Item> {
  /** Longer than what is in it: places before `#first` and from `#end` on are empty, and used again. */
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
    // Cleared, so that what was taken is not held until its place is used again.
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
    this.#items = [];
    this.#first = 0;
    this.#end = 0;
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let index = this.#first; index < this.#end; index += 1) yield this.#items[index] as Item; // within bounds
  }
}
