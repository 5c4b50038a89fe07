/** Bytes as they come in, in one piece: however small the pieces they come in, they take no more than twice their number. */
export class BodyBuffer {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory in use. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** How much memory it takes with so many more bytes. */
  capacityWith(bytes: number): number {
    const wanted = this.#length + bytes;
    return wanted <= this.#bytes.length ? this.#bytes.length : Math.max(wanted, 2 * this.#bytes.length, smallest);
  }

  add(chunk: Uint8Array): void {
    const capacity = this.capacityWith(chunk.length);
    if (capacity !== this.#bytes.length) {
      // Not from the shared pool, which a few bytes would keep alive.
      const grown = Buffer.allocUnsafeSlow(capacity);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  /** What came in; it is the buffer's own memory. */
  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

const smallest = 1_024;
