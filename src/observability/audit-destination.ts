/** Destinations of the audit log: a file, or standard output. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, statSync, writevSync } from 'node:fs';
import { ConfigError } from '../config/config.ts';
import { systemCode } from '../util/file-problem.ts';
import { describeUnexpected, type Log } from './log.ts';
import { flushStandardOutput } from './log-output.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/** Interval of attempts to write after a failure. */
const retryMs = 1_000;

export interface Destination {
  /** Accepted bytes that have not been written yet. */
  readonly waitingBytes: number;
  /** Queues a line. */
  write(line: string): void;
  /** Tries to write the queued lines. */
  flush(): void;
  /** The same, unless a write failed a moment ago, which a timer retries. */
  handOver(): void;
  /** Opens the file again under its name, after log rotation. */
  reopen(): void;
  end(): void;
}

/** @throws ConfigError when the file cannot be opened. */
export function destinationOf(target: string | undefined, log: Log): Destination | undefined {
  if (target === undefined) return undefined;
  return target === 'stdout' ? new OutputDestination() : new FileDestination(target, log);
}

/**
 * A file opened for appending. Written lines survive the process however it ends. Bytes that cannot be written, as on a full disk,
 * wait for the next attempt.
 */
class FileDestination implements Destination {
  readonly #path: string;
  readonly #log: Log;
  #file: number;
  #waiting: Buffer[] = [];
  /** The first queued line, whole, when a part of it is in the file. */
  #partial: Buffer | undefined;
  #waitingBytes = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    try {
      this.#file = openForAppending(path);
    } catch (error) {
      throw new ConfigError([`AUDIT_LOG: the file cannot be opened for appending${systemCode(error)}.`]);
    }
    this.#beginLine();
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  handOver(): void {
    // While the file fails, the timer retries instead of each line.
    if (this.#retry === undefined) this.flush();
  }

  flush(): void {
    try {
      while (this.#waiting.length > 0) this.#take(writevSync(this.#file, this.#waiting));
    } catch (error) {
      if (this.#retry === undefined) this.#log.error('audit log cannot be written', describeUnexpected(error));
      this.#retry ??= setInterval(() => this.flush(), retryMs).unref();
      return;
    }
    if (this.#retry === undefined) return;
    clearInterval(this.#retry);
    this.#retry = undefined;
    this.#log.info('audit log is written again');
  }

  /** Removes written bytes from the queue. */
  #take(written: number): void {
    let [done, left] = [0, written];
    for (let bytes = this.#waiting[done]; bytes !== undefined && left > 0; bytes = this.#waiting[done]) {
      if (left >= bytes.length) {
        done += 1;
        this.#partial = undefined;
      } else {
        this.#partial ??= bytes;
        this.#waiting[done] = bytes.subarray(left);
      }
      left = Math.max(0, left - bytes.length);
    }
    // At once: removing thousands of lines one by one from the front takes quadratic time.
    this.#waiting.splice(0, done);
    this.#waitingBytes -= written;
  }

  reopen(): void {
    // The rest of a line must follow its beginning.
    this.flush();
    try {
      const file = openForAppending(this.#path);
      if (!isSameFile(file, this.#file)) {
        this.#startLineAgain();
        this.#beginLine();
      }
      closeSync(this.#file);
      this.#file = file;
    } catch (error) {
      this.#log.error('audit log cannot be opened again', describeUnexpected(error));
    }
    this.flush();
  }

  /** A line whose rest cannot follow its beginning is written whole to the next file; the former file ends in a partial line. */
  #startLineAgain(): void {
    if (this.#partial === undefined) return;
    this.#waitingBytes += this.#partial.length - (this.#waiting[0]?.length ?? 0);
    this.#waiting[0] = this.#partial;
    this.#partial = undefined;
  }

  /** After a partial line in the file, the next one begins on a line of its own. */
  #beginLine(): void {
    try {
      if (!endsInPart(this.#path)) return;
    } catch {
      return; // a file that cannot be read can still be written
    }
    this.#waiting.unshift(lineEnd);
    this.#waitingBytes += lineEnd.length;
  }

  end(): void {
    clearInterval(this.#retry);
    try {
      fsyncSync(this.#file);
    } catch {
      // A pipe or a terminal has nothing to synchronize.
    }
    closeSync(this.#file);
  }
}

/**
 * Readable by the gateway's own user only. A pipe without a reader fails at once, and a full one at each write: blocking on either
 * would stop the whole gateway.
 */
function openForAppending(path: string): number {
  return openSync(path, O_APPEND | O_CREAT | O_NONBLOCK | O_WRONLY, 0o600);
}

/** Whether a file ends in a partial line, as after a crash or on a full disk. False for anything but a file, such as a pipe. */
function endsInPart(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== lineEnd[0];
  } finally {
    closeSync(file);
  }
}

const lineEnd = Buffer.from('\n');

function isSameFile(one: number, other: number): boolean {
  const [{ dev, ino }, { dev: otherDev, ino: otherIno }] = [fstatSync(one), fstatSync(other)];
  return dev === otherDev && ino === otherIno;
}

/** Standard output, between the lines of the log. A reader that stops reading leaves lines waiting. */
class OutputDestination implements Destination {
  waitingBytes = 0;
  #lines = '';

  write(line: string): void {
    this.#lines += line;
    this.waitingBytes += Buffer.byteLength(line);
  }

  flush(): void {
    if (this.#lines === '') return;
    const bytes = Buffer.from(this.#lines);
    this.#lines = '';
    flushStandardOutput();
    process.stdout.write(bytes, (error) => {
      // After an error the bytes keep counting as queued: without a reader, no mutation may run.
      if (error == null) this.waitingBytes -= bytes.length;
    });
  }

  handOver(): void {
    this.flush();
  }

  reopen(): void {}

  end(): void {}
}
