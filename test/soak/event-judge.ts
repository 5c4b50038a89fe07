/**
 * What one client gets, over all its resumptions and on whichever replica: every stored event once, in order. Events carry
 * numbers from 1 without gaps. Behind a gap that was said, what was not acknowledged may come again, once per subscription.
 */
export class EventJudge {
  readonly #got = new Set<number>();
  #last = 0;
  /** Of this subscription. */
  #isBehindGap = false;
  #seenHere = new Set<number>();
  #lastHere = 0;
  /** Events that came a second time. */
  doubled = 0;
  /** The first of them. */
  firstDoubled: number | undefined;
  /** Events that came a second time behind a gap. */
  repeated = 0;
  /** Events that came after a later one. */
  disordered = 0;
  gaps = 0;
  /** Last event before a gap that no event has followed. */
  #gapAfter: number | undefined;
  readonly #inGaps = new Set<number>();
  /** The first faults, for the report. */
  readonly notes: string[] = [];

  get received(): number {
    return this.#got.size;
  }

  /** A new subscription begins. */
  subscribed(): void {
    // It resumes where it was, which is still behind what it had before the gap.
    if (this.#isBehindGap && this.#lastHere < this.#last) return;
    this.#isBehindGap = false;
    this.#seenHere = new Set();
    this.#lastHere = 0;
  }

  got(number: number, where = ''): void {
    const isRepeat = this.#isBehindGap && !this.#seenHere.has(number);
    if (this.#got.has(number) && isRepeat) this.repeated += 1;
    else if (this.#got.has(number)) {
      this.doubled += 1;
      this.firstDoubled ??= number;
      this.#note(`${number} again after ${this.#last} ${where}`);
    } else if (number < (this.#isBehindGap ? this.#lastHere : this.#last)) {
      this.disordered += 1;
      this.#note(`${number} after ${this.#last} ${where}`);
    }
    // What was not acknowledged comes again first; the gap ends with the first later event.
    if (this.#gapAfter !== undefined && number > this.#gapAfter) {
      for (let inside = this.#gapAfter + 1; inside < number; inside += 1) this.#inGaps.add(inside);
      this.#gapAfter = undefined;
    }
    this.#got.add(number);
    this.#seenHere.add(number);
    this.#last = Math.max(this.#last, number);
    this.#lastHere = Math.max(this.#lastHere, number);
  }

  /** @param after Number of the event behind which events may be missing, if that is not the last one. */
  gap(where = '', after = this.#last): void {
    this.gaps += 1;
    this.#isBehindGap = true;
    this.#lastHere = 0;
    this.#gapAfter = Math.min(this.#gapAfter ?? this.#last, after);
    this.#note(`gap after ${this.#last} ${where}`);
  }

  /** Numbers from 1 to `sent` that never came, except those a gap reported. */
  missing(sent: number): number[] {
    return Array.from({ length: sent }, (_, index) => index + 1).filter(
      (number) => !this.#got.has(number) && !this.#inGaps.has(number),
    );
  }

  /** Events that never came, and that a gap reported. */
  get missed(): number {
    return [...this.#inGaps].filter((number) => !this.#got.has(number)).length;
  }

  #note(text: string): void {
    if (this.notes.length < 5) this.notes.push(text);
  }
}
