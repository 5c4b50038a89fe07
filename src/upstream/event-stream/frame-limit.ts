/**
 * Passes frames of an event stream up to a maximum length and skips longer ones. Of a skipped frame only a bounded head and
 * tail are kept, to find the event's id. Line ends of the input must be LF.
 */

/** A frame over the maximum length. */
export interface SkippedFrame {
  /** Id of the event; undefined when the frame's JSON neither begins nor ends with it. */
  readonly id: string | undefined;
  /** Length of the frame in characters. */
  readonly length: number;
}

export interface FrameGateOptions {
  /** Maximum length of a frame in characters. */
  readonly maxFrameLength: number;
  /** Receives text of frames that have not exceeded the maximum so far. */
  pass(text: string): void;
  /** Discards the text already passed of the open frame. */
  drop(): void;
  onSkipped(frame: SkippedFrame): void;
}

/** Retained characters of the head and of the tail of a frame. */
const endLength = 256;
/** Matches JSON that begins with the event's id. Quotes inside strings are escaped, so no string content can match. */
const idAtHead = /^(?::.*\n|event:.*\n|id:.*\n)*data: ?\s*\{\s*"event_id"\s*:\s*"([^"\\]{1,100})"/;
/** Matches JSON that ends with the event's id: only the outermost object closes after it. */
const idAtTail = /,\s*"event_id"\s*:\s*"([^"\\]{1,100})"\s*\}\s*$/;

export class FrameGate {
  readonly #options: FrameGateOptions;
  #length = 0;
  #head = '';
  #tail = '';
  #isSkipping = false;
  #atLineStart = true;

  constructor(options: FrameGateOptions) {
    this.#options = options;
  }

  feed(text: string): void {
    if (!this.#isSkipping && this.#length + text.length <= this.#options.maxFrameLength) {
      this.#passAll(text);
      return;
    }
    let rest = text;
    while (rest !== '') {
      const end = this.#frameEnd(rest);
      const piece = end === 0 ? rest : rest.slice(0, end);
      rest = end === 0 ? '' : rest.slice(end);
      this.#feedPiece(piece, end > 0);
    }
  }

  /** Passes text in which no frame can exceed the maximum, without a search for each frame's end. */
  #passAll(text: string): void {
    const emptyLine = text.lastIndexOf('\n\n');
    const start = emptyLine >= 0 ? emptyLine + 2 : this.#atLineStart && text.startsWith('\n') ? 1 : 0;
    if (start > 0) {
      this.#length = 0;
      this.#head = '';
    }
    this.#length += text.length - start;
    if (this.#head.length < endLength) this.#head += text.slice(start, start + endLength - this.#head.length);
    this.#atLineStart = text.endsWith('\n');
    this.#options.pass(text);
  }

  /** Index in `text` after the empty line that ends the open frame; 0 when the frame continues. */
  #frameEnd(text: string): number {
    if (this.#atLineStart && text.startsWith('\n')) return 1;
    const emptyLine = text.indexOf('\n\n');
    return emptyLine < 0 ? 0 : emptyLine + 2;
  }

  #feedPiece(piece: string, isEnd: boolean): void {
    const { maxFrameLength } = this.#options;
    if (this.#head.length < endLength) this.#head += piece.slice(0, endLength - this.#head.length);
    this.#length += piece.length;
    this.#atLineStart = isEnd || piece.endsWith('\n');
    if (!this.#isSkipping && this.#length > maxFrameLength) {
      this.#isSkipping = true;
      this.#options.drop();
    }
    if (this.#isSkipping) this.#tail = (this.#tail + piece.slice(-endLength)).slice(-endLength);
    else this.#options.pass(piece);
    if (!isEnd) return;
    if (this.#isSkipping) {
      const id = (idAtHead.exec(this.#head) ?? idAtTail.exec(this.#tail))?.[1];
      this.#options.onSkipped({ id, length: this.#length });
    }
    this.#length = 0;
    this.#head = '';
    this.#tail = '';
    this.#isSkipping = false;
  }
}
