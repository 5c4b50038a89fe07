/**
 * Takes entries of a log up into the table of a source and says them to its channel. What lies in the log before an event that
 * is known here is history: for subscribers that join or resume, and never new to the current ones.
 */
import type { EarlierEvent, EventSourceListener } from '../events/source.ts';
import type { LogEntry } from './event-log.ts';
import type { EventTable } from './event-table.ts';
import { createKnownEvent, createSharedEvent, decodeContent, type SharedEvent } from './shared-event.ts';

export interface TakeUpOptions {
  readonly table: EventTable;
  readonly listener: EventSourceListener;
  /** An entry could not be decrypted or decoded. */
  onUnreadable(): void;
  /** The log has the acknowledgement of an event. */
  onConfirmed(event: SharedEvent): void;
}

export class TakeUp {
  readonly #options: TakeUpOptions;

  constructor(options: TakeUpOptions) {
    this.#options = options;
  }

  /** Takes up an entry behind everything known. @returns Its event; undefined when it is not stored. */
  next(entry: LogEntry): SharedEvent | undefined {
    const { table, listener } = this.#options;
    const { kind, eventId, receivedAt, text } = entry;
    const received = text === undefined ? undefined : decodeContent(kind, text);
    if (entry.isUnreadable || (text !== undefined && received === undefined)) this.#options.onUnreadable();
    if (kind === 'p') {
      if (received !== undefined && text !== undefined) listener.onEvent(received, text.length, receivedAt);
      return undefined;
    }
    const known = table.find(eventId);
    if (known !== undefined) return this.#place(known, entry);
    if (received === undefined || text === undefined) return this.#withoutContent(entry, true);
    const event = createSharedEvent(received, text.length, kind === 'f' ? text : undefined, receivedAt);
    this.#place(event, entry);
    table.add(event);
    listener.onEvent(received, text.length, receivedAt);
    this.#confirm(event, entry);
    return event;
  }

  /**
   * Takes up a whole log.
   * @param isFirst Nothing was said to the channel before: all is history.
   * What this process received itself and no log had belongs behind the log: what is not known before it is history as well.
   */
  all(entries: readonly LogEntry[], isFirst: boolean): void {
    const { table, listener } = this.#options;
    for (const event of table.all()) {
      event.isLogged = false;
      event.logId = undefined;
      event.number = 0;
    }
    const stored = entries.filter(({ kind }) => kind !== 'p');
    if (isFirst) {
      for (const entry of stored) this.#history(entry);
      return;
    }
    const lastKnown = stored.findLastIndex(({ eventId }) => table.find(eventId) !== undefined);
    let earlier: LogEntry[] = [];
    for (const entry of stored.slice(0, lastKnown + 1)) {
      const known = table.find(entry.eventId);
      if (known === undefined) earlier.push(entry);
      else {
        this.#earlier(earlier, known.id);
        earlier = [];
        this.#place(known, entry);
        this.#confirm(known, entry);
      }
    }
    const rest = stored.slice(lastKnown + 1);
    if (rest.length === 0) return;
    const unlogged = lastOwn(table);
    if (unlogged !== undefined) {
      this.#earlier(rest, unlogged.id);
      return;
    }
    if (table.size === 0) {
      // What was delivered elsewhere is not new to subscribers that came before any event.
      for (const entry of rest)
        if (!wasDelivered(entry.marks)) this.next(entry);
        else this.#history(entry);
      return;
    }
    if (lastKnown < 0) listener.onGap();
    for (const entry of rest) this.next(entry);
  }

  #history(entry: LogEntry): void {
    const { table, listener } = this.#options;
    const { kind, receivedAt, text, marks } = entry;
    const received = text === undefined ? undefined : decodeContent(kind, text);
    if (received === undefined || text === undefined) {
      this.#withoutContent(entry, false);
      return;
    }
    const event = createSharedEvent(received, text.length, kind === 'f' ? text : undefined, receivedAt);
    this.#place(event, entry);
    table.add(event);
    listener.onHistory(received, text.length, receivedAt, wasDelivered(marks));
    this.#confirm(event, entry);
  }

  #earlier(entries: readonly LogEntry[], before: string): void {
    if (entries.length === 0) return;
    const { table, listener } = this.#options;
    const events: SharedEvent[] = [];
    const said: EarlierEvent[] = [];
    for (const entry of entries) {
      const { kind, eventId, receivedAt, expiresAt, text, marks } = entry;
      const received = text === undefined ? undefined : decodeContent(kind, text);
      const event =
        received === undefined || text === undefined
          ? createKnownEvent(eventId, kind, receivedAt, expiresAt)
          : createSharedEvent(received, text.length, kind === 'f' ? text : undefined, receivedAt);
      events.push(this.#place(event, entry));
      if (received !== undefined) {
        said.push({ received, length: event.length, receivedAt, wasDelivered: wasDelivered(marks) });
      }
    }
    table.addBefore(events, before);
    listener.onEarlier(said, before);
    entries.forEach((entry, index) => {
      const event = events[index];
      if (event !== undefined) this.#confirm(event, entry);
    });
  }

  /** @param isMissed Subscribers that are here already have missed it. */
  #withoutContent(entry: LogEntry, isMissed: boolean): SharedEvent {
    const { table, listener } = this.#options;
    const { eventId, kind, receivedAt, expiresAt, marks } = entry;
    const event = this.#place(createKnownEvent(eventId, kind, receivedAt, expiresAt), entry);
    table.add(event);
    const isRevoked = marks.includes('x') || expiresAt <= Date.now();
    const isNew = !listener.isKnown(eventId);
    listener.onEvicted(eventId, receivedAt, isRevoked);
    this.#confirm(event, entry);
    if (isMissed && isNew && !isRevoked) listener.onGap();
    return event;
  }

  #place(event: SharedEvent, { logId, number, marks }: LogEntry): SharedEvent {
    event.logId = logId;
    event.number = number;
    event.isLogged = true;
    event.wasLogged = true;
    if (marks.includes('h')) {
      event.wasDelivered = true;
      event.isMarked = true;
    }
    if (marks.includes('x')) event.isRevoked = true;
    if (marks.includes('m')) event.isHeldMarked = true;
    return event;
  }

  #confirm(event: SharedEvent, { marks }: LogEntry): void {
    if (marks.includes('a') && !event.isConfirmed) this.#options.onConfirmed(event);
  }
}

function wasDelivered(marks: string): boolean {
  return marks.includes('h') || marks.includes('a');
}

/** The first event behind the last logged one that no log ever had: this process received it itself. */
function lastOwn(table: EventTable): SharedEvent | undefined {
  let first: SharedEvent | undefined;
  for (const event of table.all()) {
    if (event.isLogged) first = undefined;
    else if (!event.wasLogged) first ??= event;
  }
  return first;
}
