/** WebSocket text frames of one subscription, put into one piece of memory. */

/** What stands around each result. */
export interface Envelope {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** RFC 6455, 5.2: a final text frame. Servers do not mask. */
const finalText = 0x81;
const sixteenBits = 126;
const sixtyFourBits = 127;

function headLength(length: number): number {
  if (length < sixteenBits) return 2;
  return length <= 0xffff ? 4 : 10;
}

/** @returns Where the payload begins. */
function writeHead(into: Buffer, at: number, length: number): number {
  into[at] = finalText;
  if (length < sixteenBits) into[at + 1] = length;
  else if (length <= 0xffff) {
    into[at + 1] = sixteenBits;
    into.writeUInt16BE(length, at + 2);
  } else {
    into[at + 1] = sixtyFourBits;
    into.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headLength(length);
}

export class FrameBurst {
  readonly #envelope: Envelope;
  #payloads: Buffer[] = [];
  #bytes = 0;

  constructor(envelope: Envelope) {
    this.#envelope = envelope;
  }

  /** Of all frames, heads included. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#payloads.length;
  }

  add(payload: Buffer): void {
    const { before, after } = this.#envelope;
    const length = before.length + payload.length + after.length;
    this.#bytes += headLength(length) + length;
    this.#payloads.push(payload);
  }

  /** The frames, whole and in order; the burst is empty afterwards. */
  take(): Buffer {
    const { before, after } = this.#envelope;
    const frames = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const payload of this.#payloads) {
      at = writeHead(frames, at, before.length + payload.length + after.length);
      frames.set(before, at);
      at += before.length;
      frames.set(payload, at);
      at += payload.length;
      frames.set(after, at);
      at += after.length;
    }
    this.#payloads = [];
    this.#bytes = 0;
    return frames;
  }
}
