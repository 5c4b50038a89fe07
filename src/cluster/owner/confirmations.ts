/** Confirmed acknowledgements, of this replica or another: passed to all replicas with subscribers of the caller. */

import type { SharedEvent } from '../log/shared-event.ts';
import { trace } from '../log/trace.ts';
import type { Message } from '../membership/message.ts';
import { setAlignedTimer } from '../redis/aligned-timer.ts';
import type { SourceStateHolder } from '../source/source-state.ts';
import { markEveryMs } from './mark-writer.ts';

export class Confirmations {
  readonly #source: SourceStateHolder;
  /** Events whose mark is not written yet. */
  #unmarked: SharedEvent[] = [];
  #marking: NodeJS.Timeout | undefined;

  constructor(source: SourceStateHolder) {
    this.#source = source;
  }

  /**
   * The upstream has confirmed the acknowledgement of these events.
   * @param from Replica that reports it; undefined for this one.
   */
  acknowledgedBy(from: string | undefined, ids: readonly string[]): void {
    const { table, term, follower, options } = this.#source;
    const events = ids.map((id) => table.find(id)).filter((event) => event !== undefined);
    const news = events.filter(({ isConfirmed }) => !isConfirmed);
    for (const { id } of news) trace(options.name, 'acknowledged', id, from ?? 'here');
    this.confirm(news);
    if (from === undefined) this.#mark(news);
    const message: Message = { k: 'acknowledged', n: options.name, ids };
    if (term !== undefined) {
      for (const replica of term.followers.replicas) if (replica !== from) options.send(replica, message);
    } else if (from === undefined && follower !== undefined) options.send(follower.ownership.owner, message);
  }

  confirm(events: readonly SharedEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) {
      event.isConfirmed = true;
      event.isRequested = false;
    }
    this.#source.listener.onAcknowledged(events.map(({ id }) => id));
    for (const event of events) this.#source.term?.confirmed(event);
  }

  /** An acknowledgement was given up: the owner requests it again, and then those that are due after it. */
  abandoned(): void {
    this.#source.options.discardAcknowledgements();
    for (const event of this.#source.table.all()) event.isRequested = false;
    this.#source.term?.recheck();
  }

  #mark(events: readonly SharedEvent[]): void {
    this.#unmarked.push(...events);
    if (this.#unmarked.length === 0) return;
    this.#marking ??= setAlignedTimer(() => {
      const { table, options } = this.#source;
      // The mark of an event that was removed in between would remain without its entry.
      const ids = this.#unmarked.flatMap((event) => (table.has(event) && event.logId !== undefined ? event.logId : []));
      this.#unmarked = [];
      this.#marking = undefined;
      // Without the mark a later owner acknowledges again.
      options.log.mark('a', ids).catch(() => undefined);
    }, markEveryMs);
  }
}
