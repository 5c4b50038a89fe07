/**
 * Unsent messages: displayed at once, sent one after the other in each conversation, and repeated with the same idempotency key
 * until the service accepts or rejects them. Their keys survive a reload of the page.
 */
import { type ConversationId, SendMessageDocument, type SendMessageMutation } from '../documents.ts';
import { StoreError, storeError } from './client.ts';
import { delayOf } from './clock.ts';
import { type Context, forever } from './context.ts';
import type { MessageItem, Outgoing } from './types.ts';

/** Storage for keys, and for texts if allowed, that outlives the page: `sessionStorage` or a compatible object. */
export interface OutboxStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Of the page. */
export interface OutboxOptions {
  readonly storage?: OutboxStorage;
  /** Whether texts of unsent messages are stored too. */
  readonly storesText?: boolean;
}

export type SentMessage = NonNullable<NonNullable<SendMessageMutation['sendMessage']>['message']>;

interface Entry {
  readonly key: string;
  readonly conversation: ConversationId;
  readonly createdAt: string;
  /** Undefined after a reload of the page when the text is not stored. */
  readonly input?: Outgoing | undefined;
  readonly state: 'SENDING' | 'WAITING' | 'FAILED';
  readonly error?: StoreError | undefined;
  readonly attempts: number;
  readonly rejections: number;
}

/** Maximum error responses to one message before it fails, and the time for which sending is repeated without a response. */
const maxRejections = 20;
const givenUpAfterMs = 24 * 60 * 60_000;
/** Milliseconds between attempts: doubled each time, up to `most`. */
const delayMs = { first: 1_000, most: 30_000 } as const;
/** Codes after which the same input fails again. */
const final: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'NOT_FOUND',
  'NOT_SUPPORTED',
  'PAYLOAD_TOO_LARGE',
  'OPERATION_TOO_COMPLEX',
  'OPERATION_NOT_PERSISTED',
  'TEXT_LOST',
]);

export class Outbox {
  readonly #context: Context;
  readonly #options: OutboxOptions;
  readonly #onSent: (conversation: ConversationId, message: SentMessage) => void;
  readonly #entries = new Map<string, Entry>();
  /** Conversations with a request in flight. */
  readonly #busy = new Set<string>();

  /** @param onSent The service has the message. */
  constructor(
    context: Context,
    options: OutboxOptions,
    onSent: (conversation: ConversationId, message: SentMessage) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#onSent = onSent;
    this.#restore();
  }

  send(conversation: ConversationId, input: Outgoing): string {
    const { maxOutgoing } = this.#context.bounds;
    if (this.#entries.size >= maxOutgoing) throw new RangeError(`At most ${maxOutgoing} unsent messages.`);
    const key = crypto.randomUUID();
    const createdAt = new Date(this.#context.now()).toISOString();
    this.#put({ key, conversation, createdAt, input, state: 'SENDING', attempts: 0, rejections: 0 });
    void this.#work(conversation);
    return key;
  }

  retry(key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.input === undefined || entry.state === 'SENDING') return;
    this.#put({ ...entry, state: 'SENDING', attempts: 0, rejections: 0 });
    void this.#work(entry.conversation);
  }

  /** Removes the message, because it was discarded or stored: its event may arrive before the reply, or without one. */
  remove(key: string | null | undefined): void {
    if (this.#entries.delete(key ?? '')) this.#save();
  }

  /** Sends waiting messages without their backoff, because the network is back. */
  retryNow(): void {
    for (const { conversation, state } of this.#entries.values())
      if (state === 'WAITING') void this.#work(conversation);
  }

  /** Discards everything. */
  clear(): void {
    this.#entries.clear();
    this.#save();
  }

  itemsOf(conversation: string): MessageItem[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.conversation === conversation ? itemOf(entry) : []));
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    this.#save();
  }

  /** Sends the waiting messages of a conversation, in order. */
  async #work(conversation: ConversationId): Promise<void> {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    this.#context.timers.clear(`send ${conversation}`);
    for (let entry = this.#next(conversation); entry !== undefined; entry = this.#next(conversation)) {
      const after = await this.#attempt(entry);
      if (after?.state !== 'WAITING') continue;
      const ms = Math.max(delayOf(delayMs, entry.attempts), after.error?.retryAfterMs ?? 0);
      this.#context.timers.set(`send ${conversation}`, ms, () => void this.#work(conversation));
      break;
    }
    this.#busy.delete(conversation);
  }

  #next(conversation: string): Entry | undefined {
    return [...this.#entries.values()].find((entry) => entry.conversation === conversation && entry.state !== 'FAILED');
  }

  /** @returns The entry after it, when it is still there. */
  async #attempt(entry: Entry): Promise<Entry | undefined> {
    const { key, conversation, input } = entry;
    this.#put({ ...entry, state: 'SENDING' });
    try {
      const variables = { input: { ...input, conversation, idempotencyKey: key } };
      const { sendMessage } = await this.#context.run(SendMessageDocument, variables);
      const message = sendMessage?.message;
      this.#entries.delete(key);
      if (message != null) this.#onSent(conversation, message);
      this.#save();
      return undefined;
    } catch (problem) {
      const error = storeError(problem);
      if (!this.#entries.has(key)) return undefined;
      const rejections = entry.rejections + (error.code === 'NO_ANSWER' ? 0 : 1);
      const isOld = this.#context.now() - Date.parse(entry.createdAt) > givenUpAfterMs;
      // A credential that expired right after it was issued: without a session, nothing is left here.
      const isOpen = error.retryable || error.code === 'UNAUTHENTICATED';
      const state = isOpen && rejections < maxRejections && !isOld ? 'WAITING' : 'FAILED';
      const failed: Entry = { ...entry, state, error, attempts: entry.attempts + 1, rejections };
      this.#put(failed);
      return failed;
    }
  }

  get #storageKey(): string {
    return `tigerconnect-outbox ${this.#context.me}`;
  }

  #save(): void {
    // A newer store may use the same storage.
    if (this.#context.timers.isOver) return;
    this.#context.changed();
    const { storage, storesText } = this.#options;
    const stored = [...this.#entries.values()].map(({ key, conversation, createdAt, input }) => ({
      key,
      conversation,
      createdAt,
      // A file cannot be stored.
      ...(storesText === true && input?.attachment == null ? { input } : {}),
    }));
    try {
      if (stored.length === 0) storage?.removeItem(this.#storageKey);
      else storage?.setItem(this.#storageKey, JSON.stringify(stored));
    } catch {
      // With full storage the keys do not survive a reload; sending continues.
    }
  }

  #restore(): void {
    let stored: readonly Pick<Entry, 'key' | 'conversation' | 'createdAt' | 'input'>[] = [];
    try {
      // Written by this class.
      stored = JSON.parse(this.#options.storage?.getItem(this.#storageKey) ?? '[]');
    } catch {
      // Unreadable storage counts as empty.
    }
    for (const entry of stored) {
      const isLost = entry.input === undefined;
      const error = isLost ? new StoreError('TEXT_LOST') : undefined;
      const state = isLost ? 'FAILED' : 'WAITING';
      this.#entries.set(entry.key, { ...entry, state, error, attempts: 0, rejections: 0 });
    }
  }
}

function itemOf({ key, createdAt, input, state, error }: Entry): MessageItem {
  const { body = null, priority = null, ttl = null, deleteOnRead = null } = input ?? {};
  return {
    kind: 'MESSAGE',
    key,
    message: { id: key, idempotencyKey: key, body, createdAt, priority, ttl, deleteOnRead },
    outgoing: input,
    isMine: true,
    isUnread: false,
    delivery: state,
    statuses: {},
    error,
    canRetry: state === 'FAILED' && !final.has(error?.code ?? ''),
    goneAt: forever,
    order: forever,
  };
}
