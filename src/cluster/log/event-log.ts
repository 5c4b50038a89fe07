/** The log of one caller in Redis: its owner, its entries and their content. Every call can fail as Redis can. */
import { Cluster } from 'ioredis';
import type { CallerKeys } from '../redis/key-names.ts';
import type { RedisClient } from '../redis/redis-client.ts';
import { itemsOf, type ScriptReply, textOf } from '../redis/script.ts';
import type { Encryption } from './encryption.ts';
import { formatOf } from './format.ts';
import { append, claim, join, mark, read, release } from './scripts.ts';
import type { ContentKind } from './shared-event.ts';

/** The owner of a caller's stream. */
export interface Ownership {
  /** Empty: no replica. */
  readonly owner: string;
  /** Token of the present or last lease term; `0`: Redis has none. */
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
  /** Undefined when the content has been removed or cannot be decrypted. */
  readonly text: string | undefined;
  readonly isUnreadable: boolean;
}

export interface LogPage extends Ownership {
  /** Id of the last entry the log ever had. */
  readonly lastId: string;
  /** Id of the history: a log with the same one lacks no acknowledged event, except dropped ones. */
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
  /** History of the log: the proposed one if the log had none or is incomplete. */
  readonly history: string;
}

export interface Appended {
  readonly entries: readonly NewEntry[];
  /** Ids of entries to remove. */
  readonly drop: readonly string[];
  /** Ids of entries whose content is removed. */
  readonly strip: readonly string[];
  /** Highest number of a stored event that was dropped in this lease term, or before; 0: none. */
  readonly dropped: number;
  /** Ids of entries that were delivered since they were appended. */
  readonly delivered: readonly string[];
}

export type Written = { readonly kind: 'written' | 'fenced' } | { readonly kind: 'hole'; readonly lastId: string };

/** Time to live of the ownership and of a log's entries, which have no content. */
const lifeMs = 3_600_000;
/** Appends renew it this often. */
const renewEveryMs = 60_000;
const pageSize = 100;
/** Maximum ids in one call: Lua limits the arguments of `unpack`. */
const maxMarks = 1_000;

export interface EventLogOptions {
  readonly client: RedisClient;
  readonly keys: CallerKeys;
  readonly encryption: Encryption;
  readonly replica: string;
  /** Time to live of content, in milliseconds. */
  readonly contentMs: number;
}

/** The log of one credential's stream, its owner and its participants. */
export class EventLog {
  readonly #options: EventLogOptions;
  /** When an append last renewed the TTL of the keys, and when one with marks did, on the clock of `performance`. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #marksRenewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  /** Registers this replica as one with subscribers. */
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
   * @param history Proposed history, used if the log has none or is incomplete.
   * @returns Undefined if ownership is not as expected.
   */
  async claim({ owner, token }: Ownership, history: string): Promise<Claimed | undefined> {
    const { client, keys, replica } = this.#options;
    const words = [replica, owner, token, lifeMs, history, formatOf(replica)];
    const reply = itemsOf(await claim.run(client, [keys.owner, keys.log, keys.marks], words));
    return reply[0] === 1 ? { token: textOf(reply[1]), history: textOf(reply[2]) } : undefined;
  }

  async release(token: string, how: 'alone' | 'shared'): Promise<void> {
    const { client, keys, replica } = this.#options;
    await release.run(client, [keys.owner], [replica, token, how]);
  }

  /** Extends the TTL of all keys that no append has renewed. */
  async renew(): Promise<void> {
    const { client, keys } = this.#options;
    for (const key of [keys.owner, keys.participants, keys.log, keys.marks]) await client.pexpire(key, lifeMs);
  }

  /** Whether commands are executed in the order in which they are sent: true with one connection. */
  get isOrdered(): boolean {
    return !(this.#options.client instanceof Cluster);
  }

  /** Appends entries after the one that this owner wrote or found last. @param onLate Called when it is executed after commands that were sent later. */
  async append(
    token: string,
    lastId: string,
    { entries, drop, strip, dropped, delivered }: Appended,
    onLate?: () => void,
  ): Promise<Written> {
    const { client, keys, encryption, replica, contentMs } = this.#options;
    const sentAt = performance.now();
    const hasMarks = delivered.length > 0 || entries.some(({ marks }) => marks !== '');
    // A new key has no TTL yet.
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

  /** Stores the content of a repeated event for the followers that requested the replay. */
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
    const known = parseDescription(textOf(description));
    // With an id of its own: the event of the entry is unknown, and was not delivered.
    const [kind, eventId, receivedAt, expiry, first] = known ?? (['f', `unknown ${logId}`, termOf(logId), 0] as const);
    const isThere = Buffer.isBuffer(data) && data.length > 0;
    const text = isThere ? this.#options.encryption.decrypt({ logId, eventId, kind, receivedAt }, data) : undefined;
    const expiresAt = expiry === 0 ? Number.POSITIVE_INFINITY : expiry;
    const isUnreadable = known === undefined || (isThere && text === undefined);
    const overtakenBy = first ?? undefined;
    const number = numberOf(logId);
    const marks = known === undefined ? '' : textOf(mark);
    return { logId, number, kind, eventId, receivedAt, expiresAt, overtakenBy, marks, text, isUnreadable };
  }
}

/** Description of an entry beside its content; in one field, because each word of a call costs Redis 0.2 µs. */
type EntryDescription = readonly [
  kind: ContentKind,
  eventId: string,
  receivedAt: number,
  /** 0: the event does not expire. */
  expiresAt: number,
  /** JSON has null for undefined. */
  overtakenBy: string | null | undefined,
];

const contentKinds: readonly unknown[] = ['f', 'e', 'p'] satisfies readonly ContentKind[];

/** @returns Undefined for an entry that no replica of this format wrote. */
function parseDescription(text: string): EntryDescription | undefined {
  try {
    const words: unknown = JSON.parse(text);
    if (!Array.isArray(words)) return undefined;
    const [kind, eventId, receivedAt, expiresAt] = words;
    const isKnown = contentKinds.includes(kind) && typeof eventId === 'string' && eventId !== '';
    if (!isKnown || typeof receivedAt !== 'number' || typeof expiresAt !== 'number') return undefined;
    return words as unknown as EntryDescription; // as a replica wrote it
  } catch {
    return undefined;
  }
}

/** Time to live of content that was restored for a replay. */
export const repeatedLifeMs = 30_000;

/** The number in a log id, which increases over all lease terms. */
export function numberOf(logId: string): number {
  return Number(logId.slice(logId.indexOf('-') + 1));
}

/** The token of the lease term in which an entry was written; it increases with each term. */
export function termOf(logId: string): number {
  return Number(logId.slice(0, logId.indexOf('-')));
}
