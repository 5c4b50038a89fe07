/**
 * Samples repeated log lines. Clients or a failing upstream can cause the same line a thousand times per second. A few of them
 * are written and the rest are counted, which keeps the log readable and its size bounded.
 */
import type { LogFields } from './log-fields.ts';

export type Severity = 'info' | 'warn' | 'error';

/** Number of lines of one kind written in full per window. */
const maxLinesPerWindow = 5;
/** Milliseconds of a window. */
const windowMs = 10_000;
/** Maximum kinds sampled at the same time; lines of further kinds are not sampled. Kinds come from closed sets. */
const maxKinds = 1_000;

interface Kind {
  readonly severity: Severity;
  readonly event: string;
  readonly fields: LogFields;
  count: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Writes the first five lines of a kind in a window of ten seconds and counts the rest. At the end of the window, one more line
 * gives the number of omitted lines in `count`. Lines are of one kind when severity, event, `code`, `errorName`, `errorCode`,
 * `operationId` and `status` are equal.
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
      if (kind.count > maxLinesPerWindow) return;
    }
    this.#write(severity, event, fields);
  }

  /** Writes the counts of omitted lines and ends all windows. */
  flush(): void {
    for (const key of [...this.#kinds.keys()]) this.#end(key);
  }

  #end(key: string): void {
    const kind = this.#kinds.get(key);
    if (kind === undefined) return;
    clearTimeout(kind.timer);
    this.#kinds.delete(key);
    const omitted = kind.count - maxLinesPerWindow;
    if (omitted > 0) this.#write(kind.severity, `${kind.event} (more of the same)`, { ...kind.fields, count: omitted });
  }
}

function defined(fields: { readonly [Name in keyof LogFields]: LogFields[Name] | undefined }): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
