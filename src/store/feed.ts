/** The live events: subscribes again when the subscription ends, applies each event once, and then acknowledges it. */
import {
  AcknowledgeEventsDocument,
  ConnectionStatusDocument,
  type ConnectionStatusSubscription,
  ConversationEventsDocument,
  type ConversationEventsSubscription,
  type EventId,
} from '../documents.ts';
import { type StoreClient, type StoreError, storeError } from './client.ts';
import { delayOf } from './clock.ts';
import { type Context, rememberedIds } from './context.ts';
import { Recent } from './recent.ts';
import type { Session } from './session.ts';

export type StoreEvent = ConversationEventsSubscription['events'];

/** Id of all transient events, such as typing: they cannot be acknowledged or resumed from. */
const transientId = '00000000-0000-0000-0000-000000000001';
/** Milliseconds before the next subscription: doubled each time, up to `most`. */
const delayMs = { first: 250, most: 15_000 } as const;
/** Maximum ids of one acknowledgement, maximum ids retained after failed ones, and milliseconds for which ids are collected. */
const maxAcknowledged = 50;
const maxUnacknowledged = 1_000;
const acknowledgeAfterMs = 200;

export class Feed {
  readonly #context: Context;
  readonly #client: StoreClient;
  readonly #session: Session;
  readonly #apply: (event: StoreEvent) => void;
  readonly #onLive: (isLive: boolean) => void;
  readonly #seen = new Recent(rememberedIds);
  readonly #ends = new Map<string, () => void>();
  readonly #attempts = new Map<string, number>();
  #done: EventId[] = [];
  #last: EventId | undefined;
  #isUpstreamLive = false;

  /** @param onLive Called with whether events arrive live. */
  constructor(
    context: Context,
    client: StoreClient,
    session: Session,
    apply: (event: StoreEvent) => void,
    onLive: (isLive: boolean) => void,
  ) {
    this.#context = context;
    this.#client = client;
    this.#session = session;
    this.#apply = apply;
    this.#onLive = onLive;
  }

  start(): void {
    this.#follow('status');
    this.#follow('events');
  }

  stop(): void {
    for (const name of ['status', 'events']) this.#context.timers.clear(name);
    for (const end of this.#ends.values()) end();
    this.#isUpstreamLive = false;
    this.#ends.clear();
    this.#report();
  }

  /** Subscribes without backoff, because the network may be back. */
  restart(): void {
    this.stop();
    this.#attempts.clear();
    this.start();
  }

  #follow(name: 'status' | 'events'): void {
    let isOver = false;
    let last: unknown;
    const end = (error?: unknown) => {
      if (isOver) return;
      isOver = true;
      this.#ends.delete(name);
      if (name === 'status') this.#isUpstreamLive = false;
      this.#report();
      void this.#again(name, storeError(error));
    };
    const stop = this.#client.subscribe(
      name === 'status'
        ? this.#context.request(ConnectionStatusDocument, {})
        : // Unacknowledged events are replayed, on this connection or the next.
          this.#context.request(ConversationEventsDocument, { acknowledge: 'MANUAL', after: this.#last ?? null }),
      {
        next: ({ data, errors }) => {
          if (isOver) return;
          last = errors;
          // Without data, the end follows or the subscription continues. Beside data, a part of the event could not be read.
          if (data == null) return;
          this.#attempts.delete(name);
          // Of the documents above.
          if (name === 'events') this.#take((data as ConversationEventsSubscription).events);
          else this.#isUpstreamLive = (data as ConnectionStatusSubscription).connectionStatus.state === 'LIVE';
          this.#report();
        },
        error: end,
        complete: () => end(last),
      },
    );
    if (isOver) return;
    this.#ends.set(name, () => {
      isOver = true;
      stop();
    });
    this.#report();
  }

  #report(): void {
    this.#onLive(this.#isUpstreamLive && this.#ends.size === 2);
  }

  async #again(name: 'status' | 'events', error: StoreError): Promise<void> {
    if (error.code === 'UNAUTHENTICATED') {
      // Without a new credential, the store ends.
      await this.#session.signIn().catch(() => undefined);
    }
    const attempts = this.#attempts.get(name) ?? 0;
    this.#attempts.set(name, attempts + 1);
    const ms = Math.max(delayOf(delayMs, attempts), error.retryAfterMs);
    this.#context.timers.set(name, ms, () => this.#follow(name));
  }

  #take(event: StoreEvent): void {
    const { id, __typename: type } = event;
    const isStored = id !== transientId;
    const isGap = type === 'SubscriptionGap';
    if (!isStored || this.#seen.add(id) || isGap) this.#apply(event);
    if (!isStored) return;
    // The id of a gap is the requested one, which may be unknown to the gateway.
    this.#last = isGap ? undefined : id;
    // After the event was applied: if the page closes before, the event is replayed.
    this.#done.push(id);
    if (this.#done.length === maxAcknowledged) this.#acknowledge();
    else this.#context.timers.start('acknowledge', acknowledgeAfterMs, () => this.#acknowledge());
  }

  #acknowledge(): void {
    const input = { eventIds: this.#done };
    this.#done = [];
    this.#context.timers.clear('acknowledge');
    // Without an acknowledgement, events are replayed.
    void this.#context.run(AcknowledgeEventsDocument, { input }).catch(() => {
      this.#done = [...input.eventIds, ...this.#done].slice(-maxUnacknowledged);
    });
  }
}
