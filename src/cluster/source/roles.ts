/**
 * Switches a shared source between its roles: owner, follower, or standing alone. It has one source of events at a time: a follower
 * closes its stream before it ingests the log, an owner has read the log to its end before it writes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import { connectionStatus } from '../../events/record/delivery.ts';
import type { LogIngest } from '../follower/log-ingest.ts';
import type { Replays } from '../follower/replays.ts';
import type { Joined, LogPage, Ownership } from '../log/event-log.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import type { HeldStream } from '../owner/held-stream.ts';
import { createFollower, createTerm, refill } from './assignments.ts';
import type { Claim } from './claim.ts';
import type { SourceStateHolder } from './source-state.ts';

export interface RolesOptions {
  readonly source: SourceStateHolder;
  readonly stream: HeldStream;
  readonly ingest: LogIngest;
  readonly replays: Replays;
  /** An event became known. */
  onKnown(): void;
  /** The log has these events. */
  onWritten(events: readonly SharedEvent[]): void;
  /** Another replica may own the stream. */
  resolveOwner(): void;
}

/** Maximum wait of a follower for the log to have the events that it received without writing them. */
const overlapWaitMs = 2_000;
const overlapPollMs = 50;
/**
 * The same wait for a replica whose own stream lacks nothing: the owner's stream may be late, or lost without the owner's notice. The
 * replica stands alone after this wait, because it holds the events of its stream until then, and tries again, each time after twice as
 * long.
 */
const behindWaitMs = 500;
/** Maximum time for which a replica stands alone because the log lacks events of its own stream; then it reports a gap. */
export const maxBehindMs = 60_000;
/** Maximum wait for the last events to be appended when the source leaves. */
const maxFlushMs = 500;

export class Roles {
  readonly #options: RolesOptions;
  readonly #source: SourceStateHolder;

  constructor(options: RolesOptions) {
    this.#options = options;
    this.#source = options.source;
  }

  async own(joined: Joined, claim: Claim): Promise<void> {
    const { token, reason, claimedAt } = claim;
    const { stream, ingest, onWritten, resolveOwner } = this.#options;
    const source = this.#source;
    const { replica, log, name, send } = source.options;
    this.#endTerm();
    await this.stopFollowing();
    const page = await log.readAll();
    if (page.owner !== replica || page.token !== token) throw new Error('The lease term has ended.');
    // Memory that lacks nothing since a gap begins the new history.
    if (claim.isWhole && source.hasGap && claim.history === claim.proposed) source.history = claim.history;
    const isContinued = ingest.all(page, !source.hasDelivered && !source.hasPlaced);
    source.hasDelivered ||= page.entries.length > 0;
    for (const event of source.table.all()) {
      // The client that held it may reconnect here.
      if (event.isHeldMarked && !event.isConfirmed) event.heldUntil = performance.now() + source.options.holdMs;
    }
    const term = createTerm({ source, claim, page, onWritten, resolveOwner });
    source.proof.placed(claimedAt);
    source.term = term;
    source.newestUnwritten = undefined;
    refill(source.table, term);
    source.enter('owner', reason);
    for (const other of joined.participants) if (other !== replica) send(other, { k: 'claimed', n: name, t: token });
    // A log that memory does not continue gets all unacknowledged events, in upstream order.
    if (!isContinued) stream.close();
    if (stream.isOpen) return;
    source.replayedAt = Number.POSITIVE_INFINITY;
    stream.open();
  }

  async follow(ownership: Ownership, status: ConnectionStatus): Promise<void> {
    const { stream, ingest, onKnown, resolveOwner } = this.#options;
    const source = this.#source;
    const { log, membership } = source.options;
    this.#endTerm();
    await this.stopFollowing();
    let readAt = performance.now();
    let page = await log.readAll();
    const waitUntil = performance.now() + (this.#mayStandAlone(page) ? behindWaitMs : overlapWaitMs);
    while (this.#lacksOverlap(page.entries) && performance.now() < waitUntil) {
      await pause(overlapPollMs);
      readAt = performance.now();
      page = await log.readAll();
    }
    if (page.owner !== ownership.owner || page.token !== ownership.token) {
      resolveOwner();
      return;
    }
    if (this.#lacksOverlap(page.entries) && this.#mayStandAlone(page)) {
      this.standAlone();
      source.logBehind(behindWaitMs);
      return;
    }
    // Not earlier: if Redis fails, the stream continues and lacks nothing. Events held since then are dropped.
    stream.close();
    if (this.#lacksOverlap(page.entries)) {
      for (const event of source.table.all()) event.wasLogged = true;
      // Another history is a gap in any case.
      if (this.#isContinuedBy(page)) source.gap('the log lacks what was received alone');
    }
    source.newestUnwritten = undefined;
    ingest.all(page, !source.hasDelivered && !source.hasPlaced);
    source.hasDelivered ||= page.entries.length > 0;
    const events = [...source.table.all()];
    const last = events.findLastIndex(({ isLogged }) => isLogged);
    for (const event of events.slice(0, Math.max(0, last))) event.isLogged = true;
    const follower = createFollower({ source, ownership, page, ingest, onKnown, resolveOwner });
    source.follower = follower;
    source.proof.placed(Math.min(readAt, membership.provenAt));
    follower.reportAll(source.table.all());
    // Reads the entries that were appended since the log was read.
    follower.wake();
    source.enter('follower');
    source.setStatus(status);
  }

  /** Releases the stream for a follower. @returns False without a follower. */
  async handOver(): Promise<boolean> {
    const { term, options } = this.#source;
    if (term === undefined || term.followers.size === 0) return false;
    await term.flushForNextOwner(maxFlushMs);
    await options.log.release(term.token, 'shared');
    this.#endTerm();
    return true;
  }

  standAlone(): void {
    const source = this.#source;
    if (source.state === 'closed' || source.state === 'alone') return;
    const { stream } = this.#options;
    this.#endTerm();
    void this.stopFollowing();
    source.enter('alone');
    if (stream.isOpen) return;
    source.replayedAt = Number.POSITIVE_INFINITY;
    stream.open();
  }

  /** Resolves when no read of the log is in progress. */
  async stopFollowing(): Promise<void> {
    const source = this.#source;
    const { follower } = source;
    if (follower === undefined) return;
    source.proof.keep();
    source.follower = undefined;
    if (source.state === 'follower') source.enter('joining');
    source.setStatus(connectionStatus('RECONNECTING'));
    await follower.stop();
  }

  /** Hands over to other replicas. */
  async leave(): Promise<void> {
    const source = this.#source;
    const { log, name, send } = source.options;
    const { term, follower } = source;
    source.enter('closed');
    try {
      if (term !== undefined) {
        await term.flushForNextOwner(maxFlushMs);
        const { replicas } = term.followers;
        const isAlone = replicas.length === 0 && term.knowsFollowers;
        await log.release(term.token, isAlone ? 'alone' : 'shared').finally(() => {
          for (const replica of replicas) send(replica, { k: 'left', n: name, t: term.token });
        });
      }
      if (follower !== undefined) {
        follower.report();
        await follower.stop();
        send(follower.ownership.owner, { k: 'bye', n: name, t: follower.ownership.token });
      }
      await log.leave();
    } catch {
      // Without Redis, the other replicas take over after the lease.
    }
    source.term = undefined;
    source.follower = undefined;
    term?.end();
  }

  #lacksOverlap(entries: readonly { readonly eventId: string }[]): boolean {
    const { newestUnwritten: id, table } = this.#source;
    if (id === undefined || table.find(id)?.isConfirmed === true) return false;
    return !entries.some(({ eventId }) => eventId === id);
  }

  /** Whether its own stream lacks nothing, and a log that is behind it can still continue its history. */
  #mayStandAlone(page: LogPage): boolean {
    const { behindMs, options } = this.#source;
    return this.#isContinuedBy(page) && this.#options.stream.isWhole && behindMs < options.maxBehindMs;
  }

  /** Whether the log has the history in memory. */
  #isContinuedBy({ history }: LogPage): boolean {
    return this.#source.history === undefined || this.#source.history === history;
  }

  /** Acknowledgements that were requested and not confirmed are undecided again. */
  #endTerm(): void {
    const source = this.#source;
    if (source.term === undefined) return;
    source.proof.keep();
    source.term.end();
    source.sendToFollowers((owned) => ({ ...owned, k: 'left' }));
    source.term = undefined;
    this.#options.replays.clear();
    for (const reason of ['followers', 'log']) this.#options.stream.resume(reason);
    source.options.discardAcknowledgements();
    for (const event of source.table.all()) event.isRequested = false;
    if (source.state === 'owner') source.enter('joining');
  }
}
