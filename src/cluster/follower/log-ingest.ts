/**
 * Ingests entries of a log: adds them to the table of a source, and delivers them to its channel. Entries before an event that is
 * known here are history: delivered to subscribers that join or resume, never to current ones.
 */
import { isOwnChange } from '../../events/source/own-changes.ts';
import type { EarlierEvent } from '../../events/source/source.ts';
import { type LogEntry, type LogPage, numberOf, termOf } from '../log/event-log.ts';
import { createKnownEvent, createSharedEvent, decodeContent, type SharedEvent } from '../log/shared-event.ts';
import { trace } from '../log/trace.ts';
import type { SourceStateHolder } from '../source/source-state.ts';

export interface LogIngestOptions {
  readonly source: SourceStateHolder;
  /** The log has the acknowledgement of an event. */
  onConfirmed(event: SharedEvent): void;
}

interface MergeOptions {
  readonly dropped: number;
  /** Whether the log continues the history in memory. */
  readonly isSame: boolean;
  /** Whether memory belongs to a history. */
  readonly hadLog: boolean;
  /** Highest token of a lease term whose logged events are in memory; 0: none. */
  readonly newestTerm: number;
}

export class LogIngest {
  readonly #options: LogIngestOptions;
  readonly #source: SourceStateHolder;
  /** The last entry had no content, and the gap was reported. */
  #isInGap = false;

  constructor(options: LogIngestOptions) {
    this.#options = options;
    this.#source = options.source;
  }

  /**
   * Ingests an entry that follows everything known.
   * @returns Its event; undefined when it is not stored.
   */
  next(entry: LogEntry): SharedEvent | undefined {
    const { table, listener } = this.#source;
    const { kind, eventId, receivedAt, overtakenBy, text } = entry;
    const received = this.#decode(entry);
    if (kind === 'p') {
      if (received !== undefined && text !== undefined) listener.onEvent({ received, length: text.length, receivedAt });
      return undefined;
    }
    const known = table.find(eventId);
    this.#trace(known === undefined ? 'read' : 'read, known', entry);
    if (known !== undefined) return this.#place(known, entry);
    if (received === undefined || text === undefined) return this.#withoutContent(entry, true);
    const next = { received, length: text.length, receivedAt, overtakenBy };
    const event = createSharedEvent(next, kind === 'f' ? text : undefined);
    this.#isInGap = false;
    this.#place(event, entry);
    table.add(event);
    listener.onEvent(next);
    this.#confirm(event, entry);
    return event;
  }

  /**
   * Ingests a whole log. Events that this process received itself and that were in no log come after it: unknown entries before
   * them are history as well. A log of another history may lack acknowledged events that are newer than the last event here.
   * @param isFirst Nothing was delivered to the channel before: all entries are history.
   * @returns Whether memory continues the log. If not, events in memory that the log lacks are not in upstream order.
   */
  all(page: LogPage, isFirst: boolean): boolean {
    const source = this.#source;
    const { table } = source;
    for (const event of table.all()) {
      event.isLogged = false;
      event.logId = undefined;
      event.number = 0;
    }
    const hadLog = source.history !== undefined;
    const isSame = !hadLog || source.history === page.history;
    const newestTerm = isSame ? source.newestTerm : 0;
    source.newestTerm = newestTerm;
    if (!isSame) source.gap('the log has another history');
    source.history = page.history;
    const entries = page.entries.filter(({ kind }) => kind !== 'p');
    let isContinued = isSame;
    if (isFirst) for (const entry of entries) this.#history(entry);
    else if (!this.#merge(entries, { dropped: page.dropped, isSame, hadLog, newestTerm })) isContinued = false;
    else if (isSame && entries.length > 0) source.closeGap();
    // Events before the gap are marked; those after it belong to the history.
    if (!isSame) source.hasGap = false;
    if (page.dropped > 0) markOlder(table.all());
    source.readTo = Math.max(isSame ? source.readTo : 0, numberOf(page.lastId));
    return isContinued;
  }

  /** @returns False if a gap was reported, or could have been. */
  #merge(entries: readonly LogEntry[], { dropped, isSame, hadLog, newestTerm }: MergeOptions): boolean {
    const source = this.#source;
    const { table } = source;
    const lastKnown = entries.findLastIndex(({ eventId }) => table.find(eventId) !== undefined);
    const isEarlier = ({ logId }: LogEntry) => termOf(logId) < newestTerm;
    const unknown = entries.slice(lastKnown + 1);
    const before = lastKnown < 0 ? undefined : eventBehind(table.all(), entries[lastKnown]?.eventId);
    const earlier = before === undefined ? 0 : unknown.filter(isEarlier).length;
    this.#known(entries.slice(0, lastKnown + 1 + earlier), isSame, before);
    const rest = unknown.slice(earlier);
    const knownTo = Math.max(source.readTo, entries[lastKnown]?.number ?? 0);
    const isApart = lastOwn(table.all()) === undefined || rest.some(isEarlier);
    const lacksOverlap = lastKnown < 0 && rest.length > 0 && table.size > 0 && isApart;
    const isGap = isSame && (table.size > 0 || hadLog) && (dropped > knownTo || lacksOverlap);
    if (isGap) source.gap(lacksOverlap ? 'the log has nothing that is known' : 'dropped from the log');
    const unlogged = lastOwn(table.all());
    if (unlogged !== undefined) this.#earlier(rest, unlogged.id);
    else if (table.size === 0) this.#beforeAny(rest, hadLog ? (isSame ? source.readTo : 0) : undefined);
    else for (const entry of rest) this.next(entry);
    return !isGap;
  }

  /**
   * Entries up to the last known one, and those of earlier lease terms than later events in memory: Redis failed over to a server
   * that lacks the later entries.
   * @param before The event in memory before which the entries belong.
   */
  #known(entries: readonly LogEntry[], isSame: boolean, before: string | undefined): void {
    const { table, listener, hasGap } = this.#source;
    let earlier: LogEntry[] = [];
    let previous: string | undefined;
    let missedAfter: string | undefined;
    for (const entry of entries) {
      const known = table.find(entry.eventId);
      if (known === undefined) {
        earlier.push(entry);
        if (!listener.isKnown(entry.eventId)) missedAfter ??= previous;
        continue;
      }
      this.#earlier(earlier, known.id);
      earlier = [];
      previous = known.id;
      this.#place(known, entry);
      this.#confirm(known, entry);
    }
    if (before !== undefined) this.#earlier(earlier, before);
    // The entry lies between two events that current subscribers received.
    if (missedAfter === undefined || !isSame || hasGap) return;
    trace(this.#source.options.name, 'gap', '', `others were delivered in between, after ${missedAfter}`);
    listener.onGap(missedAfter);
  }

  /**
   * Entries for subscribers that joined before any event. Events delivered elsewhere are not new to them, unless the subscribers
   * joined after the log was read and the event came after that.
   */
  #beforeAny(entries: readonly LogEntry[], readTo = Number.POSITIVE_INFINITY): void {
    for (const entry of entries) {
      if (entry.number > readTo || !wasDelivered(entry.marks)) this.next(entry);
      else this.#history(entry);
    }
  }

  #history(entry: LogEntry): void {
    const { table, listener } = this.#source;
    const { kind, receivedAt, overtakenBy, text, marks } = entry;
    const received = this.#decode(entry);
    this.#trace('read as history', entry);
    if (received === undefined || text === undefined) {
      this.#withoutContent(entry, false);
      return;
    }
    const past = { received, length: text.length, receivedAt, overtakenBy, wasDelivered: wasDelivered(marks) };
    const event = createSharedEvent(past, kind === 'f' ? text : undefined);
    this.#place(event, entry);
    table.add(event);
    listener.onHistory(past);
    this.#confirm(event, entry);
  }

  #earlier(entries: readonly LogEntry[], before: string): void {
    if (entries.length === 0) return;
    const { table, listener } = this.#source;
    const events: SharedEvent[] = [];
    const earlier: EarlierEvent[] = [];
    for (const entry of entries) {
      const { kind, eventId, receivedAt, expiresAt, overtakenBy, text, marks } = entry;
      this.#trace(`read as earlier than ${before}`, entry);
      const received = this.#decode(entry);
      const event =
        received === undefined || text === undefined
          ? createKnownEvent(eventId, kind, receivedAt, expiresAt, overtakenBy)
          : createSharedEvent(
              { received, length: text.length, receivedAt, overtakenBy },
              kind === 'f' ? text : undefined,
            );
      events.push(this.#place(event, entry));
      const isNeeded = received !== undefined || !isRevoked(entry);
      if (!isNeeded) continue;
      const { length } = event;
      earlier.push({ id: eventId, received, length, receivedAt, overtakenBy, wasDelivered: wasDelivered(marks) });
    }
    table.addBefore(events, before);
    listener.onEarlier(earlier, before);
    entries.forEach((entry, index) => {
      const event = events[index];
      if (event !== undefined) this.#confirm(event, entry);
    });
  }

  /** @param isMissed Whether current subscribers have missed it. */
  #withoutContent(entry: LogEntry, isMissed: boolean): SharedEvent {
    const { table, listener } = this.#source;
    const { eventId, kind, receivedAt, expiresAt, overtakenBy } = entry;
    const event = this.#place(createKnownEvent(eventId, kind, receivedAt, expiresAt, overtakenBy), entry);
    table.add(event);
    const isMissing = isMissed && !listener.isKnown(eventId) && !isRevoked(entry);
    listener.onEvicted({ id: eventId, receivedAt, isRevoked: isRevoked(entry), overtakenBy });
    this.#confirm(event, entry);
    if (isMissing && !this.#isInGap) {
      trace(this.#source.options.name, 'gap', '', 'an entry has no content');
      listener.onGap();
    }
    this.#isInGap = isMissing;
    return event;
  }

  #decode({ kind, text, isUnreadable }: LogEntry) {
    const received = text === undefined ? undefined : decodeContent(kind, text);
    if (isUnreadable || (text !== undefined && received === undefined)) this.#source.options.onUnreadable();
    return received;
  }

  #place(event: SharedEvent, { logId, number, marks }: LogEntry): SharedEvent {
    this.#source.newestTerm = Math.max(this.#source.newestTerm, termOf(logId));
    event.logId = logId;
    event.number = number;
    event.isLogged = true;
    event.wasLogged = true;
    event.isBeforeGap = false;
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

  #trace(step: string, { eventId, logId }: LogEntry): void {
    trace(this.#source.options.name, step, eventId, logId);
  }
}

function wasDelivered(marks: string): boolean {
  return marks.includes('h') || marks.includes('a');
}

function isRevoked({ marks, expiresAt }: LogEntry): boolean {
  return marks.includes('x') || expiresAt <= Date.now();
}

/** Marks events that are older than the log: events between them and the log may be missing. */
function markOlder(events: Iterable<SharedEvent>): void {
  const older: SharedEvent[] = [];
  for (const event of events) {
    if (!event.isLogged) older.push(event);
    else {
      for (const before of older) before.isBeforeGap = true;
      return;
    }
  }
}

/** The first event after the last logged one that was in no log: this process received it from the upstream. */
function lastOwn(events: Iterable<SharedEvent>): SharedEvent | undefined {
  let first: SharedEvent | undefined;
  for (const event of events) {
    if (event.isLogged) first = undefined;
    else if (!event.wasLogged && !isOwnChange(event.id)) first ??= event;
  }
  return first;
}

/** The next known event after this one. */
function eventBehind(events: Iterable<SharedEvent>, id: string | undefined): string | undefined {
  let isBehind = false;
  for (const event of events) {
    if (isBehind) return event.id;
    isBehind = event.id === id;
  }
  return undefined;
}
