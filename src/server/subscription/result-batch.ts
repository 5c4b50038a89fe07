/** Results that leave together, in one piece of memory: a system call for each would cost more than all the rest of it. */
export interface ResultBatch {
  /** Of all that was added. */
  readonly bytes: number;
  /** Results added. */
  readonly count: number;
  /** @param result As JSON. */
  add(result: string | Buffer): void;
  /** What was added, in order; the burst is empty afterwards. */
  take(): Buffer;
}

/** How a transport wraps one result. */
interface Framing {
  readonly prefix: Buffer;
  readonly suffix: Buffer;
  /** Bytes that say how long the rest is. */
  headerLength(length: number): number;
  writeHeader(into: Buffer, at: number, length: number): void;
}

class FramedBatch implements ResultBatch {
  readonly #framing: Framing;
  #results: (string | Buffer)[] = [];
  /** Of each result, wrapped, without its head. */
  #lengths: number[] = [];
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

  add(result: string | Buffer): void {
    const { prefix, suffix, headerLength } = this.#framing;
    const length = prefix.length + Buffer.byteLength(result) + suffix.length;
    this.#bytes += headerLength(length) + length;
    this.#results.push(result);
    this.#lengths.push(length);
  }

  take(): Buffer {
    const { prefix, suffix } = this.#framing;
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (let index = 0; index < this.#results.length; index += 1) {
      const result = this.#results[index] as string | Buffer; // within bounds
      const length = this.#lengths[index] as number; // the same
      this.#framing.writeHeader(bytes, at, length);
      at += this.#framing.headerLength(length);
      bytes.set(prefix, at);
      at += prefix.length;
      const size = length - prefix.length - suffix.length;
      put(result, bytes, at, size);
      at += size;
      bytes.set(suffix, at);
      at += suffix.length;
    }
    this.#results = [];
    this.#lengths = [];
    this.#bytes = 0;
    return bytes;
  }
}

/** @param size Of the result, in bytes. */
function put(result: string | Buffer, into: Buffer, at: number, size: number): void {
  if (typeof result !== 'string') into.set(result, at);
  // Text without a character above ASCII is the same in both, and is written faster as Latin-1.
  else into.write(result, at, size === result.length ? 'latin1' : 'utf8');
}

/** GraphQL over SSE, distinct connections mode. JSON holds no line ends. */
export function sseBatch(): ResultBatch {
  return new FramedBatch({
    prefix: Buffer.from('event: next\ndata: '),
    suffix: Buffer.from('\n\n'),
    headerLength: () => 0,
    writeHeader() {},
  });
}

/** graphql-transport-ws: a `next` message for each result, each a whole frame. @param id Of the operation. */
export function webSocketBatch(id: string): ResultBatch {
  return new FramedBatch({
    prefix: Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`),
    suffix: Buffer.from('}'),
    headerLength: frameHeaderLength,
    writeHeader: writeFrameHeader,
  });
}

/** RFC 6455, 5.2: a final text frame. Servers do not mask. */
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
