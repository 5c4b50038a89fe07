/**
 * The origin of a channel's events, which also receives the outcome of each event at the channel's subscribers. `UpstreamSource` is
 * an upstream stream of this process; a source that shares one stream between processes has the same interface.
 */

import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayError } from '../../errors.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import type { EventStream, EventStreamListener } from '../../upstream/event-stream/stream.ts';

/**
 * Outcome of a stored event at the subscribers of this process. `delivered`: an AUTO subscriber received it, and no subscriber waits
 * for it or holds it. `acknowledged`: a client acknowledged it. `held`: a MANUAL subscriber holds it. `unwanted`: no subscriber
 * wants it. `queued`: an AUTO subscriber waits for it, as for each new event before its first outcome. All but `acknowledged`
 * can change later.
 */
export type DeliveryOutcome = 'delivered' | 'acknowledged' | 'held' | 'unwanted' | 'queued';

/** An event as a source delivers it. */
export interface SourceEvent {
  readonly received: ReceivedEvent;
  /** Length of the frame in characters. */
  readonly length: number;
  /** When the gateway received it first, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /**
   * From a shared source: id of the first event that a replay delivered ahead of it, although that one may be newer
   * (`replay-order.ts`). Undefined when none is known.
   */
  readonly overtakenBy?: string | undefined;
}

/** An event from before the channel. */
export interface HistoricalEvent extends SourceEvent {
  /** It was delivered to a subscriber of another process. */
  readonly wasDelivered: boolean;
}

/** An event from before the channel without its content: the upstream has it while it is unacknowledged. */
export interface EvictedEvent extends Pick<SourceEvent, 'receivedAt' | 'overtakenBy'> {
  readonly id: string;
  /** The message expired or was recalled: the content is never needed again. */
  readonly isRevoked: boolean;
}

/** An event from before the channel that is older than a known one. */
export interface EarlierEvent extends Omit<HistoricalEvent, 'received'> {
  readonly id: string;
  /** Undefined without its content: the upstream has it while it is unacknowledged. */
  readonly received: ReceivedEvent | undefined;
}

export interface EventSourceListener extends Omit<EventStreamListener, 'onEvent'> {
  /** A new event, or a repeat of one under its id. */
  onEvent(event: SourceEvent): void;
  /** An event from before the channel: for subscribers that join or resume, and not offered to the current ones. */
  onHistory(event: HistoricalEvent): void;
  /** As `onHistory`, for events older than a known one. @param before Id of the known event. */
  onEarlier(events: readonly EarlierEvent[], before: string): void;
  /** As `onHistory`, for an event without its content. */
  onEvicted(event: EvictedEvent): void;
  /** The upstream has the acknowledgements of these events; another process may have sent them. */
  onAcknowledged(ids: readonly string[]): void;
  /**
   * Events may be missing for all current subscribers, between the last one and the next.
   * @param after Id of an earlier event: those between it and the last one, which are known now, came too late for them.
   */
  onGap(after?: string): void;
  /** The channel remembers the id of a stored event. */
  isKnown(id: string): boolean;
}

export interface EventSource {
  /** Stops events, so that backpressure reaches the upstream; no event is lost. */
  pause(): void;
  resume(): void;
  /** Requests a replay of all unacknowledged events; `onReplayed` follows it. */
  reopen(): void;
  close(): void;
  /**
   * Reports an outcome. Repeated reports are allowed. A source that several processes share acknowledges when all of them allow it,
   * and reports it (`onAcknowledged`).
   */
  settle(id: string, outcome: DeliveryOutcome): void;
  /**
   * @param isPositionUnknown The subscriber resumes after an event that the channel does not know.
   * @param after Id of that event.
   * @returns When a new subscriber can be given its backlog; undefined: now.
   */
  placement(isPositionUnknown: boolean, after?: string): Promise<void> | undefined;
  /** The upstream has confirmed the acknowledgement of these events. */
  confirmed?(ids: readonly string[]): void;
  /** The acknowledgement of these events was given up; the source may request it again. */
  abandoned?(ids: readonly string[]): void;
  /** Whether an acknowledgement requested earlier may still be sent. Default: yes. */
  maySend?(): boolean;
  /** Whether other processes take the stream over: it is then closed with its last subscriber. Default: no. */
  readonly isDraining?: boolean;
  /** The message of the event expired or was recalled: its content must go everywhere. */
  withdraw(id: string): void;
  /** Called a few times per second. @param now Milliseconds since the epoch. */
  tick(now: number): void;
}

/** Forwards to a source that opens later. Calls before that do nothing: no event has come yet. */
export class SourceProxy implements Omit<EventSource, 'close' | 'tick'> {
  target: EventSource | undefined;

  pause(): void {
    this.target?.pause();
  }

  resume(): void {
    this.target?.resume();
  }

  reopen(): void {
    this.target?.reopen();
  }

  settle(id: string, outcome: DeliveryOutcome): void {
    this.target?.settle(id, outcome);
  }

  placement(isPositionUnknown: boolean, after?: string): Promise<void> | undefined {
    return this.target?.placement(isPositionUnknown, after);
  }

  withdraw(id: string): void {
    this.target?.withdraw(id);
  }
}

/** What a source needs of an upstream stream. */
export type Stream = Pick<EventStream, 'pause' | 'resume' | 'reopen' | 'close'>;

export interface UpstreamSourceOptions {
  openStream(listener: EventStreamListener): Stream;
  /** Queues the acknowledgement of an event. Repeated ids are ignored. */
  acknowledge(id: string): void;
}

/** One upstream stream of this process. An event is acknowledged as soon as the subscribers here have it. */
export class UpstreamSource implements EventSource, EventStreamListener {
  readonly #options: UpstreamSourceOptions;
  readonly #listener: EventSourceListener;
  readonly #stream: Stream;

  constructor(options: UpstreamSourceOptions, listener: EventSourceListener) {
    this.#options = options;
    this.#listener = listener;
    this.#stream = options.openStream(this);
  }

  onEvent(received: ReceivedEvent, length: number): void {
    this.#listener.onEvent({ received, length, receivedAt: Date.now() });
  }

  onMalformed(): void {
    this.#listener.onMalformed();
  }

  onOversized(): void {
    this.#listener.onOversized();
  }

  onStatus(status: ConnectionStatus): void {
    this.#listener.onStatus(status);
  }

  onReplayed(): void {
    this.#listener.onReplayed();
  }

  onCredentialRejected(error: GatewayError): void {
    this.#listener.onCredentialRejected(error);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  reopen(): void {
    this.#stream.reopen();
  }

  close(): void {
    this.#stream.close();
  }

  settle(id: string, outcome: DeliveryOutcome): void {
    if (outcome === 'delivered' || outcome === 'acknowledged') this.#options.acknowledge(id);
  }

  placement(): undefined {}

  withdraw(): void {}

  tick(): void {}
}
