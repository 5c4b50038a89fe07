/**
 * Standard output as the destination of the log: bounded, with the lines of the access log written together. Each write is a system
 * call that also wakes the reader, which costs several times as much as building a line.
 */

export interface LogOutput {
  write(line: string): void;
  /** Writes a line together with later ones: within some milliseconds, and before any line that `write` gets. */
  writeSoon?(line: string): void;
}

/** Limit of bytes buffered while the reader of standard output is slow. */
const maxBufferedBytes = 1_048_576;
/** Maximum characters of lines that are written together, not counting the last line. */
const maxCollectedCharacters = 16_384;
const collectMs = 10;

/**
 * A slow or stopped reader never blocks the gateway: lines over the limit are dropped, and the next line reports their number. pino's own
 * destination is not used, because at process exit it waits without limit for a reader that has stopped.
 */
class StandardOutput implements LogOutput {
  #collected = '';
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;

  constructor() {
    // Also after an uncaught error.
    process.on('exit', () => this.flush());
  }

  write(line: string): void {
    this.flush();
    this.#write(line, 1);
  }

  writeSoon(line: string): void {
    this.#collected += line;
    this.#count += 1;
    if (this.#collected.length >= maxCollectedCharacters) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), collectMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count === 0) return;
    const [lines, count] = [this.#collected, this.#count];
    this.#collected = '';
    this.#count = 0;
    this.#write(lines, count);
  }

  #write(lines: string, count: number): void {
    const { stdout } = process;
    if (stdout.writableLength > maxBufferedBytes) {
      this.#dropped += count;
      return;
    }
    if (this.#dropped > 0) {
      const note = { level: 'warn', time: new Date().toISOString(), count: this.#dropped, msg: 'log lines were lost' };
      stdout.write(`${JSON.stringify(note)}\n`);
      this.#dropped = 0;
    }
    stdout.write(lines);
  }
}

let output: StandardOutput | undefined;

/** The same object for all logs of the process, so that their lines keep their order. */
export function standardOutput(): LogOutput {
  output ??= new StandardOutput();
  return output;
}

/** Writes collected lines now, so that other output comes after them. */
export function flushStandardOutput(): void {
  output?.flush();
}
