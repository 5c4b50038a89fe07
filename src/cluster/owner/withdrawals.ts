/** Content that must be removed from Redis because its message expired or was recalled; tried again until Redis has done it. */
import type { EventLog } from '../log/event-log.ts';

/** Maximum ids that wait for Redis; further content ends by its TTL. */
const maxWaiting = 10_000;

export class Withdrawals {
  readonly #log: EventLog;
  readonly #waiting = new Set<string>();
  /** Content ids among them that have no entry. */
  readonly #withoutEntry = new Set<string>();
  #isSending = false;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** @param logId Id of the entry. */
  add(logId: string): void {
    if (this.#waiting.size < maxWaiting) this.#waiting.add(logId);
  }

  /** @param contentId Id of a content that has no entry. */
  addContent(contentId: string): void {
    if (this.#waiting.size >= maxWaiting) return;
    this.#waiting.add(contentId);
    this.#withoutEntry.add(contentId);
  }

  /** Sends the pending ids. Call a few times per second. */
  tick(): void {
    if (this.#isSending || this.#waiting.size === 0) return;
    this.#isSending = true;
    const ids = [...this.#waiting].slice(0, 500);
    const entries = ids.filter((id) => !this.#withoutEntry.has(id));
    const withoutEntry = ids.filter((id) => this.#withoutEntry.has(id));
    // Content that is stored again while its removal is under way is added again.
    for (const id of ids) {
      this.#waiting.delete(id);
      this.#withoutEntry.delete(id);
    }
    Promise.all([this.#log.removeContent(ids), this.#log.mark('x', entries)])
      .catch(() => {
        // With the next tick.
        for (const id of entries) this.add(id);
        for (const id of withoutEntry) this.addContent(id);
      })
      .finally(() => {
        this.#isSending = false;
      });
  }
}
