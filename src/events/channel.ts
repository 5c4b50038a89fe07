/**
 * The relay of one credential: opens its source of events with the first subscriber, follows the status of the upstream
 * stream, and closes the source after the last. `fan-out.ts` has the events between the source and the subscribers.
 */

import type { ConnectionStatus } from '../domain/connection-status.ts';
import type { GatewayEvent } from '../domain/gateway-event.ts';
import { GatewayError } from '../errors.ts';
import type { HeldInterests } from './acknowledgement/held-interests.ts';
import { FanOut } from './fan-out.ts';
import { connectionStatus, type EventDelivery } from './record/delivery.ts';
import type { EventRecord } from './record/record.ts';
import type { ChannelSettings } from './settings.ts';
import {
  type EarlierEvent,
  type EventSource,
  type EventSourceListener,
  type EvictedEvent,
  type HistoricalEvent,
  type SourceEvent,
  SourceProxy,
} from './source/source.ts';
import type { SubscriberSet } from './subscriber/subscriber-set.ts';
import type { EventSubscription, SubscribeOptions } from './subscriber/subscription.ts';

export interface ChannelOptions {
  readonly settings: ChannelSettings;
  /** Credential key, for the log. */
  readonly caller: string;
  /** Interests of the credential, including those of subscribers of an earlier channel. */
  readonly interests: HeldInterests;
  openSource(listener: EventSourceListener): EventSource;
  /** Called for every received event, new or repeated, before it is offered to subscribers. */
  onEvent(event: GatewayEvent): void;
  /** The channel has closed and released its resources. */
  onClosed(): void;
}

export class Channel implements EventSourceListener {
  readonly #options: ChannelOptions;
  readonly #settings: ChannelSettings;
  readonly #fanOut: FanOut;
  readonly #source: EventSource;
  #status: ConnectionStatus = connectionStatus('CONNECTING');
  #lingerTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ChannelOptions) {
    const { settings, caller, interests } = options;
    this.#options = options;
    this.#settings = settings;
    // The source can deliver while it opens, so the fan-out comes first.
    const source = new SourceProxy();
    const onUnsubscribed = () => this.#closeWhenUnused();
    this.#fanOut = new FanOut({ settings, caller, interests, source, onUnsubscribed });
    this.#source = options.openSource(this);
    source.target = this.#source;
  }

  get subscriberCount(): number {
    return this.#fanOut.subscribers.size;
  }

  /** Events and bytes in the resume buffer. */
  get buffered(): FanOut['buffered'] {
    return this.#fanOut.buffered;
  }

  /** Events and bytes in the queues of all subscribers. */
  get waiting(): SubscriberSet['waiting'] {
    return this.#fanOut.subscribers.waiting;
  }

  /** @throws GatewayError `RATE_LIMITED` at the limit of subscribers of the credential. */
  subscribe(options: SubscribeOptions): EventSubscription {
    if (this.subscriberCount >= this.#settings.maxSubscribers) {
      throw new GatewayError('RATE_LIMITED', {
        message: 'Too many subscriptions of one caller.',
        retryAfterSeconds: 5,
      });
    }
    clearTimeout(this.#lingerTimer);
    const subscriber = this.#fanOut.subscribe(options, this.#status);
    if (options.cancellation?.isCancelled === true) subscriber.cancel();
    return subscriber;
  }

  /** Records ids that a client acknowledges. @returns The ids to acknowledge upstream now. */
  acknowledge(ids: readonly string[]): string[] {
    return this.#fanOut.acknowledge(ids);
  }

  /** Records that the upstream confirmed these acknowledgements. */
  confirm(ids: readonly string[]): void {
    if (this.#source.confirmed === undefined) this.#fanOut.confirm(ids);
    else this.#source.confirmed(ids);
  }

  /** Records that these acknowledgements were given up. */
  abandon(ids: readonly string[]): void {
    this.#source.abandoned?.(ids);
  }

  /** Whether acknowledgements of delivered events may be sent now. */
  get maySend(): boolean {
    return this.#source.maySend?.() ?? true;
  }

  /** Releases what has expired. Call a few times per second. */
  tick(now: number): void {
    this.#fanOut.tick(now);
    this.#source.tick(now);
  }

  /**
   * Ends every subscription with `error` and closes the stream. `last` is still delivered to subscribers that want it.
   * @returns Resolves when all subscribers have received the error.
   */
  end(error: GatewayError, last?: EventDelivery): Promise<unknown> {
    if (this.#isClosed) return Promise.resolve();
    this.onStatus(connectionStatus('CLOSED'));
    const ended = this.#fanOut.end(error, last, this.#status);
    this.#close();
    return ended;
  }

  onEvent(event: SourceEvent): void {
    if (event.received.violatesContract) this.#settings.counters.contractViolations += 1;
    this.#options.onEvent(event.received.event);
    const wipe = this.#fanOut.receive(event);
    if (wipe !== undefined) this.#wipe(wipe);
  }

  onHistory(event: HistoricalEvent): void {
    this.#fanOut.history.add(event);
  }

  onEarlier(events: readonly EarlierEvent[], before: string): void {
    this.#fanOut.history.addEarlier(events, before);
  }

  onEvicted(event: EvictedEvent): void {
    this.#fanOut.history.addEvicted(event);
  }

  onAcknowledged(ids: readonly string[]): void {
    this.#fanOut.history.acknowledged(ids);
  }

  onGap(after?: string): void {
    this.#fanOut.history.gap(after);
  }

  isKnown(id: string): boolean {
    return this.#fanOut.isKnown(id);
  }

  onMalformed(): void {
    this.#settings.counters.malformed += 1;
    this.#settings.log.warn('malformed event frame', { caller: this.#options.caller });
  }

  onOversized(): void {
    this.#settings.counters.oversized += 1;
  }

  onStatus(next: ConnectionStatus): void {
    const [isLost, wasLost] = [next, this.#status].map(({ state }) => state === 'RECONNECTING');
    if (isLost === true && wasLost === false) {
      this.#settings.counters.reconnects += 1;
      this.#settings.streams.lost();
    } else if (wasLost === true && (next.state === 'LIVE' || next.state === 'REPLAYING')) this.#settings.streams.back();
    this.#status = next;
    this.#fanOut.order.statusChanged(next.state);
    this.#fanOut.subscribers.pushStatus(next);
  }

  onReplayed(): void {
    this.#fanOut.replayed();
  }

  onCredentialRejected(error: GatewayError): void {
    void this.end(error);
  }

  /** Remote sign-out. The gateway acts on the event and therefore acknowledges it, as the official client does (EVENTS §5). */
  #wipe(record: EventRecord): void {
    if (record.isStored) this.#source.settle(record.id, 'acknowledged');
    const error = new GatewayError('UNAUTHENTICATED', { message: 'The account was signed out everywhere.' });
    void this.end(error, record.delivery);
  }

  /** Closes after `lingerMs` without subscribers; at once when their clients resume at another process. */
  #closeWhenUnused(): void {
    if (this.#isClosed || this.subscriberCount > 0) return;
    clearTimeout(this.#lingerTimer);
    const lingerMs = this.#source.isDraining === true ? 0 : this.#settings.lingerMs;
    this.#lingerTimer = setTimeout(() => this.#close(), lingerMs);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#lingerTimer);
    this.#fanOut.close();
    this.#source.close();
    this.#options.onClosed();
  }
}
