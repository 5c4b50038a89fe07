/** Content that has to leave Redis, because its message expired or was recalled: tried again until Redis took it. */
import type { EventLog } from './event-log.ts';

/** Ids that wait for Redis; beyond it the content ends by its own time. */
const maxWaiting = 10_000;

export class Withdrawals {
  readonly #log: EventLog;
  readonly #waiting = new Set<string>();
  #isSending = false;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** @param logId Id of the entry. */
  add(logId: string): void {
    if (this.#waiting.size < maxWaiting) this.#waiting.add(logId);
  }

  /** Sends what waits. Call a few times per second. */
  tick(): void {
    if (this.#isSending || this.#waiting.size === 0) return;
    this.#isSending = true;
    const ids = [...this.#waiting].slice(0, 500);
    Promise.all([this.#log.removeContent(ids), this.#log.mark('x', ids)])
      .then(
        () => {
          for (const id of ids) this.#waiting.delete(id);
        },
        () => undefined, // with the next tick
      )
      .finally(() => {
        this.#isSending = false;
      });
  }
}
