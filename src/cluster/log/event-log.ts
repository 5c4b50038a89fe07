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
}

export type Written = { readonly kind: 'written' | 'fenced' } | { readonly kind: 'hole'; readonly lastId: string };

/** Life of what says who owns a stream and of a log's entries, which have no content. */
const lifeMs = 3_600_000;
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

export class EventLog {
  readonly #options: EventLogOptions;

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
    { entries, drop, strip, dropped }: Appended,
    onLate?: () => void,
  ): Promise<Written> {
    const { client, keys, encryption, replica, contentMs } = this.#options;
    const words: (string | number | Buffer)[] = [replica, token, lastId, lifeMs, dropped];
    words.push(drop.length, ...drop, strip.length, ...strip);
    const now = Date.now();
    for (const entry of entries) {
      const { logId, kind, eventId, receivedAt, expiresAt, overtakenBy = '', marks, text } = entry;
      const livesMs = Math.floor(Math.min(expiresAt, receivedAt + contentMs) - now);
      const isKept = text !== undefined && livesMs > 0;
      const expiry = Number.isFinite(expiresAt) ? expiresAt : 0;
      words.push(logId, kind, eventId, receivedAt, expiry, overtakenBy, marks, isKept ? livesMs : 0);
      words.push(isKept ? encryption.encrypt(entry, text) : '');
    }
    const all = [keys.owner, keys.log, keys.marks, keys.content];
    const reply = itemsOf(await append.run(client, all, words, onLate));
    const answer = textOf(reply[0]);
    if (answer === 'HOLE') return { kind: 'hole', lastId: textOf(reply[1]) };
    return { kind: answer === 'OK' ? 'written' : 'fenced' };
  }

  /** The entries after an id; `0-0` for all. At most 100. */
  async read(after: string): Promise<LogPage> {
    const { client, keys } = this.#options;
    const start = after === '0-0' ? '-' : `(${after}`;
    const reply = itemsOf(await read.run(client, [keys.owner, keys.log, keys.marks, keys.content], [start, pageSize]));
    const entries: LogEntry[] = [];
    for (let at = 5; at + 7 < reply.length; at += 8) entries.push(this.#entry(reply.slice(at, at + 8)));
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

  #entry(items: readonly ScriptReply[]): LogEntry {
    const [logId = '', kindText, eventId = '', receivedText, expiryText, first, marks = ''] = items
      .slice(0, 7)
      .map(textOf);
    const data = items[7];
    const kind: ContentKind = kindText === 'e' || kindText === 'p' ? kindText : 'f';
    const receivedAt = Number(receivedText);
    const isThere = Buffer.isBuffer(data) && data.length > 0;
    const text = isThere ? this.#options.encryption.decrypt({ logId, eventId, kind, receivedAt }, data) : undefined;
    const expiresAt = Number(expiryText) === 0 ? Number.POSITIVE_INFINITY : Number(expiryText);
    const isUnreadable = isThere && text === undefined;
    const overtakenBy = first === '' ? undefined : first;
    return {
      logId,
      number: numberOf(logId),
      kind,
      eventId,
      receivedAt,
      expiresAt,
      overtakenBy,
      marks,
      text,
      isUnreadable,
    };
  }
}

/** Life of content that was put back for a replay. */
export const repeatedLifeMs = 30_000;

/** The number in a log id, which counts on over all lease terms. */
export function numberOf(logId: string): number {
  return Number(logId.slice(logId.indexOf('-') + 1));
}
