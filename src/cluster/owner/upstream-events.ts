/** Handles the events and status of a shared source's upstream stream while it is open here: as owner, or standing alone. */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayError } from '../../errors.ts';
import { ReplayOrder } from '../../events/source/replay-order.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import type { EventStreamListener } from '../../upstream/event-stream/stream.ts';
import type { Replays } from '../follower/replays.ts';
import { createKnownEvent, createSharedEvent, type SharedEvent } from '../log/shared-event.ts';
import { trace } from '../log/trace.ts';
import type { SourceStateHolder } from '../source/source-state.ts';
import { type HeldStream, isWorking } from './held-stream.ts';

export interface UpstreamEventsOptions {
  readonly source: SourceStateHolder;
  readonly replays: Replays;
  /** Called after construction. */
  stream(): HeldStream;
  /** An event became known. */
  onKnown(): void;
  /** A message was recalled. @param message Its token. */
  onRecalled(message: string): void;
  /** Another replica may own the stream. */
  resolveOwner(): void;
}

/** Time for which a connection without proof waits for Redis, and then for the proof, before a gap is reported. */
const awaitRedisMs = 1_000;
const awaitProofMs = 3_000;
/** Maximum part of that time between two checks: a process that slept tries Redis first. */
const maxCheckMs = 250;
/** Maximum pause for a follower that does not catch up. */
const maxLagMs = 2_000;
/** Share of the maximum with content that may wait for Redis: events beyond the maximum are appended without content. */
const maxBacklog = 0.5;
/** Time without a successful append after which reading continues without Redis. */
const maxStuckMs = 50;

/** A connection without proof that it lacks nothing. Its events are held. */
interface UnprovenConnection {
  /** Of the stream. */
  readonly generation: number;
  /** On the clock of `performance`. */
  readonly connectedAt: number;
  readonly checkedAt: number;
  /** How long the awake process has waited. */
  readonly waitedMs: number;
}

export class UpstreamEvents implements EventStreamListener {
  readonly #options: UpstreamEventsOptions;
  readonly #source: SourceStateHolder;
  readonly #order = new ReplayOrder<string>();
  #lag = 0;
  #lagSince = 0;
  #unproven: UnprovenConnection | undefined;

  constructor(options: UpstreamEventsOptions) {
    this.#options = options;
    this.#source = options.source;
  }

  onEvent(received: ReceivedEvent, length: number, text: string | undefined): void {
    const source = this.#source;
    const { id, isStored } = received;
    const now = Date.now();
    if (!isStored) {
      source.listener.onEvent({ received, length, receivedAt: now });
      if (text !== undefined) source.term?.appendTransient({ eventId: id, text, receivedAt: now });
      return;
    }
    const known = source.table.find(id);
    if (known !== undefined || source.listener.isKnown(id)) {
      this.#repeated(known, received, length, text);
      return;
    }
    const arrived = { received, length, receivedAt: now, overtakenBy: this.#order.arrived(id, received.event) };
    const event = createSharedEvent(arrived, text);
    source.table.add(event);
    source.hasDelivered = true;
    if (source.term?.isEnded !== false) source.newestUnwritten = id;
    trace(source.options.name, 'received', id, source.term?.token ?? source.state);
    if (received.event.type === 'MESSAGE_RECALLED') this.#options.onRecalled(received.event.message);
    // First, so that an event that ends the channel is still written.
    source.term?.append(event);
    source.listener.onEvent(arrived);
    this.#options.onKnown();
    this.applyBackpressure();
  }

  onMalformed(): void {
    this.#source.listener.onMalformed();
  }

  onOversized(): void {
    this.#source.listener.onOversized();
  }

  onStatus(status: ConnectionStatus): void {
    const source = this.#source;
    const wasWorking = isWorking(source.status);
    this.#order.statusChanged(status.state);
    source.setStatus(status);
    source.sendToFollowers((owned) => ({ ...owned, k: 'status', status }));
    if (isWorking(status) && !wasWorking) this.#connected();
  }

  onReplayed(): void {
    this.#order.ended();
    this.#source.listener.onReplayed();
    if (this.#source.term !== undefined) this.#options.replays.ended(this.#source.term.token);
  }

  onCredentialRejected(error: GatewayError): void {
    const code = error.code === 'FORBIDDEN' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
    this.#source.sendToFollowers((owned) => ({ ...owned, k: 'rejected', code }));
    this.#source.listener.onCredentialRejected(error);
  }

  /** Pauses reading while a follower is far behind and catches up, and while events arrive faster than Redis takes them. */
  applyBackpressure(): void {
    const { term, options } = this.#source;
    if (term === undefined) return;
    const { lag, backlog } = term;
    const now = performance.now();
    if (lag < this.#lag || lag === 0) this.#lagSince = now;
    this.#lag = lag;
    const stream = this.#options.stream();
    if (lag > options.bounds.events / 2 && now - this.#lagSince < maxLagMs) stream.pause('followers');
    else stream.resume('followers');
    const isTaking = options.membership.isUp && !term.isStuck(maxStuckMs);
    if (backlog > maxBacklog && isTaking) stream.pause('log');
    else if (backlog < maxBacklog / 2 || !isTaking) stream.resume('log');
  }

  #repeated(known: SharedEvent | undefined, received: ReceivedEvent, length: number, text: string | undefined): void {
    const { table, listener, term, options } = this.#source;
    let event = known;
    if (event === undefined) {
      event = createKnownEvent(received.id, text === undefined ? 'e' : 'f', Date.now(), Number.POSITIVE_INFINITY);
      event.isLogged = true;
      table.add(event);
    }
    const { id, receivedAt } = event;
    trace(options.name, 'repeated', id, term?.token ?? this.#source.state);
    if (!listener.isKnown(id)) listener.onEvicted({ id, receivedAt, isRevoked: event.isRevoked });
    if (event.isBeforeGap) {
      // The event is unacknowledged, so it belongs to the history after the gap.
      event.isBeforeGap = false;
      if (text !== undefined) table.restore(event, text);
      if (!event.isLogged) term?.appendAgain(event);
    }
    // The acknowledgement was lost, or arrived after the upstream had begun to repeat.
    if (event.isConfirmed && term !== undefined) options.acknowledge(id);
    listener.onEvent({ received, length, receivedAt });
    if (term !== undefined) this.#options.replays.repeated(term.token, event, received, text);
  }

  /** A new connection repeats unacknowledged events: it lacks those that another owner may have acknowledged since the loss. */
  #connected(): void {
    const source = this.#source;
    const { membership, leaseMs, log } = source.options;
    const stream = this.#options.stream();
    const { connectedAt, generation } = stream;
    if (source.proof.connected() || !source.proof.isOlderThan(leaseMs / 2, connectedAt)) {
      stream.markWhole();
      return;
    }
    const { term } = source;
    if (term === undefined || !membership.isUp) {
      this.#awaitProof();
      return;
    }
    const sentAt = performance.now();
    const reason = {};
    stream.hold(reason);
    log
      .join()
      .then(
        ({ token }) => {
          // Otherwise the log has the missing events, or its history proves that none is missing.
          if (token !== term.token) this.#options.resolveOwner();
          else {
            source.proof.written(sentAt);
            stream.markWhole();
          }
        },
        () => {
          if (stream.generation === generation) this.#awaitProof();
        },
      )
      .finally(() => stream.release(reason));
  }

  /**
   * Redis may come back together with the upstream: with its place, a replica gets what it missed and needs no gap. Subscribers
   * wait for that no longer than the connection itself may take.
   */
  #awaitProof(): void {
    const stream = this.#options.stream();
    const { connectedAt, generation } = stream;
    if (!this.#source.proof.isOlderThan(this.#source.options.leaseMs, connectedAt)) {
      stream.markWhole();
      return;
    }
    this.#unproven = { connectedAt, generation, checkedAt: performance.now(), waitedMs: 0 };
    stream.hold('proof');
    if (this.#source.options.membership.isUp) this.#options.resolveOwner();
  }

  /** Checks whether it is now proven that the connection lacks nothing. Call a few times per second, and after each transition. */
  checkProof(): void {
    if (this.#unproven === undefined) return;
    const { connectedAt, generation, checkedAt } = this.#unproven;
    const now = performance.now();
    const waitedMs = this.#unproven.waitedMs + Math.min(now - checkedAt, maxCheckMs);
    const { proof, options } = this.#source;
    const stream = this.#options.stream();
    const isGone = stream.generation !== generation;
    const isProven = !proof.isOlderThan(options.leaseMs, connectedAt);
    // A failed attempt to get the place is followed by another.
    const waitMs = options.membership.isUp ? awaitProofMs : awaitRedisMs;
    if (!isGone && !isProven && waitedMs < waitMs) {
      this.#unproven = { connectedAt, generation, checkedAt: now, waitedMs };
      return;
    }
    this.#unproven = undefined;
    if (!isGone && !isProven) this.#source.gap('connected without proof');
    if (!isGone) stream.markWhole();
    stream.release('proof');
  }
}
