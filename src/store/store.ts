/**
 * The package's `./store`: the state that a messaging front end displays, kept up to date by live events, over any client that runs
 * the typed documents. No framework, no dependency. `README.md` in this folder shows it in several frameworks.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type ConversationId, RecallMessageDocument } from '../documents.ts';
import { dataOf, requestOf } from './client.ts';
import { realClock, Timers } from './clock.ts';
import { type Context, defaultBounds } from './context.ts';
import { applyEvent, type Shown } from './events.ts';
import { Feed, type StoreEvent } from './feed.ts';
import { Marks } from './marks.ts';
import { isOffline, watchNetwork } from './network.ts';
import type { StoreOptions } from './options.ts';
import { Outbox, type SentMessage } from './outbox.ts';
import { Presence } from './presence.ts';
import { Rows } from './rows.ts';
import { Session } from './session.ts';
import { Ticker } from './ticker.ts';
import { Timelines } from './timelines.ts';
import type { ConnectionState, ConversationStore, Outgoing, StoreSnapshot } from './types.ts';
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

/** Starts reading and subscribing at once. */
export function createStore(options: StoreOptions): ConversationStore {
  return new Store(options);
}

class Store implements ConversationStore, Shown {
  declare readonly me: string;
  readonly #context: Context;
  readonly #listeners = new Set<() => void>();
  readonly #ticker: Ticker;
  readonly #endNetwork: () => void;
  readonly #feed: Feed;
  readonly #session: Session;
  declare readonly marks: Marks;
  readonly #views: Views;
  declare readonly outbox: Outbox;
  declare readonly rows: Rows;
  declare readonly presence: Presence;
  declare readonly timelines: Timelines;
  #snapshot: StoreSnapshot | undefined;
  #isNotifying = false;
  #connection: ConnectionState = 'CONNECTING';
  #wasLive = false;

  constructor(options: StoreOptions) {
    const clock = options.clock ?? realClock;
    this.me = options.me;
    this.#context = {
      me: options.me,
      bounds: { ...defaultBounds, ...options.bounds },
      timers: new Timers(clock),
      now: () => clock.now(),
      request: (document, variables) => requestOf(document, variables, options.registered),
      run: (document, variables) =>
        this.#session.run(() => dataOf(options.client, this.#context.request(document, variables))),
      isDirect: (id) => (this.rows.get(id)?.counterpart?.__typename ?? 'User') === 'User',
      changed: () => this.#changed(),
    };
    this.#session = new Session(options.signIn, () => this.forget());
    this.rows = new Rows(this.#context);
    this.marks = new Marks(this.#context, this.rows);
    this.presence = new Presence(this.#context);
    this.outbox = new Outbox(this.#context, options, (id, message) => this.#sent(id, message));
    this.timelines = new Timelines(this.#context, this.rows, this.outbox);
    const apply = (event: StoreEvent) => {
      applyEvent(this, event);
      options.onEvent?.(event);
    };
    this.#feed = new Feed(this.#context, options.client, this.#session, apply, (isLive) =>
      this.#setConnection(isLive ? 'LIVE' : 'CONNECTING'),
    );
    this.#views = new Views(this.#context, this);
    const parts = () => [this.rows, this.presence, ...this.timelines.values()];
    this.#ticker = new Ticker(this.#context, parts, () => this.refresh());
    this.#ticker.tick();
    this.#endNetwork = watchNetwork((isOnline) => this.#networkChanged(isOnline));
    if (isOffline()) this.#connection = 'OFFLINE';
    else this.#feed.start();
    this.rows.readAgain();
    this.outbox.retryNow();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): StoreSnapshot => {
    this.#snapshot ??= this.#views.snapshot(this.#connection);
    return this.#snapshot;
  };

  open(conversation: ConversationId): void {
    const isFirst = this.timelines.show(conversation, 1) === 1;
    if (isFirst && !this.#context.timers.has(`close ${conversation}`)) void this.timelines.read(conversation);
  }

  close(conversation: ConversationId): void {
    this.timelines.show(conversation, -1);
    // Delayed, because a component may only have been remounted.
    this.#context.timers.set(`close ${conversation}`, 0, () => this.timelines.dropUnused());
  }

  async readOlder(conversation: ConversationId): Promise<void> {
    await this.timelines.get(conversation)?.readOn(true);
  }

  async readNewer(conversation: ConversationId): Promise<void> {
    await this.timelines.get(conversation)?.readOn(false);
  }

  readNewest(conversation: ConversationId): Promise<void> {
    this.timelines.get(conversation)?.toEnd();
    return this.timelines.read(conversation);
  }

  refresh(): void {
    this.rows.readAgain();
    for (const id of this.timelines.open) void this.timelines.read(id);
  }

  send(conversation: ConversationId, input: Outgoing): string {
    const key = this.outbox.send(conversation, input);
    this.presence.sent(conversation);
    if (this.timelines.get(conversation)?.toEnd() === true) void this.timelines.read(conversation);
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
    if (timeline !== undefined) await this.marks.read(conversation, timeline);
  }

  setTyping(conversation: ConversationId, isTyping: boolean): void {
    const row = this.rows.get(conversation);
    if (row !== undefined) this.presence.sendTyping(row, isTyping);
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

  withdraw(message: string): void {
    this.timelines.recalled.add(message);
    for (const timeline of this.timelines.values()) timeline.remove(message);
    this.rows.withdraw(message);
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
    if (this.timelines.stores(id)) this.timelines.of(id).receive(message);
    this.rows.receive(id, message);
  }

  #networkChanged(isOnline: boolean): void {
    if (isOnline) this.#feed.restart();
    else this.#feed.stop();
    this.#setConnection(isOnline ? 'CONNECTING' : 'OFFLINE');
    if (isOnline) this.outbox.retryNow();
  }

  #setConnection(connection: ConnectionState): void {
    if (this.#connection === 'SIGNED_OUT' || this.#connection === connection) return;
    const isLive = connection === 'LIVE';
    // On v2 nothing reports what was read on other devices during a disconnection.
    if (isLive && this.#wasLive) this.rows.readAgain();
    this.#wasLive ||= isLive;
    this.#connection = connection;
    if (isLive) this.outbox.retryNow();
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    // Several changes in one turn notify the listeners once.
    queueMicrotask(() => {
      this.#isNotifying = false;
      this.timelines.dropUnused();
      this.#ticker.schedule();
      for (const listener of this.#listeners) listener();
    });
  }
}
