/** Batches results into one buffer and one write: a system call per result would cost more than all other work on it. */
export interface ResultBatch {
  /** Size of the batch, framing included. */
  readonly bytes: number;
  /** Number of results in the batch. */
  readonly count: number;
  /** @param result As JSON. */
  add(result: Buffer): void;
  /** Returns the framed results in order and empties the batch. */
  take(): Buffer;
}

/** The bytes that a transport writes around each result. */
interface Framing {
  readonly prefix: Buffer;
  readonly suffix: Buffer;
  /** Size of the header for a frame with `length` bytes of prefix, result and suffix. */
  headerLength(length: number): number;
  writeHeader(into: Buffer, at: number, length: number): void;
}

class FramedBatch implements ResultBatch {
  readonly #framing: Framing;
  #results: Buffer[] = [];
  #bytes = 0;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#results.length;
  }

  add(result: Buffer): void {
    const length = this.#lengthOf(result);
    this.#bytes += this.#framing.headerLength(length) + length;
    this.#results.push(result);
  }

  take(): Buffer {
    const { prefix, suffix } = this.#framing;
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const result of this.#results) {
      const length = this.#lengthOf(result);
      this.#framing.writeHeader(bytes, at, length);
      at += this.#framing.headerLength(length);
      bytes.set(prefix, at);
      at += prefix.length;
      bytes.set(result, at);
      at += result.length;
      bytes.set(suffix, at);
      at += suffix.length;
    }
    this.#results = [];
    this.#bytes = 0;
    return bytes;
  }

  /** Size of prefix, result and suffix, without the header. */
  #lengthOf(result: Buffer): number {
    return this.#framing.prefix.length + result.length + this.#framing.suffix.length;
  }
}

/** GraphQL over SSE, distinct connections mode. JSON contains no line breaks, so one `data:` line is enough. */
export function sseBatch(): ResultBatch {
  return new FramedBatch({
    prefix: Buffer.from('event: next\ndata: '),
    suffix: Buffer.from('\n\n'),
    headerLength: () => 0,
    writeHeader() {},
  });
}

/** graphql-transport-ws: each result is a `next` message in a WebSocket frame of its own. @param id Id of the operation. */
export function webSocketBatch(id: string): ResultBatch {
  return new FramedBatch({
    prefix: Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`),
    suffix: Buffer.from('}'),
    headerLength: frameHeaderLength,
    writeHeader: writeFrameHeader,
  });
}

/** First byte of a final text frame (RFC 6455, 5.2). Servers do not mask frames. */
const finalText = 0x81;
const sixteenBits = 126;
const sixtyFourBits = 127;

function frameHeaderLength(length: number): number {
  if (length < sixteenBits) return 2;
  return length <= 0xffff ? 4 : 10;
}

function writeFrameHeader(into: Buffer, at: number, length: number): void {
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
