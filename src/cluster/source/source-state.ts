/** The shared state of one source's parts: its role among the replicas, and what it knows of the stream. */
import { randomBytes } from 'node:crypto';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { OwnChange } from '../../domain/gateway-event.ts';
import { connectionStatus } from '../../events/record/delivery.ts';
import type { EventSourceListener, Stream } from '../../events/source/source.ts';
import type { EventStreamListener } from '../../upstream/event-stream/stream.ts';
import type { LogFollower } from '../follower/log-follower.ts';
import type { EventLog } from '../log/event-log.ts';
import { EventTable, type TableBounds } from '../log/event-table.ts';
import { trace } from '../log/trace.ts';
import type { Membership } from '../membership/membership.ts';
import type { Message } from '../membership/message.ts';
import type { LeaseTerm } from '../owner/lease-term.ts';
import type { ClaimReason } from './claim.ts';
import { Proof } from './proof.ts';

/** `joining`: the role is being resolved. `alone`: Redis is unreachable, so the stream is open and nothing is acknowledged. */
export type SourceState = 'joining' | 'owner' | 'follower' | 'alone' | 'closed';

export interface SharedSourceOptions {
  /** Keyed hash of the credential. */
  readonly name: string;
  /** Id of this replica. */
  readonly replica: string;
  readonly log: EventLog;
  readonly membership: Membership;
  /** All messages that the inbox had at this time have been received, on the clock of `performance`. */
  inboxProvenAt(): number;
  readonly leaseMs: number;
  /** Maximum time for which the source stands alone because the log lacks events of its own stream. */
  readonly maxBehindMs: number;
  /** `MANUAL_HOLD_MS`. */
  readonly holdMs: number;
  readonly bounds: TableBounds;
  /** Resolves when an earlier source of the same caller has left. */
  readonly ready: Promise<void>;
  /** @param onSent The inbox of the receiver has it. */
  send(to: string, message: Message, onSent?: () => void): void;
  openStream(listener: EventStreamListener): Stream;
  /** Queues an acknowledgement. */
  acknowledge(id: string): void;
  /** Relays a message that the caller sent through another replica. */
  publishOwn(event: OwnChange): void;
  /** Drops the acknowledgements that are queued and were not sent. */
  discardAcknowledgements(): void;
  /** @param left Resolves when other replicas can go on without this one. */
  onLeaving(left: Promise<void>): void;
  onState(state: SourceState, reason: ClaimReason | undefined, durationMs: number): void;
  /** Content in Redis could not be decrypted. */
  onUnreadable(): void;
}

/**
 * Maximum time in which a replica that stands alone while Redis answers gets its place again, unless Redis fails for this caller.
 */
const placeWithinMs = 3_500;

export class SourceStateHolder {
  readonly options: SharedSourceOptions;
  readonly listener: EventSourceListener;
  readonly table: EventTable;
  /** Set while this replica owns the stream. */
  term: LeaseTerm | undefined;
  /** Set while it follows another. */
  follower: LogFollower | undefined;
  /** A transition is in progress. */
  isSearching = false;
  /** Start of that search. All times here are on the clock of `performance`. */
  searchedSince = performance.now();
  /** When the upstream had repeated everything unacknowledged; infinite before. */
  replayedAt = Number.POSITIVE_INFINITY;
  /** An event was delivered to the channel. */
  hasDelivered = false;
  /** A subscriber has got its place. */
  hasPlaced = false;
  /** The newest event received without being written to a log. */
  newestUnwritten: string | undefined;
  /** The history of the events in memory; undefined before the first log. */
  history: string | undefined;
  /** A gap was reported within this history. */
  hasGap = false;
  /** Number up to which the log was read or written. */
  readTo = 0;
  /** Token of the last lease term whose logged events are in memory. */
  newestTerm = 0;
  readonly proof: Proof;
  /** Since when the log has lacked events of the own stream of a source that stands alone, and until when it does not resolve the owner. */
  #behindSince: number | undefined;
  #resolveFrom = 0;
  /** Token of the lease term in which the last gap was reported. */
  #gapIn: string | undefined;
  #state: SourceState = 'joining';
  #status: ConnectionStatus = connectionStatus('CONNECTING');

  constructor(options: SharedSourceOptions, listener: EventSourceListener) {
    this.options = options;
    this.listener = listener;
    this.table = new EventTable(options.bounds);
    this.proof = new Proof({
      heartbeatAt: () => options.membership.provenAt,
      inboxAt: () => options.inboxProvenAt(),
      hasPlace: () => this.term !== undefined || this.follower !== undefined,
    });
  }

  get state(): SourceState {
    return this.#state;
  }

  /** Status of the upstream stream as reported to the channel. */
  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Whether subscribers can get their place. */
  get isInStep(): boolean {
    return !this.isSearching && this.#state !== 'joining' && this.#state !== 'closed';
  }

  /** Whether subscribers here may have received events: after that, none may be missing without a gap. */
  get hasClients(): boolean {
    return this.hasDelivered || this.hasPlaced;
  }

  /**
   * Time up to which the state of the other replicas is known, on the clock of `performance`. A follower learns it through Redis;
   * so does a source that stands alone while Redis answers, unless that takes long.
   */
  get knownUntil(): number {
    const { membership } = this.options;
    if (this.#state === 'follower') return membership.promptAt;
    return performance.now() - (this.#state === 'alone' && membership.isUp ? placeWithinMs : 0);
  }

  /** Whether the log lacked events of the own stream lately: the owner is not resolved again yet. */
  get isWaitingForLog(): boolean {
    return performance.now() < this.#resolveFrom;
  }

  /** Milliseconds for which the log has lacked events of the own stream; 0 when it lacks none. */
  get behindMs(): number {
    return performance.now() - (this.#behindSince ?? performance.now());
  }

  /**
   * The log lacks events of the own stream. The wait doubles each time.
   * @param leastMs Milliseconds of the first wait until the owner is resolved again.
   */
  logBehind(leastMs: number): void {
    const now = performance.now();
    this.#behindSince ??= now;
    this.#resolveFrom = now + Math.max(leastMs, now - this.#behindSince);
  }

  /** Ends that wait: the source owns or follows, or Redis is back and may hold other data. */
  resetLogBehind(): void {
    this.#behindSince = undefined;
    this.#resolveFrom = 0;
  }

  /** @param reason Reason of the claim. */
  enter(state: SourceState, reason?: ClaimReason): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    if (state !== 'alone') this.resetLogBehind();
    const token = this.term?.token ?? this.follower?.ownership.token ?? '';
    trace(this.options.name, `state ${state}`, '', `${reason ?? ''} ${token} # ${this.proof.ages}`);
    this.options.onState(state, reason, performance.now() - this.searchedSince);
  }

  /** Reports the status of the stream to the channel. */
  setStatus(status: ConnectionStatus): void {
    this.replayedAt = status.state === 'LIVE' ? Math.min(this.replayedAt, performance.now()) : Number.POSITIVE_INFINITY;
    const isFirst = this.#status.state === 'CONNECTING';
    const next: ConnectionStatus =
      status.state === 'CONNECTING' && !isFirst ? { ...status, state: 'RECONNECTING' } : status;
    if (next.state === 'RECONNECTING' && this.#status.state === 'RECONNECTING' && next.attempt <= 1) return;
    this.#status = next;
    if (this.#state !== 'closed') this.listener.onStatus(next);
  }

  /**
   * Reports that events may be missing after the last one to all current subscribers. The events before the gap belong to a history
   * that nothing continues.
   */
  gap(why: string): void {
    if (!this.hasClients) return;
    trace(
      this.options.name,
      'gap',
      '',
      `${why} # ${this.proof.ages} up ${this.options.membership.isUp} searching ${this.isSearching}`,
    );
    for (const event of this.table.all()) event.isBeforeGap = true;
    this.hasGap = true;
    this.#gapIn = this.term?.token;
    this.listener.onGap();
  }

  /**
   * A write that only the owner can make was sent at `sentAt`.
   * @param to Number of the last event in it.
   */
  written(token: string, sentAt: number, to: number): void {
    this.proof.written(sentAt);
    this.readTo = Math.max(this.readTo, to);
    this.newestTerm = Math.max(this.newestTerm, Number(token));
    // No other replica has owned the stream since the gap.
    if (this.#gapIn === token) this.closeGap();
  }

  /** It is proven that nothing was missing at the last gap. */
  closeGap(): void {
    if (!this.hasGap) return;
    this.#gapIn = undefined;
    this.hasGap = false;
    for (const event of this.table.all()) event.isBeforeGap = false;
  }

  /** History that this replica proposes when it claims a log without one: its own, or a new one. */
  historyToClaim(isWhole: boolean): string {
    return isWhole && !this.hasGap && this.history !== undefined ? this.history : randomBytes(9).toString('base64url');
  }

  /** Sends a message to all followers. */
  sendToFollowers(messageOf: (owned: { readonly n: string; readonly t: string }) => Message): void {
    if (this.term === undefined) return;
    const message = messageOf({ n: this.options.name, t: this.term.token });
    for (const replica of this.term.followers.replicas) this.options.send(replica, message);
  }
}
