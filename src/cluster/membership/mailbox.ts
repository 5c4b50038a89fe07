/**
 * Messages between replicas. Each replica has one inbox, a stream that it reads from its last position. Messages to one replica
 * keep their order, are numbered, and are sent again until Redis has them; the receiver detects a missing one.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { post } from '../log/scripts.ts';
import type { RedisConnection } from '../redis/connection.ts';
import type { KeyNames } from '../redis/key-names.ts';
import { type StreamEntry, StreamReader } from '../redis/stream-reader.ts';
import { atTurnEnd } from '../redis/turn-end.ts';
import { type Message, parseMessages } from './message.ts';

export interface MailboxOptions {
  readonly connection: RedisConnection;
  readonly names: KeyNames;
  /** Id of this replica. */
  readonly replica: string;
  /** Longest time for which reading the inbox waits, in milliseconds. */
  readonly blockMs: number;
  onMessage(from: string, message: Message): void;
  /** Messages of a replica were lost. */
  onLoss(from: string): void;
  /** A replica was alive. @param at On the clock of Redis, in milliseconds. */
  onAlive(from: string, at: number): void;
  isDead(replica: string): boolean;
}

/** Approximate number of entries in an inbox; each can hold many messages. */
const maxLength = 20_000;
/** Time to live of an inbox that its replica does not renew. */
const inboxLifeMs = 60_000;
/** Maximum messages in one entry. */
const maxMessages = 500;
/** Maximum messages that wait for Redis; further ones are dropped, which the receiver detects. */
const maxWaiting = 20_000;
const retryMs = 100;

interface Waiting {
  readonly message: Message;
  /** Redis has it. */
  readonly onSent: (() => void) | undefined;
}

interface Outbox {
  number: number;
  waiting: Waiting[];
  isSending: boolean;
}

export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #reader: StreamReader;
  readonly #outboxes = new Map<string, Outbox>();
  /** Number of the last entry read from each sender. */
  readonly #received = new Map<string, number>();
  #position = '0-0';
  #isClosed = false;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#reader = new StreamReader({
      connection: options.connection,
      key: options.names.inbox(options.replica),
      blockMs: options.blockMs,
      begin: () => Promise.resolve(this.#position),
      onEntries: (entries) => this.#read(entries),
    });
  }

  /** All messages that the inbox had at this time have been received, on the clock of `performance`. */
  get provenAt(): number {
    return this.#reader.provenAt;
  }

  start(): void {
    this.#reader.start();
  }

  /** @param onSent The inbox of the receiver has it. Never called for a message that is dropped. */
  send(to: string, message: Message, onSent?: () => void): void {
    if (this.#isClosed) return;
    let outbox = this.#outboxes.get(to);
    if (outbox === undefined) {
      // Starts above the numbers of an outbox that was removed.
      outbox = { number: Date.now() * 1_000, waiting: [], isSending: false };
      this.#outboxes.set(to, outbox);
    }
    if (outbox.waiting.length >= maxWaiting) {
      outbox.waiting.length = 0;
      outbox.number += 1;
    }
    outbox.waiting.push({ message, onSent });
    if (outbox.isSending) return;
    outbox.isSending = true;
    const box = outbox;
    atTurnEnd(() => void this.#flush(to, box));
  }

  /** Sends pending messages, for at most `maxMs`, and accepts no others. */
  async close(maxMs: number): Promise<void> {
    const endsAt = performance.now() + maxMs;
    while ([...this.#outboxes.values()].some(({ isSending }) => isSending) && performance.now() < endsAt)
      await pause(5);
    this.#isClosed = true;
    this.#reader.close();
  }

  async #flush(to: string, outbox: Outbox): Promise<void> {
    const { connection, names, replica, isDead } = this.#options;
    while (outbox.waiting.length > 0 && !this.#isClosed) {
      const sent = outbox.waiting.splice(0, maxMessages);
      outbox.number += 1;
      const messages = JSON.stringify(sent.map(({ message }) => message));
      const words = [replica, outbox.number, messages, maxLength, inboxLifeMs];
      while (!this.#isClosed) {
        try {
          await post.run(connection.client, [names.inbox(to)], words);
          for (const { onSent } of sent) onSent?.();
          break;
        } catch {
          if (isDead(to)) break;
          await pause(retryMs);
        }
      }
    }
    outbox.isSending = false;
    if (isDead(to)) this.#outboxes.delete(to);
  }

  #read(entries: readonly StreamEntry[]): void {
    for (const { id, fields } of entries) {
      this.#position = id;
      const from = fields['f'] ?? '';
      this.#options.onAlive(from, Number.parseInt(id, 10));
      const number = Number(fields['s']);
      const last = this.#received.get(from);
      if (last !== undefined && !(number > last)) continue; // sent again, because the answer was lost
      this.#received.delete(from);
      this.#received.set(from, number);
      const [oldest] = this.#received.keys();
      if (oldest !== undefined && this.#received.size > 1_000) this.#received.delete(oldest);
      if (last !== undefined && number > last + 1) this.#options.onLoss(from);
      for (const message of parseMessages(fields['m'] ?? '')) this.#options.onMessage(from, message);
    }
  }
}
