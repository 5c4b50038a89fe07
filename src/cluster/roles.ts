/**
 * Makes a shared source an owner, a follower, or one that stands alone, and ends what it was before. One source of events at a
 * time: a follower closes its stream before it reads the log, an owner has read the log to its end before it writes.
 */
import type { ConnectionStatus } from '../connection-status.ts';
import { connectionStatus } from '../events/delivery.ts';
import type { Joined, Ownership } from './event-log.ts';
import { numberOf } from './event-log.ts';
import type { HeldStream } from './held-stream.ts';
import { LeaseTerm } from './lease-term.ts';
import { LogFollower } from './log-follower.ts';
import type { Replays } from './replays.ts';
import type { SourceStateHolder } from './source-state.ts';
import type { TakeUp } from './take-up.ts';
import type { ClaimReason } from './transitions.ts';

export interface RolesOptions {
  readonly source: SourceStateHolder;
  readonly stream: HeldStream;
  readonly takeUp: TakeUp;
  readonly replays: Replays;
  /** An event became known. */
  onKnown(): void;
  /** Another replica may own the stream. */
  look(): void;
}

/** Longest wait of a follower for the log to have what it received without writing it. */
const overlapWaitMs = 2_000;
const overlapPollMs = 50;
/** Longest wait for the last events to be appended when the source leaves. */
const maxFlushMs = 500;

export class Roles {
  readonly #options: RolesOptions;
  readonly #source: SourceStateHolder;

  constructor(options: RolesOptions) {
    this.#options = options;
    this.#source = options.source;
  }

  async own(joined: Joined, token: string, reason: ClaimReason, claimedAt: number): Promise<void> {
    const { stream, takeUp } = this.#options;
    const source = this.#source;
    const { replica, log, name, send } = source.options;
    this.#endTerm();
    await this.stopFollowing();
    const page = await log.readAll();
    if (page.owner !== replica || page.token !== token) throw new Error('The lease term has ended.');
    takeUp.all(page.entries, !source.hasSaid && !source.hasPlaced);
    source.hasSaid ||= page.entries.length > 0;
    for (const event of source.table.all()) {
      // The client that held it may come back here.
      if (event.isHeldMarked && !event.isConfirmed) event.heldUntil = performance.now() + source.options.holdMs;
    }
    const term = this.#createTerm(token, page.lastId, reason, claimedAt);
    source.provenAt = claimedAt;
    source.term = term;
    source.newestUnwritten = undefined;
    this.#refill(term);
    source.enter('owner', reason);
    for (const other of joined.participants) if (other !== replica) send(other, { k: 'claimed', n: name, t: token });
    if (stream.isOpen) return;
    source.replayedAt = Number.POSITIVE_INFINITY;
    stream.open();
  }

  async follow(ownership: Ownership, status: ConnectionStatus): Promise<void> {
    const { stream, takeUp, look } = this.#options;
    const source = this.#source;
    const { log, membership } = source.options;
    this.#endTerm();
    await this.stopFollowing();
    stream.close();
    if (source.state === 'alone') source.enter('joining');
    let page = await log.readAll();
    const waitUntil = performance.now() + overlapWaitMs;
    while (this.#lacksOverlap(page.entries) && performance.now() < waitUntil) {
      await new Promise((resolve) => setTimeout(resolve, overlapPollMs));
      page = await log.readAll();
    }
    if (page.owner !== ownership.owner || page.token !== ownership.token) {
      look();
      return;
    }
    if (this.#lacksOverlap(page.entries)) {
      for (const event of source.table.all()) event.wasLogged = true;
      source.listener.onGap();
    }
    source.newestUnwritten = undefined;
    takeUp.all(page.entries, !source.hasSaid && !source.hasPlaced);
    source.hasSaid ||= page.entries.length > 0;
    const events = [...source.table.all()];
    const last = events.findLastIndex(({ isLogged }) => isLogged);
    for (const event of events.slice(0, Math.max(0, last))) event.isLogged = true;
    const follower = this.#createFollower(ownership, page.entries.at(-1)?.logId ?? '0-0');
    source.follower = follower;
    source.provenAt = membership.provenAt;
    follower.reportAll(source.table.all());
    // What was appended since the log was read.
    follower.wake();
    source.enter('follower');
    source.say(status);
  }

  standAlone(): void {
    const source = this.#source;
    if (source.state === 'closed' || source.state === 'alone') return;
    void this.stopFollowing();
    source.replayedAt = Number.POSITIVE_INFINITY;
    source.enter('alone');
    this.#options.stream.open();
  }

  /** Resolves when no read of the log is under way. */
  async stopFollowing(): Promise<void> {
    const source = this.#source;
    const { follower } = source;
    source.follower = undefined;
    if (follower === undefined) return;
    // Until a lease after the last heartbeat of a follower no owner acknowledges without it.
    source.provenAt = source.options.membership.provenAt;
    if (source.state === 'follower') source.enter('joining');
    source.say(connectionStatus('RECONNECTING'));
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
        await term.hand(maxFlushMs);
        const { replicas } = term.followers;
        await log.release(term.token, replicas.length > 0 ? 'shared' : 'alone');
        for (const replica of replicas) send(replica, { k: 'left', n: name, t: term.token });
      }
      if (follower !== undefined) {
        await follower.stop();
        send(follower.ownership.owner, { k: 'bye', n: name, t: follower.ownership.token });
      }
      await log.leave();
    } catch {
      // Without Redis the others find out by the lease.
    }
    source.term = undefined;
    source.follower = undefined;
    term?.end();
  }

  #createTerm(token: string, lastId: string, reason: ClaimReason, claimedAt: number): LeaseTerm {
    const source = this.#source;
    const { log, membership, leaseMs, holdMs, acknowledge } = source.options;
    let lastNumber = numberOf(lastId);
    for (const { number } of source.table.all()) lastNumber = Math.max(lastNumber, number);
    return new LeaseTerm({
      token,
      log,
      table: source.table,
      lastId,
      lastNumber,
      holdMs,
      acknowledgesFrom: reason === 'free' ? 0 : claimedAt + leaseMs,
      isDead: (other) => membership.isDead(other),
      isUp: () => membership.isUp,
      onWritten: (sentAt) => {
        source.provenAt = Math.max(source.provenAt, sentAt);
        source.tellFollowers((owned) => ({ ...owned, k: 'wake' }));
      },
      remind: (replica) => source.options.send(replica, { k: 'wake', n: source.options.name, t: token }),
      acknowledge: ({ id }) => acknowledge(id),
      onFenced: () => this.#options.look(),
    });
  }

  #createFollower(ownership: Ownership, position: string): LogFollower {
    const { takeUp, onKnown, look } = this.#options;
    const source = this.#source;
    const { log, name, send } = source.options;
    return new LogFollower({
      log,
      ownership,
      position,
      number: numberOf(position),
      take: (entry) => {
        source.hasSaid = true;
        const event = takeUp.next(entry);
        onKnown();
        return event;
      },
      report: (u, o) => send(ownership.owner, { k: 'report', n: name, t: ownership.token, u, o }),
      onLost: () => look(),
    });
  }

  /** Appends what memory holds behind the last event the log has; what is before it is history. */
  #refill(term: LeaseTerm): void {
    const { table } = this.#source;
    const events = [...table.all()];
    const last = events.findLastIndex(({ isLogged }) => isLogged);
    events.forEach((event, index) => {
      if (event.isLogged) return;
      if (index < last) event.isLogged = true;
      else if (event.isConfirmed && event.text === undefined) table.remove(event);
      else term.append(event);
    });
  }

  #lacksOverlap(entries: readonly { readonly eventId: string }[]): boolean {
    const { newestUnwritten: id, table } = this.#source;
    if (id === undefined || table.find(id)?.isConfirmed === true) return false;
    return !entries.some(({ eventId }) => eventId === id);
  }

  /** What was requested and not confirmed is undecided again. */
  #endTerm(): void {
    const source = this.#source;
    if (source.term === undefined) return;
    source.term.end();
    source.tellFollowers((owned) => ({ ...owned, k: 'left' }));
    source.term = undefined;
    this.#options.replays.clear();
    this.#options.stream.resume('followers');
    source.options.discardAcknowledgements();
    for (const event of source.table.all()) event.isRequested = false;
    if (source.state === 'owner') source.enter('joining');
  }
}
