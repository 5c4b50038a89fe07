/**
 * Samples repeats in the log. What clients or an upstream in trouble can cause a thousand times a second is written a few
 * times, and then counted: the log stays readable, and costs neither disk nor the lines of others.
 */
import type { LogFields } from './log-fields.ts';

export type Severity = 'info' | 'warn' | 'error';

/** Lines of one kind written in full in each window. */
const written = 5;
const windowMs = 10_000;
/** Most kinds watched at a time. They come from closed sets; what is above the bound is written unsampled. */
const maxKinds = 1_000;

interface Kind {
  readonly severity: Severity;
  readonly event: string;
  readonly fields: LogFields;
  count: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * The first five lines of a kind in ten seconds are written as they are; what follows is counted, and at the end of the ten
 * seconds one more line of the kind says in `count` how many were left out. Lines are of one kind when they agree in severity,
 * event, `code`, `errorName`, `errorCode`, `operationId` and `status`.
 */
export class LogSampler {
  readonly #write: (severity: Severity, event: string, fields: LogFields | undefined) => void;
  readonly #kinds = new Map<string, Kind>();

  constructor(write: (severity: Severity, event: string, fields: LogFields | undefined) => void) {
    this.#write = write;
  }

  write(severity: Severity, event: string, fields: LogFields = {}): void {
    const { code, errorName, errorCode, operationId, status } = fields;
    const key = [severity, event, code, errorName, errorCode, operationId, status].join(' ');
    const kind = this.#kinds.get(key);
    if (kind === undefined) {
      if (this.#kinds.size < maxKinds) {
        const common = defined({ code, errorName, errorCode, operationId, status });
        const timer = setTimeout(() => this.#end(key), windowMs).unref();
        this.#kinds.set(key, { severity, event, fields: common, count: 1, timer });
      }
    } else {
      kind.count += 1;
      if (kind.count > written) return;
    }
    this.#write(severity, event, fields);
  }

  /** Writes what was counted so far. */
  flush(): void {
    for (const key of [...this.#kinds.keys()]) this.#end(key);
  }

  #end(key: string): void {
    const kind = this.#kinds.get(key);
    if (kind === undefined) return;
    clearTimeout(kind.timer);
    this.#kinds.delete(key);
    const left = kind.count - written;
    if (left > 0) this.#write(kind.severity, `${kind.event} (more of the same)`, { ...kind.fields, count: left });
  }
}

function defined(fields: { readonly [Name in keyof LogFields]: LogFields[Name] | undefined }): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
