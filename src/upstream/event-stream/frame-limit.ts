/**
 * Lets the frames of an event stream pass up to a length, and skips longer ones to their end: of those only a bounded head and
 * tail are kept, for the id of the event. The text has line feeds alone as line ends.
 */

/** What is known of a frame that was skipped. */
export interface SkippedFrame {
  /** The event's id; undefined where the frame's JSON neither begins nor ends with it. */
  readonly id: string | undefined;
  /** Of the frame, in characters. */
  readonly length: number;
}

export interface FrameGateOptions {
  /** In characters. */
  readonly maxFrameLength: number;
  /** Takes text of frames that are within the bound, so far. */
  pass(text: string): void;
  /** Forgets what was passed of the frame that is open. */
  drop(): void;
  onSkipped(frame: SkippedFrame): void;
}

/** Characters kept of each end of a frame. */
const endLength = 256;
/** The JSON of a frame that begins with its id. A quote inside a string is escaped, so nothing else can look like it. */
const idAtHead = /^(?::.*\n|event:.*\n|id:.*\n)*data: ?\s*\{\s*"event_id"\s*:\s*"([^"\\]{1,100})"/;
/** One that ends with it: only the outermost object is closed after it. */
const idAtTail = /,\s*"event_id"\s*:\s*"([^"\\]{1,100})"\s*\}\s*$/;

export class FrameGate {
  readonly #options: FrameGateOptions;
  #length = 0;
  #head = '';
  #tail = '';
  #isSkipping = false;
  #endsLine = true;

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
      this.#take(piece, end > 0);
    }
  }

  /** No frame in it can be too long: passed without a look at each. */
  #passAll(text: string): void {
    const emptyLine = text.lastIndexOf('\n\n');
    const start = emptyLine >= 0 ? emptyLine + 2 : this.#endsLine && text.startsWith('\n') ? 1 : 0;
    if (start > 0) {
      this.#length = 0;
      this.#head = '';
    }
    this.#length += text.length - start;
    if (this.#head.length < endLength) this.#head += text.slice(start, start + endLength - this.#head.length);
    this.#endsLine = text.endsWith('\n');
    this.#options.pass(text);
  }

  /** Where the open frame ends in `text`, after its empty line; 0 when it goes on. */
  #frameEnd(text: string): number {
    if (this.#endsLine && text.startsWith('\n')) return 1;
    const emptyLine = text.indexOf('\n\n');
    return emptyLine < 0 ? 0 : emptyLine + 2;
  }

  #take(piece: string, isEnd: boolean): void {
    const { maxFrameLength, pass, drop, onSkipped } = this.#options;
    if (this.#head.length < endLength) this.#head += piece.slice(0, endLength - this.#head.length);
    this.#length += piece.length;
    this.#endsLine = isEnd || piece.endsWith('\n');
    if (!this.#isSkipping && this.#length > maxFrameLength) {
      this.#isSkipping = true;
      drop();
    }
    if (this.#isSkipping) this.#tail = (this.#tail + piece.slice(-endLength)).slice(-endLength);
    else pass(piece);
    if (!isEnd) return;
    if (this.#isSkipping) {
      const id = (idAtHead.exec(this.#head) ?? idAtTail.exec(this.#tail))?.[1];
      onSkipped({ id, length: this.#length });
    }
    this.#length = 0;
    this.#head = '';
    this.#tail = '';
    this.#isSkipping = false;
  }
}
