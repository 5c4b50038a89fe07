/**
 * The package's `./store`: what an application of conversations shows, kept in step with live events, over any client that runs
 * the typed documents. No framework, no dependency. `README.md` beside it shows it in several frameworks.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type ConversationId, type MessageId, RecallMessageDocument } from '../documents.ts';
import { ask, requestOf } from './client.ts';
import { realClock, Timers } from './clock.ts';
import { type Context, defaultBounds, rememberedIds } from './context.ts';
import { applyEvent, type Shown } from './events.ts';
import { Feed } from './feed.ts';
import { Marks } from './marks.ts';
import { isOffline, watchNetwork } from './network.ts';
import type { StoreOptions } from './options.ts';
import { Outbox, type SentMessage } from './outbox.ts';
import { Presence } from './presence.ts';
import { Recent } from './recent.ts';
import { Rows } from './rows.ts';
import { Session } from './session.ts';
import { Ticker } from './ticker.ts';
import { Timeline } from './timeline.ts';
import type { Connection, ConversationStore, Outgoing, StoreSnapshot } from './types.ts';
import { Views } from './views.ts';

export {
  execute,
  type StoreClient,
  StoreError,
  type StoreRequest,
  type StoreResult,
  type StoreSink,
} from './client.ts';
export type { StoreClock } from './clock.ts';
export type { StoreBounds } from './context.ts';
export type { StoreEvent } from './feed.ts';
export { createHttpClient, type HttpClientOptions } from './http-client.ts';
export type { StoreOptions } from './options.ts';
export type { OutboxStorage } from './outbox.ts';
export type * from './types.ts';

/** Starts reading and listening at once. */
export function createStore(options: StoreOptions): ConversationStore {
  return new Store(options);
}

class Store implements ConversationStore, Shown {
  readonly #options: StoreOptions;
  readonly #context: Context;
  readonly #listeners = new Set<() => void>();
  readonly #ticker: Ticker;
  readonly #endNetwork: () => void;
  readonly #feed: Feed;
  readonly #session: Session;
  readonly #marks: Marks;
  readonly #views: Views;
  readonly outbox: Outbox;
  readonly rows: Rows;
  readonly presence: Presence;
  readonly recalled = new Recent(rememberedIds);
  readonly timelines = new Map<ConversationId, Timeline>();
  /** Conversations that are open, and how often. */
  readonly #open = new Map<ConversationId, number>();
  #snapshot: StoreSnapshot | undefined;
  #isNotifying = false;
  #connection: Connection = 'CONNECTING';
  #wasLive = false;

  constructor(options: StoreOptions) {
    const clock = options.clock ?? realClock;
    this.#options = options;
    this.#context = {
      me: options.me,
      bounds: { ...defaultBounds, ...options.bounds },
      timers: new Timers(clock),
      now: () => clock.now(),
      request: (document, variables) => requestOf(document, variables, options.registered === true),
      run: (document, variables) =>
        this.#session.run(() => ask(options.client, this.#context.request(document, variables))),
      isDirect: (id) => (this.rows.get(id)?.counterpart?.__typename ?? 'User') === 'User',
      changed: () => this.#changed(),
    };
    this.#session = new Session(options.signIn, () => this.forget());
    this.rows = new Rows(this.#context);
    this.#marks = new Marks(this.#context, this.rows);
    this.presence = new Presence(this.#context);
    this.outbox = new Outbox(this.#context, {
      storage: options.storage,
      storesText: options.storesText === true,
      onSent: (id, message) => this.#sent(id, message),
    });
    this.#feed = new Feed(this.#context, {
      client: options.client,
      apply: (event) => {
        applyEvent(this, event);
        options.onEvent?.(event);
      },
      onLive: (isLive) => this.#setConnection(isLive ? 'LIVE' : 'CONNECTING'),
      signIn: () => this.#session.signIn(),
    });
    this.#views = new Views(this.#context, this);
    const parts = () => [this.rows, this.presence, ...this.timelines.values()];
    this.#ticker = new Ticker(this.#context, parts, () => this.refresh());
    this.#ticker.tick();
    this.#endNetwork = watchNetwork((isOnline) => this.#networkChanged(isOnline));
    if (isOffline()) this.#connection = 'OFFLINE';
    else this.#feed.start();
    this.rows.readAgain();
    this.outbox.hurry();
  }

  get me(): string {
    return this.#options.me;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): StoreSnapshot => {
    this.#snapshot ??= this.#views.snapshot(this.#connection, [...this.#open.keys()]);
    return this.#snapshot;
  };

  open(conversation: ConversationId): void {
    const times = this.#open.get(conversation) ?? 0;
    this.#open.set(conversation, times + 1);
    this.#changed();
    if (times === 0 && !this.#context.timers.has(`close ${conversation}`)) void this.readTimeline(conversation);
  }

  close(conversation: ConversationId): void {
    const times = this.#open.get(conversation) ?? 0;
    if (times > 1) this.#open.set(conversation, times - 1);
    else this.#open.delete(conversation);
    this.#changed();
    // Not at once: a component may only have been replaced.
    this.#context.timers.set(`close ${conversation}`, 0, () => this.#dropUnused());
  }

  async readOlder(conversation: ConversationId): Promise<void> {
    await this.timelines.get(conversation)?.readOlder();
  }

  async readNewer(conversation: ConversationId): Promise<void> {
    await this.timelines.get(conversation)?.readNewer();
  }

  readNewest(conversation: ConversationId): Promise<void> {
    return this.readTimeline(conversation);
  }

  refresh(): void {
    this.rows.readAgain();
    for (const id of this.#open.keys()) void this.readTimeline(id);
  }

  send(conversation: ConversationId, input: Outgoing): string {
    const key = this.outbox.send(conversation, input);
    this.presence.sent(conversation);
    if (this.timelines.get(conversation)?.hasNewer === true) void this.readTimeline(conversation);
    return key;
  }

  retry(key: string): void {
    this.outbox.retry(key);
  }

  drop(key: string): void {
    this.outbox.remove(key);
  }

  async recall(message: string): Promise<void> {
    await this.#context.run(RecallMessageDocument, { input: { message } });
    this.withdraw(message);
  }

  async markRead(conversation: ConversationId): Promise<void> {
    const timeline = this.timelines.get(conversation);
    if (timeline !== undefined) await this.#marks.read(conversation, timeline);
  }

  setTyping(conversation: ConversationId, isTyping: boolean): void {
    const row = this.rows.get(conversation);
    if (row !== undefined) this.presence.say(row, isTyping);
  }

  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    return this.#context.run(document, variables);
  }

  dispose(): void {
    this.#endNetwork();
    this.#feed.stop();
    this.#context.timers.end();
    this.#listeners.clear();
  }

  /** The items of a conversation that is open, or that has no history. */
  timelineOf(id: ConversationId): Timeline {
    const timeline = this.timelines.get(id) ?? new Timeline(this.#context, id, this.recalled);
    this.timelines.set(id, timeline);
    return timeline;
  }

  keepsItemsOf(id: ConversationId): boolean {
    const row = this.rows.get(id);
    return this.#open.has(id) || row === undefined || row.isHistoryAvailable === false;
  }

  async readTimeline(id: ConversationId): Promise<void> {
    const row = this.rows.get(id);
    if (!this.#open.has(id) || row?.isHistoryAvailable === false) return;
    const timeline = this.timelineOf(id);
    await timeline.readNewest(row?.unreadCount ?? 0);
    // Stored, though no reply or event said so.
    for (const { key } of timeline.view().items) this.outbox.remove(key);
  }

  withdraw(message: string): void {
    this.recalled.add(message);
    for (const timeline of this.timelines.values()) timeline.remove(message);
    this.rows.withdraw(message);
  }

  stored(key: string | null): void {
    this.outbox.remove(key);
  }

  delivered(message: MessageId): void {
    this.#marks.delivered(message);
  }

  forget(): void {
    this.#session.isOver = true;
    this.#feed.stop();
    this.outbox.clear();
    this.rows.clear();
    this.presence.clear();
    this.timelines.clear();
    this.#views.clear();
    this.#connection = 'SIGNED_OUT';
    this.#context.timers.end();
    this.#changed();
  }

  #sent(id: ConversationId, message: SentMessage): void {
    if (this.keepsItemsOf(id)) this.timelineOf(id).receive(message);
    this.rows.receive(id, message);
  }

  #networkChanged(isOnline: boolean): void {
    if (isOnline) this.#feed.restart();
    else this.#feed.stop();
    this.#setConnection(isOnline ? 'CONNECTING' : 'OFFLINE');
    if (isOnline) this.outbox.hurry();
  }

  #setConnection(connection: Connection): void {
    if (this.#connection === 'SIGNED_OUT' || this.#connection === connection) return;
    const isLive = connection === 'LIVE';
    // On v2 nothing says what was read on other devices while there was no connection.
    if (isLive && this.#wasLive) this.rows.readAgain();
    this.#wasLive ||= isLive;
    this.#connection = connection;
    if (isLive) this.outbox.hurry();
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    // Many changes at once are shown once.
    queueMicrotask(() => {
      this.#isNotifying = false;
      this.#dropUnused();
      this.#ticker.schedule();
      for (const listener of this.#listeners) listener();
    });
  }

  /** Timelines of conversations that are not open, unless they have no history and could not be read again. */
  #dropUnused(): void {
    for (const id of this.timelines.keys()) if (!this.keepsItemsOf(id)) this.timelines.delete(id);
  }
}
