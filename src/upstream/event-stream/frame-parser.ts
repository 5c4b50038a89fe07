/** Frames of an event stream from its bytes: decoding, line ends, the length limit and the parser. */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { FrameGate, type FrameGateOptions, type SkippedFrame } from './frame-limit.ts';

export class FrameParser implements FrameGateOptions {
  readonly maxFrameLength: number;
  readonly onSkipped: (frame: SkippedFrame) => void;
  /** Holds back the bytes of a character that is split between two chunks; undefined before the first such chunk. */
  #decoder: StringDecoder | undefined;
  readonly #gate: FrameGate;
  readonly #parser: EventSourceParser;
  #atStart = true;
  #afterCarriageReturn = false;

  /**
   * @param maxFrameLength Maximum frame length in characters; a longer frame is skipped.
   * @param onFrame Called with the data of each complete frame, or with a skipped frame, in stream order.
   */
  constructor(maxFrameLength: number, onFrame: (frame: string | SkippedFrame) => void) {
    this.#parser = createParser({
      // Only unnamed frames count: a frame with an `event:` line other than `message` is dropped (EVENTS §1).
      onEvent: ({ event, data }) => {
        if (event === undefined || event === 'message') onFrame(data);
      },
    });
    this.maxFrameLength = maxFrameLength;
    this.onSkipped = onFrame;
    this.#gate = new FrameGate(this);
  }

  /** Normalises line ends to LF: after a lone CR the parser would hold the frame until the next character arrives. */
  write(chunk: Buffer): void {
    const text = this.#decode(chunk);
    if (text === '') return;
    let rest = text;
    if (this.#atStart) {
      this.#atStart = false;
      if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
    }
    if (this.#afterCarriageReturn && rest.startsWith('\n')) rest = rest.slice(1);
    this.#afterCarriageReturn = text.endsWith('\r');
    if (rest.includes('\r')) rest = rest.replaceAll(/\r\n?/g, '\n');
    this.#gate.feed(rest);
  }

  #decode(chunk: Buffer): string {
    // After a chunk that ends with an ASCII character nothing is held back.
    if (this.#decoder === undefined && (chunk.at(-1) ?? 0) < 0x80) return chunk.toString();
    this.#decoder ??= new StringDecoder('utf8');
    return this.#decoder.write(chunk);
  }

  /** Feeds the rest of an open line separately: the parser concatenates the open line with its whole next input. */
  pass(text: string): void {
    const lineEnd = text.indexOf('\n') + 1;
    if (lineEnd > 0) this.#parser.feed(text.slice(0, lineEnd));
    if (lineEnd < text.length) this.#parser.feed(text.slice(lineEnd));
  }

  drop(): void {
    this.#parser.reset();
  }
}
