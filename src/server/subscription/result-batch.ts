import type { SubscriptionResult } from './results.ts';

/** Batches results into one buffer and one write: a system call per result would cost more than all other work on it. */
export interface ResultBatch {
  /** Size of the batch, framing included. */
  readonly bytes: number;
  /** Number of results in the batch. */
  readonly count: number;
  add(result: SubscriptionResult): void;
  /** Returns the framed results in order and empties the batch. */
  take(): Buffer;
}

/** The bytes that a transport writes around a result. */
interface Frame {
  readonly prefix: Buffer;
  readonly suffix: Buffer;
  /** Bytes of the result's JSON that the prefix replaces. */
  readonly replaced: number;
}

interface Framing {
  readonly frame: Frame;
  /** For the error that ends a subscription. */
  readonly endingFrame: Frame;
  /** Size of the header for a frame with `length` bytes of prefix, result and suffix. */
  headerLength(length: number): number;
  writeHeader(into: Buffer, at: number, length: number): void;
}

class FramedBatch implements ResultBatch {
  readonly #framing: Framing;
  #results: SubscriptionResult[] = [];
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

  add(result: SubscriptionResult): void {
    const length = this.#lengthOf(result);
    this.#bytes += this.#framing.headerLength(length) + length;
    this.#results.push(result);
  }

  take(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const result of this.#results) {
      const { prefix, suffix, replaced } = this.#frameOf(result);
      const { json } = result;
      const length = this.#lengthOf(result);
      this.#framing.writeHeader(bytes, at, length);
      at += this.#framing.headerLength(length);
      bytes.set(prefix, at);
      at += prefix.length;
      bytes.set(replaced === 0 ? json : json.subarray(replaced), at);
      at += json.length - replaced;
      bytes.set(suffix, at);
      at += suffix.length;
    }
    this.#results = [];
    this.#bytes = 0;
    return bytes;
  }

  /** Size of prefix, result and suffix, without the header. */
  #lengthOf(result: SubscriptionResult): number {
    const { prefix, suffix, replaced } = this.#frameOf(result);
    return prefix.length + result.json.length - replaced + suffix.length;
  }

  #frameOf(result: SubscriptionResult): Frame {
    return result.endsSubscription ? this.#framing.endingFrame : this.#framing.frame;
  }
}

function frameOf(prefix: string, suffix: string, replaced = 0): Frame {
  return { prefix: Buffer.from(prefix), suffix: Buffer.from(suffix), replaced };
}

/** GraphQL over SSE, distinct connections mode. JSON contains no line breaks, so one `data:` line is enough. */
export function sseBatch(): ResultBatch {
  return new FramedBatch(sseFraming);
}

const withoutHeader = { headerLength: () => 0, writeHeader() {} };
const sseFrame = frameOf('event: next\ndata: ', '\n\n');
const sseFraming: Framing = { frame: sseFrame, endingFrame: sseFrame, ...withoutHeader };

/**
 * Apollo's multipart protocol for subscriptions: a result is the `payload` of a part. The error that ends a subscription is beside an empty
 * payload, where clients look for errors of the transport.
 * @param head Written before each part.
 * @param delimiter Written after each part.
 * @returns Function that creates the batch of one subscription.
 */
export function multipartBatches(head: string, delimiter: string): () => ResultBatch {
  const framing: Framing = {
    frame: frameOf(`${head}{"payload":`, `}${delimiter}`),
    endingFrame: frameOf(`${head}{"payload":null,`, delimiter, '{'.length),
    ...withoutHeader,
  };
  return () => new FramedBatch(framing);
}

/** graphql-transport-ws: each result is a `next` message in a WebSocket frame of its own. @param id Id of the operation. */
export function webSocketBatch(id: string): ResultBatch {
  const frame = frameOf(`{"id":${JSON.stringify(id)},"type":"next","payload":`, '}');
  return new FramedBatch({
    frame,
    endingFrame: frame,
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
