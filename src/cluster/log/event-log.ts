/** The log of one caller in Redis: its owner, its entries and their content. Every call can fail as Redis can. */
import { Cluster } from 'ioredis';
import type { CallerKeys } from '../redis/key-names.ts';
import type { RedisClient } from '../redis/redis-client.ts';
import { itemsOf, type ScriptReply, textOf } from '../redis/script.ts';
import type { Encryption } from './encryption.ts';
import { append, claim, join, mark, read, release } from './scripts.ts';
import type { ContentKind } from './shared-event.ts';

/** Who owns a caller's stream. */
export interface Ownership {
  /** Empty: no replica. */
  readonly owner: string;
  /** Of the lease term, or of the last one; `0`: Redis knows of none. */
  readonly token: string;
}

export interface Joined extends Ownership {
  /** How the last owner released it: `alone` without followers, `shared` with some; empty otherwise. */
  readonly released: string;
  /** Replicas with subscribers, this one included. */
  readonly participants: readonly string[];
}

export interface LogEntry {
  readonly logId: string;
  readonly number: number;
  readonly kind: ContentKind;
  readonly eventId: string;
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** See `SourceEvent`. */
  readonly overtakenBy: string | undefined;
  /** Letters: h delivered, m held for MANUAL subscribers, a acknowledged, x revoked. */
  readonly marks: string;
  /** Undefined when it is gone, or does not open. */
  readonly text: string | undefined;
  readonly isUnreadable: boolean;
}

export interface LogPage extends Ownership {
  /** Id of the last entry the log ever had. */
  readonly lastId: string;
  /** Id of the history: a log with the same one lacks nothing that was acknowledged, but dropped events. */
  readonly history: string;
  /** Number of the last stored event that was dropped from the log; 0: none. */
  readonly dropped: number;
  readonly entries: readonly LogEntry[];
}

export interface NewEntry {
  readonly logId: string;
  readonly kind: ContentKind;
  readonly eventId: string;
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly overtakenBy: string | undefined;
  readonly marks: string;
  readonly text: string | undefined;
}

export interface Claimed {
  readonly token: string;
  /** Of the log: the one that was proposed if the log had none, or lacks what it had. */
  readonly history: string;
}

export interface Appended {
  readonly entries: readonly NewEntry[];
  /** Ids of entries to remove. */
  readonly drop: readonly string[];
  /** Ids of entries whose content goes. */
  readonly strip: readonly string[];
  /** Highest number of a stored event that was dropped in this lease term, or before; 0: none. */
  readonly dropped: number;
  /** Ids of entries that were delivered since they were appended. */
  readonly delivered: readonly string[];
}

export type Written = { readonly kind: 'written' | 'fenced' } | { readonly kind: 'hole'; readonly lastId: string };

/** Life of what says who owns a stream and of a log's entries, which have no content. */
const lifeMs = 3_600_000;
/** Appends renew it this often. */
const renewEveryMs = 60_000;
const pageSize = 100;
/** Ids in one call: what Lua can unpack bounds it. */
const maxMarks = 1_000;

export interface EventLogOptions {
  readonly client: RedisClient;
  readonly keys: CallerKeys;
  readonly encryption: Encryption;
  readonly replica: string;
  /** Longest life of content, in milliseconds. */
  readonly contentMs: number;
}

/** The log of one credential's stream, its owner and its participants. */
export class EventLog {
  readonly #options: EventLogOptions;
  /** When an append renewed the life of the keys, and when one that wrote marks did, on the clock of `performance`. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #marksRenewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  /** Notes that this replica has subscribers. */
  async join(): Promise<Joined> {
    const { client, keys, replica } = this.#options;
    const reply = await join.run(client, [keys.owner, keys.participants], [replica, lifeMs]);
    const [owner = '', token = '0', released = '', ...participants] = itemsOf(reply).map(textOf);
    return { owner, token, released, participants };
  }

  async leave(): Promise<void> {
    const { client, keys, replica } = this.#options;
    await client.hdel(keys.participants, replica);
  }

  /**
   * Becomes the owner if ownership is as expected.
   * @param history What the log is called if it has no history, or not all of it.
   * @returns Undefined if ownership is not as expected.
   */
  async claim({ owner, token }: Ownership, history: string): Promise<Claimed | undefined> {
    const { client, keys, replica } = this.#options;
    const words = [replica, owner, token, lifeMs, history];
    const reply = itemsOf(await claim.run(client, [keys.owner, keys.log], words));
    return reply[0] === 1 ? { token: textOf(reply[1]), history: textOf(reply[2]) } : undefined;
  }

  async release(token: string, how: 'alone' | 'shared'): Promise<void> {
    const { client, keys, replica } = this.#options;
    await release.run(client, [keys.owner], [replica, token, how]);
  }

  /** Extends the life of all keys that no append has renewed. */
  async renew(): Promise<void> {
    const { client, keys } = this.#options;
    for (const key of [keys.owner, keys.participants, keys.log, keys.marks]) await client.pexpire(key, lifeMs);
  }

  /** What is sent after a call is executed after it: there is one connection. */
  get isOrdered(): boolean {
    return !(this.#options.client instanceof Cluster);
  }

  /** Appends entries after the one that this owner wrote or found last. @param onLate It is executed later than what was sent after it. */
  async append(
    token: string,
    lastId: string,
    { entries, drop, strip, dropped, delivered }: Appended,
    onLate?: () => void,
  ): Promise<Written> {
    const { client, keys, encryption, replica, contentMs } = this.#options;
    const sentAt = performance.now();
    const hasMarks = delivered.length > 0 || entries.some(({ marks }) => marks !== '');
    // A key that is new has no end.
    const isDue =
      lastId === '0-0' ||
      sentAt - this.#renewedAt >= renewEveryMs ||
      (hasMarks && sentAt - this.#marksRenewedAt >= renewEveryMs);
    const words: (string | number | Buffer)[] = [replica, token, lastId, isDue ? lifeMs : 0, dropped];
    words.push(drop.length, ...drop, strip.length, ...strip, delivered.length, ...delivered);
    words.push(numberOf(entries.at(-1)?.logId ?? lastId));
    const now = Date.now();
    for (const entry of entries) {
      const { logId, kind, eventId, receivedAt, expiresAt, overtakenBy, marks, text } = entry;
      const livesMs = Math.floor(Math.min(expiresAt, receivedAt + contentMs) - now);
      const isKept = text !== undefined && livesMs > 0;
      const expiry = Number.isFinite(expiresAt) ? expiresAt : 0;
      const description: EntryDescription = [kind, eventId, receivedAt, expiry, overtakenBy];
      words.push(logId, JSON.stringify(description), marks, isKept ? livesMs : 0);
      words.push(isKept ? encryption.encrypt(entry, text) : '');
    }
    const all = [keys.owner, keys.log, keys.marks, keys.content];
    const reply = itemsOf(await append.run(client, all, words, onLate));
    const answer = textOf(reply[0]);
    if (isDue && answer === 'OK') {
      this.#renewedAt = sentAt;
      if (hasMarks) this.#marksRenewedAt = sentAt;
    }
    if (answer === 'HOLE') return { kind: 'hole', lastId: textOf(reply[1]) };
    return { kind: answer === 'OK' ? 'written' : 'fenced' };
  }

  /** The entries after an id; `0-0` for all. At most 100. */
  async read(after: string): Promise<LogPage> {
    const { client, keys } = this.#options;
    const start = after === '0-0' ? '-' : `(${after}`;
    const reply = itemsOf(await read.run(client, [keys.owner, keys.log, keys.marks, keys.content], [start, pageSize]));
    const entries: LogEntry[] = [];
    for (let at = 5; at + 3 < reply.length; at += 4) entries.push(this.#entry(reply.slice(at, at + 4)));
    const [owner = '', token = '', lastId = '', history = '', dropped = ''] = reply.slice(0, 5).map(textOf);
    return { owner, token, lastId, history, dropped: Number(dropped), entries };
  }

  async readAll(): Promise<LogPage> {
    let page = await this.read('0-0');
    const entries = [...page.entries];
    while (page.entries.length === pageSize) {
      page = await this.read(entries.at(-1)?.logId ?? '0-0');
      entries.push(...page.entries);
    }
    return { ...page, entries };
  }

  /** Records that events were delivered (h), held (m), acknowledged upstream (a), or revoked (x). */
  async mark(letter: 'h' | 'm' | 'a' | 'x', logIds: readonly string[]): Promise<void> {
    const { client, keys } = this.#options;
    for (let at = 0; at < logIds.length; at += maxMarks)
      await mark.run(client, [keys.marks], [letter, lifeMs, ...logIds.slice(at, at + maxMarks)]);
  }

  /** Removes the content of entries. */
  async removeContent(logIds: readonly string[]): Promise<void> {
    const { client, keys } = this.#options;
    await client.unlink(...logIds.map((id) => keys.content + id));
  }

  /** Keeps the content of a repeated event for those that asked for the replay. */
  async putContent(entry: Omit<NewEntry, 'overtakenBy' | 'marks' | 'text'>, text: string): Promise<void> {
    const { client, keys, encryption } = this.#options;
    const livesMs = Math.floor(Math.min(repeatedLifeMs, entry.expiresAt - Date.now()));
    if (livesMs > 0) await client.set(keys.content + entry.logId, encryption.encrypt(entry, text), 'PX', livesMs);
  }

  async getContent(entry: Pick<NewEntry, 'logId' | 'eventId' | 'kind' | 'receivedAt'>): Promise<string | undefined> {
    const { client, keys, encryption } = this.#options;
    const data = await client.getBuffer(keys.content + entry.logId);
    return data === null ? undefined : encryption.decrypt(entry, data);
  }

  #entry([id, description, mark, data]: readonly ScriptReply[]): LogEntry {
    const logId = textOf(id);
    const [kind, eventId, receivedAt, expiry, first] = parseDescription(textOf(description));
    const isThere = Buffer.isBuffer(data) && data.length > 0;
    const text = isThere ? this.#options.encryption.decrypt({ logId, eventId, kind, receivedAt }, data) : undefined;
    const expiresAt = expiry === 0 ? Number.POSITIVE_INFINITY : expiry;
    const isUnreadable = isThere && text === undefined;
    const overtakenBy = first ?? undefined;
    const number = numberOf(logId);
    const marks = textOf(mark);
    return { logId, number, kind, eventId, receivedAt, expiresAt, overtakenBy, marks, text, isUnreadable };
  }
}

/** What an entry holds beside its content; in one field, because each word of a call costs Redis 0.2 µs. */
type EntryDescription = readonly [
  kind: ContentKind,
  eventId: string,
  receivedAt: number,
  /** 0: the event does not expire. */
  expiresAt: number,
  /** JSON has null for undefined. */
  overtakenBy: string | null | undefined,
];

/** Of an entry that no replica wrote: an event without an id. */
const unknownEntry: EntryDescription = ['f', '', 0, 0, null];

function parseDescription(text: string): EntryDescription {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.length >= 4 ? (words as unknown as EntryDescription) : unknownEntry; // as a replica wrote it
  } catch {
    return unknownEntry;
  }
}

/** Life of content that was put back for a replay. */
export const repeatedLifeMs = 30_000;

/** The number in a log id, which counts on over all lease terms. */
export function numberOf(logId: string): number {
  return Number(logId.slice(logId.indexOf('-') + 1));
}

/** The token of the lease term in which an entry was written: later terms have higher ones. */
export function termOf(logId: string): number {
  return Number(logId.slice(0, logId.indexOf('-')));
}
