/** What the parts of one shared source have in common: its place among the replicas, and what it knows of the stream. */
import type { ConnectionStatus } from '../connection-status.ts';
import { connectionStatus } from '../events/delivery.ts';
import type { EventSourceListener, Stream } from '../events/source.ts';
import type { OwnChange } from '../gateway-event.ts';
import type { EventStreamListener } from '../upstream/event-stream/stream.ts';
import type { EventLog } from './event-log.ts';
import { EventTable, type TableBounds } from './event-table.ts';
import type { LeaseTerm } from './lease-term.ts';
import type { LogFollower } from './log-follower.ts';
import type { Membership } from './membership.ts';
import type { Message } from './message.ts';
import type { ClaimReason } from './transitions.ts';

/** `joining`: it is being found out. `alone`: Redis cannot be reached, so the stream is open and nothing is acknowledged. */
export type SourceState = 'joining' | 'owner' | 'follower' | 'alone' | 'closed';

export interface SharedSourceOptions {
  /** Keyed hash of the credential. */
  readonly name: string;
  /** Id of this replica. */
  readonly replica: string;
  readonly log: EventLog;
  readonly membership: Membership;
  readonly leaseMs: number;
  /** `MANUAL_HOLD_MS`. */
  readonly holdMs: number;
  readonly bounds: TableBounds;
  /** Resolves when an earlier source of the same caller has left. */
  readonly ready: Promise<void>;
  send(to: string, message: Message): void;
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

export class SourceStateHolder {
  readonly options: SharedSourceOptions;
  readonly listener: EventSourceListener;
  readonly table: EventTable;
  /** Set while this replica owns the stream. */
  term: LeaseTerm | undefined;
  /** Set while it follows another. */
  follower: LogFollower | undefined;
  /** A transition is under way. */
  isSearching = false;
  /** Since when, on the clock of `performance`, as all times here. */
  searchedSince = performance.now();
  /** Since when the upstream has repeated everything unacknowledged; infinite before. */
  replayedAt = Number.POSITIVE_INFINITY;
  /** When this replica was last proven to be the owner, or, as a follower, to be counted as alive. */
  provenAt = performance.now();
  /** An event was said to the channel. */
  hasSaid = false;
  /** A subscriber has got its place. */
  hasPlaced = false;
  /** The newest event received without writing it to a log. */
  newestUnwritten: string | undefined;
  #state: SourceState = 'joining';
  #status: ConnectionStatus = connectionStatus('CONNECTING');

  constructor(options: SharedSourceOptions, listener: EventSourceListener) {
    this.options = options;
    this.listener = listener;
    this.table = new EventTable(options.bounds);
  }

  get state(): SourceState {
    return this.#state;
  }

  /** Status of the upstream stream as the channel knows it. */
  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Subscribers can get their place. */
  get isInStep(): boolean {
    return !this.isSearching && this.#state !== 'joining' && this.#state !== 'closed';
  }

  /** @param reason Why it claimed the stream. */
  enter(state: SourceState, reason?: ClaimReason): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.options.onState(state, reason, performance.now() - this.searchedSince);
  }

  /** Tells the channel the status of the stream. */
  say(status: ConnectionStatus): void {
    this.replayedAt = status.state === 'LIVE' ? Math.min(this.replayedAt, performance.now()) : Number.POSITIVE_INFINITY;
    const isFirst = this.#status.state === 'CONNECTING';
    const next: ConnectionStatus =
      status.state === 'CONNECTING' && !isFirst ? { ...status, state: 'RECONNECTING' } : status;
    if (next.state === 'RECONNECTING' && this.#status.state === 'RECONNECTING' && next.attempt <= 1) return;
    this.#status = next;
    if (this.#state !== 'closed') this.listener.onStatus(next);
  }

  /** Sends a message to all followers. */
  tellFollowers(messageOf: (owned: { readonly n: string; readonly t: string }) => Message): void {
    if (this.term === undefined) return;
    const message = messageOf({ n: this.options.name, t: this.term.token });
    for (const replica of this.term.followers.replicas) this.options.send(replica, message);
  }
}
