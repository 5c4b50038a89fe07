/** Writes the audit trail as JSON lines, to a file or to standard output. Lines wait for a slow or failing destination; none is dropped. */
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../errors.ts';
import type { ActionEnding, ActionStart, AuditRecord, AuditTrail, RunningAction } from './audit.ts';
import { type Destination, destinationOf } from './audit-destination.ts';
import { isoTime } from './iso-time.ts';
import type { Log } from './log.ts';

/** Interval of checks for the end of a slow write while closing. */
const closingCheckMs = 10;

export interface AuditLogOptions {
  /** `stdout`, or the path of a file, which is created when it is absent. Undefined: only `onRecord` gets the records. */
  readonly target: string | undefined;
  /** Maximum bytes of queued lines. */
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
  #handingOver: Promise<void> | undefined;
  /** Includes mutations whose responses have not been sent: they were executed. */
  readonly #onExit = () => this.#destination?.flush();

  /** @throws ConfigError when the file cannot be opened. */
  constructor({ target, maxWaitingBytes, onRecord, log }: AuditLogOptions) {
    this.#destination = destinationOf(target, log);
    this.#onRecord = onRecord;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#log = log;
    if (this.#destination !== undefined) process.on('exit', this.#onExit);
  }

  begin(start: ActionStart): RunningAction {
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
        if (this.#running.delete(action)) return this.#write(start, ending);
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
    // The file's descriptor may belong to another file from now on.
    this.#destination = undefined;
    process.off('exit', this.#onExit);
    destination.end();
  }

  /** Each property by name: copying them from both objects takes longer than serializing the line. */
  #write(
    { requestId, caller, action }: ActionStart,
    { account, outcome, code, objects }: ActionEnding,
  ): Promise<void> | void {
    const time = isoTime();
    const record: AuditRecord = { audit: 1, time, requestId, caller, account, action, outcome, code, objects };
    this.#destination?.write(`${JSON.stringify(record)}\n`);
    this.#onRecord?.(record);
    return this.#destination === undefined ? undefined : this.#handOver();
  }

  /**
   * Writes the lines of one turn of the event loop together: one write takes as long as building one line. The responses to the
   * mutations wait for it.
   */
  #handOver(): Promise<void> {
    this.#handingOver ??= new Promise((resolve) =>
      setImmediate(() => {
        this.#handingOver = undefined;
        this.#destination?.handOver();
        resolve();
      }),
    );
    return this.#handingOver;
  }
}
