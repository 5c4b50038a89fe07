/** Results that leave together, in one piece of memory: a system call for each would cost more than all the rest of it. */
export interface Burst {
  /** Of all that was added. */
  readonly bytes: number;
  /** Results added. */
  readonly count: number;
  /** @param result As JSON. */
  add(result: Buffer): void;
  /** What was added, in order; the burst is empty afterwards. */
  take(): Buffer;
}

/** How a transport wraps one result. */
interface Wrapping {
  readonly before: Buffer;
  readonly after: Buffer;
  /** Bytes that say how long the rest is. */
  headLength(length: number): number;
  writeHead(into: Buffer, at: number, length: number): void;
}

class WrappedBurst implements Burst {
  readonly #wrapping: Wrapping;
  #results: Buffer[] = [];
  #bytes = 0;

  constructor(wrapping: Wrapping) {
    this.#wrapping = wrapping;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#results.length;
  }

  add(result: Buffer): void {
    const length = this.#lengthOf(result);
    this.#bytes += this.#wrapping.headLength(length) + length;
    this.#results.push(result);
  }

  take(): Buffer {
    const { before, after } = this.#wrapping;
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const result of this.#results) {
      const length = this.#lengthOf(result);
      this.#wrapping.writeHead(bytes, at, length);
      at += this.#wrapping.headLength(length);
      bytes.set(before, at);
      at += before.length;
      bytes.set(result, at);
      at += result.length;
      bytes.set(after, at);
      at += after.length;
    }
    this.#results = [];
    this.#bytes = 0;
    return bytes;
  }

  #lengthOf(result: Buffer): number {
    return this.#wrapping.before.length + result.length + this.#wrapping.after.length;
  }
}

/** GraphQL over SSE, distinct connections mode. JSON holds no line ends. */
export function eventBurst(): Burst {
  return new WrappedBurst({
    before: Buffer.from('event: next\ndata: '),
    after: Buffer.from('\n\n'),
    headLength: () => 0,
    writeHead() {},
  });
}

/** graphql-transport-ws: a `next` message for each result, each a whole frame. @param id Of the operation. */
export function frameBurst(id: string): Burst {
  return new WrappedBurst({
    before: Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`),
    after: Buffer.from('}'),
    headLength: frameHeadLength,
    writeHead: writeFrameHead,
  });
}

/** RFC 6455, 5.2: a final text frame. Servers do not mask. */
const finalText = 0x81;
const sixteenBits = 126;
const sixtyFourBits = 127;

function frameHeadLength(length: number): number {
  if (length < sixteenBits) return 2;
  return length <= 0xffff ? 4 : 10;
}

function writeFrameHead(into: Buffer, at: number, length: number): void {
  into[at] = finalText;
  if (length < sixteenBits) into[at + 1] = length;
  else if (length <= 0xffff) {
    into[at + 1] = sixteenBits;
    into.writeUInt16BE(length, at + 2);
  } else {
    into[at + 1] = sixtyFourBits;
    into.writeBigUInt64BE(BigInt(length), at + 2);
  }
}
