/**
 * One bound for the resume buffers of all callers. Each buffer has bounds of its own, but ten thousand that reach theirs of 1 MiB
 * would end the process, and with it every subscription.
 */

/** Share of the bound that is left after it was exceeded: sorting the buffers once for each event would take milliseconds each. */
const shareKept = 0.9;

/** A buffer that counts for the bound. */
export interface CountedBuffer {
  readonly bytes: number;
  /** Evicts its oldest events until at most `bytes` are left. */
  shrinkTo(bytes: number): void;
}

export class ResumeMemory {
  readonly #maxBytes: number;
  /** Buffers that are not empty. */
  readonly #buffers = new Set<CountedBuffer>();
  #bytes = 0;

  /** @param maxBytes Maximum bytes of all buffers together. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of all buffers together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param change Bytes that the buffer has gained, or lost when negative; `bytes` of the buffer includes them. */
  count(buffer: CountedBuffer, change: number): void {
    this.#bytes += change;
    if (buffer.bytes === 0) this.#buffers.delete(buffer);
    else if (buffer.bytes === change) this.#buffers.add(buffer); // it was empty
  }

  /** Shrinks the largest buffers to one size when all together are too large, so that callers with few events keep them. */
  enforce(): void {
    if (this.#bytes <= this.#maxBytes) return;
    const buffers = [...this.#buffers].sort((one, other) => other.bytes - one.bytes);
    const most = this.#maxBytes * shareKept;
    let larger = 0;
    for (const [index, { bytes }] of buffers.entries()) {
      larger += bytes;
      const size = Math.max(0, (most - (this.#bytes - larger)) / (index + 1));
      // All buffers up to this one are larger than this size, all others are not.
      if (size < (buffers[index + 1]?.bytes ?? 0)) continue;
      for (const buffer of buffers.slice(0, index + 1)) {
        // Each loses whole events, so that fewer buffers are enough: of many with one event, most keep theirs.
        if (this.#bytes <= most) return;
        buffer.shrinkTo(size);
      }
      return;
    }
  }
}
