const empty = Buffer.alloc(0);

/** Growable buffer for a body. Its capacity is at most twice its length, however small the chunks are. */
export class BodyBuffer {
  #bytes: Buffer = empty;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory allocated. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Capacity after adding `bytes` more bytes. */
  capacityWith(bytes: number): number {
    const required = this.#length + bytes;
    return required <= this.#bytes.length
      ? this.#bytes.length
      : Math.max(required, 2 * this.#bytes.length, minCapacity);
  }

  add(chunk: Uint8Array): void {
    const capacity = this.capacityWith(chunk.length);
    if (capacity !== this.#bytes.length) {
      // Not from the shared pool: a few bytes would keep a whole pool slab alive.
      const grown = Buffer.allocUnsafeSlow(capacity);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  /** Takes `chunk` as the whole body, without a copy. For an empty buffer, and a chunk that holds no other memory alive. */
  adopt(chunk: Buffer<ArrayBuffer>): void {
    this.#bytes = chunk;
    this.#length = chunk.length;
  }

  /** The bytes received so far, as a view of the buffer's memory. */
  get content(): Buffer {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
  }
}

/** Bytes of the first allocation: the only capacity that may exceed twice the length. */
const minCapacity = 1_024;
