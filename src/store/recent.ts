/** A bounded set that drops its oldest members. */
export class Recent {
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  has(value: string): boolean {
    return this.#known.has(value);
  }

  /** @returns Whether it is new. */
  add(value: string): boolean {
    if (this.#known.has(value)) return false;
    this.#known.add(value);
    const [oldest = value] = this.#known;
    if (this.#known.size > this.#max) this.#known.delete(oldest);
    return true;
  }
}
