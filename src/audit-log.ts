/** Writes the audit trail as JSON lines, to a file or to standard output. Lines wait for a slow or failing destination; none is dropped. */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuditRecord, AuditTrail, RunningAction } from './audit.ts';
import { ConfigError } from './config/config.ts';
import { GatewayError } from './errors.ts';
import { describeUnexpected, type Log } from './log.ts';

/** Interval of attempts to write after a failure, and of looking for the end of a slow write while closing. */
const retryMs = 1_000;
const closingCheckMs = 10;

/** Where lines go. */
interface Destination {
  /** Bytes that have been accepted and not written yet. */
  readonly waitingBytes: number;
  write(line: string): void;
  /** Tries to write what waits. */
  flush(): void;
  /** Opens the file again under its name, after log rotation. */
  reopen(): void;
  end(): void;
}

export interface AuditLogOptions {
  /** `stdout`, or the path of a file, which is created when it is absent. Undefined: only `onRecord` gets the records. */
  readonly target: string | undefined;
  /** Maximum bytes of lines that wait to be written. */
  readonly maxWaitingBytes: number;
  /** Called with each record. Must not throw. */
  readonly onRecord?: ((record: AuditRecord) => void) | undefined;
  readonly log: Log;
}

export class AuditLog implements AuditTrail {
  #destination: Destination | undefined;
  #isClosed = false;
  readonly #onRecord: AuditLogOptions['onRecord'];
  readonly #maxWaitingBytes: number;
  readonly #log: Log;
  readonly #running = new Set<RunningAction>();

  /** @throws ConfigError when the file cannot be opened. */
  constructor({ target, maxWaitingBytes, onRecord, log }: AuditLogOptions) {
    this.#destination = destinationOf(target, log);
    this.#onRecord = onRecord;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#log = log;
  }

  begin(start: Pick<AuditRecord, 'requestId' | 'caller' | 'action' | 'objects'>): RunningAction {
    if (this.#isClosed) throw new GatewayError('SHUTTING_DOWN');
    if (this.waitingBytes >= this.#maxWaitingBytes) {
      this.#destination?.flush();
      if (this.waitingBytes >= this.#maxWaitingBytes) {
        this.#log.error('mutation rejected: the audit log cannot be written', { code: 'RATE_LIMITED' });
        const message = 'The audit log cannot be written; nothing was changed.';
        throw new GatewayError('RATE_LIMITED', { message, retryAfterSeconds: 1 });
      }
    }
    const action: RunningAction = {
      end: (ending) => {
        if (this.#running.delete(action)) this.#write({ ...start, ...ending });
      },
    };
    this.#running.add(action);
    return action;
  }

  get waitingBytes(): number {
    return this.#destination?.waitingBytes ?? 0;
  }

  reopen(): void {
    this.#destination?.reopen();
  }

  /** Writes a line for each action that has not ended, and waits at most `timeoutMs` for a slow destination. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    for (const action of [...this.#running]) action.end({ outcome: 'UNKNOWN', code: 'SHUTTING_DOWN', objects: {} });
    const destination = this.#destination;
    if (destination === undefined) return;
    const endsAt = performance.now() + timeoutMs;
    destination.flush();
    while (destination.waitingBytes > 0 && performance.now() < endsAt) {
      await pause(closingCheckMs);
      destination.flush();
    }
    if (destination.waitingBytes > 0) this.#log.error('audit lines were not written at the end');
    // The number of its file may be another file's from now on.
    this.#destination = undefined;
    destination.end();
  }

  #write({ requestId, caller, account, action, outcome, code, objects }: Omit<AuditRecord, 'audit' | 'time'>): void {
    const record: AuditRecord = {
      audit: 1,
      time: new Date().toISOString(),
      requestId,
      ...(caller === undefined ? {} : { caller }),
      ...(account === undefined ? {} : { account }),
      action,
      outcome,
      code,
      objects,
    };
    this.#destination?.write(`${JSON.stringify(record)}\n`);
    this.#onRecord?.(record);
  }
}

/** @throws ConfigError when the file cannot be opened. */
function destinationOf(target: string | undefined, log: Log): Destination | undefined {
  if (target === undefined) return undefined;
  return target === 'stdout' ? new OutputDestination() : new FileDestination(target, log);
}

/**
 * A file opened for appending. Each line is handed to the system before the answer of its mutation is sent, so it survives the
 * process however it ends; it costs some microseconds. Bytes that cannot be written, as on a full disk, wait for the next attempt.
 */
class FileDestination implements Destination {
  readonly #path: string;
  readonly #log: Log;
  #file: number;
  #waiting: Buffer[] = [];
  /** The whole first line that waits, when a part of it is in the file. */
  #partial: Buffer | undefined;
  #waitingBytes = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    try {
      this.#file = openForAppending(path);
    } catch {
      throw new ConfigError(['AUDIT_LOG: the file cannot be opened for appending.']);
    }
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    // While the file fails, the timer tries again, not each line.
    if (this.#retry === undefined) this.flush();
  }

  flush(): void {
    let done = 0;
    try {
      for (let bytes = this.#waiting[done]; bytes !== undefined; bytes = this.#waiting[done]) {
        const written = writeSync(this.#file, bytes);
        this.#waitingBytes -= written;
        if (written === bytes.length) {
          done += 1;
          this.#partial = undefined;
        } else if (written > 0) {
          this.#partial ??= bytes;
          this.#waiting[done] = bytes.subarray(written);
        }
      }
    } catch (error) {
      if (this.#retry === undefined) this.#log.error('audit log cannot be written', describeUnexpected(error));
      this.#retry ??= setInterval(() => this.flush(), retryMs).unref();
      return;
    } finally {
      // At once: removing thousands of lines one by one from the front takes time in proportion to their square.
      this.#waiting.splice(0, done);
    }
    if (this.#retry === undefined) return;
    clearInterval(this.#retry);
    this.#retry = undefined;
    this.#log.info('audit log is written again');
  }

  reopen(): void {
    // The rest of a line belongs behind its beginning.
    this.flush();
    try {
      const file = openForAppending(this.#path);
      if (!isSameFile(file, this.#file)) this.#startLineAgain();
      closeSync(this.#file);
      this.#file = file;
    } catch (error) {
      this.#log.error('audit log cannot be opened again', describeUnexpected(error));
    }
    this.flush();
  }

  /** A line whose rest cannot follow its beginning is written whole to the next file; the other one ends in a part of it. */
  #startLineAgain(): void {
    if (this.#partial === undefined) return;
    this.#waitingBytes += this.#partial.length - (this.#waiting[0]?.length ?? 0);
    this.#waiting[0] = this.#partial;
    this.#partial = undefined;
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

/** Readable by the gateway's own user only. After a part of a line, as a crash may leave it, the next one begins on a line of its own. */
function openForAppending(path: string): number {
  const file = openSync(path, existsSync(path) && !statSync(path).isFile() ? 'a' : 'a+', 0o600);
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== newline) writeSync(file, '\n');
  return file;
}

const newline = 0x0a;

function isSameFile(one: number, other: number): boolean {
  const [{ dev, ino }, { dev: otherDev, ino: otherIno }] = [fstatSync(one), fstatSync(other)];
  return dev === otherDev && ino === otherIno;
}

/** Standard output, between the lines of the log. A reader that stops reading leaves lines waiting. */
class OutputDestination implements Destination {
  waitingBytes = 0;

  write(line: string): void {
    const bytes = Buffer.from(line);
    this.waitingBytes += bytes.length;
    process.stdout.write(bytes, (error) => {
      // After an error, the bytes remain waiting: without a reader, nothing may be changed.
      if (error == null) this.waitingBytes -= bytes.length;
    });
  }

  flush(): void {}

  reopen(): void {}

  end(): void {}
}
