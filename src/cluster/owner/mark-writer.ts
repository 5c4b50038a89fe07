/** Marks in the log that the next owner needs: that an event was delivered (h), or is held for MANUAL subscribers (m). */

import type { EventLog } from '../log/event-log.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { setAlignedTimer } from '../redis/aligned-timer.ts';

/** What a killed owner did not mark is offered again to a subscriber that does not resume. */
export const markEveryMs = 80;

/** Writes marks of many events together. */
export class MarkWriter {
  readonly #log: EventLog;
  readonly #onFailed: () => void;
  readonly #waiting = { h: new Set<SharedEvent>(), m: new Set<SharedEvent>() };
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param onFailed Marks were not written, and must be added again. */
  constructor(log: EventLog, onFailed: () => void) {
    this.#log = log;
    this.#onFailed = onFailed;
  }

  add(letter: 'h' | 'm', event: SharedEvent): void {
    set(event, letter, true);
    this.#waiting[letter].add(event);
    this.#timer ??= setAlignedTimer(() => {
      this.#timer = undefined;
      void this.flush();
    }, markEveryMs);
  }

  /** The events whose delivery waits to be marked, oldest first; they wait no longer. */
  takeDelivered(max: number): SharedEvent[] {
    const taken: SharedEvent[] = [];
    for (const event of this.#waiting.h) {
      if (taken.length === max) break;
      this.#waiting.h.delete(event);
      if (!event.isConfirmed && event.logId !== undefined) taken.push(event);
    }
    return taken;
  }

  /** They were not written. */
  requeue(events: readonly SharedEvent[]): void {
    for (const event of events) this.add('h', event);
  }

  /** Writes what waits. Resolves when Redis has it, or does not take it. */
  async flush(): Promise<void> {
    await Promise.all([this.#write('h'), this.#write('m')]);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #write(letter: 'h' | 'm'): Promise<void> {
    const events = [...this.#waiting[letter]].filter(({ isConfirmed }) => !isConfirmed);
    this.#waiting[letter].clear();
    const ids = events.map(({ logId }) => logId).filter((id) => id !== undefined);
    if (ids.length === 0 || this.#isClosed) return;
    try {
      await this.#log.mark(letter, ids);
    } catch {
      for (const event of events) set(event, letter, false);
      this.#onFailed();
    }
  }
}

function set(event: SharedEvent, letter: 'h' | 'm', isMarked: boolean): void {
  if (letter === 'h') event.isMarked = isMarked;
  else event.isHeldMarked = isMarked;
}
