/**
 * The source of one caller's events that several replicas share. One replica owns the upstream stream and writes a log in Redis,
 * the others follow the log; without Redis each stands alone and acknowledges nothing. `transitions.ts` resolves the role,
 * `roles.ts` switches to it, `lease-term.ts` is the work of an owner, `log-follower.ts` that of a follower.
 */
import type { DeliveryOutcome, EventSource, EventSourceListener } from '../../events/source/source.ts';
import { LogIngest } from '../follower/log-ingest.ts';
import { Placements } from '../follower/placements.ts';
import { Replays } from '../follower/replays.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { trace } from '../log/trace.ts';
import type { Message } from '../membership/message.ts';
import { PeerMessages } from '../membership/peer-messages.ts';
import { Confirmations } from '../owner/confirmations.ts';
import { HeldStream } from '../owner/held-stream.ts';
import { UpstreamEvents } from '../owner/upstream-events.ts';
import { Withdrawals } from '../owner/withdrawals.ts';
import type { Memory } from './claim.ts';
import { Fallback } from './fallback.ts';
import { Roles } from './roles.ts';
import { type SharedSourceOptions, type SourceState, SourceStateHolder } from './source-state.ts';
import { Transitions } from './transitions.ts';

/** The keys of a caller expire after an hour. */
const renewEveryMs = 1_200_000;
/** Interval in which a follower checks that the owner knows it. */
const probeEveryMs = 20_000;

export class SharedSource implements EventSource {
  readonly #source: SourceStateHolder;
  readonly #stream: HeldStream;
  readonly #upstream: UpstreamEvents;
  readonly #transitions: Transitions;
  readonly #roles: Roles;
  readonly #fallback: Fallback;
  readonly #placements: Placements;
  readonly #confirmations: Confirmations;
  readonly #messages: PeerMessages;
  readonly #withdrawals: Withdrawals;
  #left: Promise<void> | undefined;
  #isDraining = false;
  #renewAt = performance.now() + renewEveryMs;
  #probeAt = performance.now() + probeEveryMs;

  constructor(options: SharedSourceOptions, listener: EventSourceListener) {
    const { name, log, send } = options;
    const source = new SourceStateHolder(options, listener);
    const { table } = source;
    const resolveOwner = () => this.#transitions.resolveOwner();
    const onKnown = () => this.#placements.check();
    this.#source = source;
    this.#confirmations = new Confirmations(source);
    this.#withdrawals = new Withdrawals(log);
    this.#placements = new Placements((id) => listener.isKnown(id), source);
    const replays = new Replays({ name, log, table, listener, send });
    const ingest = new LogIngest({
      source,
      onConfirmed: (event) => this.#confirmations.confirm([event]),
    });
    const onRecalled = (message: string) => {
      for (const contentId of replays.contentsOf(message)) this.#withdrawals.addContent(contentId);
    };
    this.#upstream = new UpstreamEvents({
      source,
      replays,
      stream: () => this.#stream,
      onKnown,
      onRecalled,
      resolveOwner,
    });
    this.#stream = new HeldStream((own) => options.openStream(own), this.#upstream);
    const onWritten = (events: readonly SharedEvent[]) => {
      // Redis executes an append that it rejected without its script after the removal of content that was revoked since.
      for (const { isRevoked, logId } of events) if (isRevoked && logId !== undefined) this.#withdrawals.add(logId);
      this.#upstream.applyBackpressure();
    };
    this.#roles = new Roles({ source, stream: this.#stream, ingest, replays, onKnown, onWritten, resolveOwner });
    this.#fallback = new Fallback({ source, roles: this.#roles, placements: this.#placements });
    this.#transitions = new Transitions({
      ...options,
      memory: () => this.#memory(),
      token: () => source.term?.token,
      hasFollowers: () => (source.term?.followers.size ?? 0) > 0,
      handOver: () => this.#roles.handOver(),
      onResolveOwner: () => source.proof.searching(),
      onBegin: () => {
        source.isSearching = true;
        source.searchedSince = performance.now();
        this.#fallback.begun();
      },
      onMove: () => this.#stream.hold('transition'),
      onEnd: () => {
        source.isSearching = false;
        this.#messages.transitionEnded();
        this.#upstream.checkProof();
        this.#stream.release('transition');
        this.#placements.check();
      },
      own: (joined, claim) => this.#roles.own(joined, claim),
      follow: (ownership, status) => this.#roles.follow(ownership, status),
      failed: () => {
        const mayRetry = this.#fallback.failed();
        // Held events of the upstream belong to the term or the stream, which have not changed.
        if (source.state === 'owner' || source.state === 'alone') this.#stream.release('transition');
        return mayRetry;
      },
    });
    this.#messages = new PeerMessages({
      source,
      transitions: this.#transitions,
      confirmations: this.#confirmations,
      replays,
      stream: this.#stream,
      onReport: () => this.#upstream.applyBackpressure(),
    });
    // After the channel has its source.
    queueMicrotask(resolveOwner);
  }

  get state(): SourceState {
    return this.#source.state;
  }

  /** Whether the upstream stream of the caller is open here. */
  get hasStream(): boolean {
    return this.#stream.isOpen;
  }

  pause(): void {
    this.#stream.pause('subscribers');
    this.#source.follower?.pause();
  }

  resume(): void {
    this.#stream.resume('subscribers');
    this.#source.follower?.resume();
  }

  reopen(): void {
    const { follower, options } = this.#source;
    if (follower === undefined) this.#stream.reopen();
    else options.send(follower.ownership.owner, { k: 'reopen', n: options.name, t: follower.ownership.token });
  }

  settle(id: string, outcome: DeliveryOutcome): void {
    const { table, term, follower } = this.#source;
    const event = table.find(id);
    if (event === undefined || event.outcome === outcome) return;
    event.outcome = outcome;
    trace(this.#source.options.name, outcome, id);
    term?.check(event);
    follower?.changed(event);
  }

  placement(isPositionUnknown: boolean, after?: string): Promise<void> | undefined {
    const source = this.#source;
    if (source.follower !== undefined) void this.#transitions.probe(source.follower.ownership);
    if (source.isInStep && !isPositionUnknown) {
      source.hasPlaced = true;
      return undefined;
    }
    return this.#placements.wait(isPositionUnknown ? after : undefined);
  }

  withdraw(id: string): void {
    const event = this.#source.table.find(id);
    if (event === undefined) return;
    event.isRevoked = true;
    this.#source.table.dropContent(event);
    if (event.logId !== undefined) this.#withdrawals.add(event.logId);
  }

  confirmed(ids: readonly string[]): void {
    this.#confirmations.acknowledgedBy(undefined, ids);
  }

  abandoned(): void {
    this.#confirmations.abandoned();
  }

  /** False for an owner that may have slept through its lease. */
  maySend(): boolean {
    const { term, options, proof } = this.#source;
    const { membership, leaseMs } = options;
    return term !== undefined && membership.isUp && !proof.isOlderThan(leaseMs);
  }

  tick(): void {
    const { term, follower, table, options } = this.#source;
    if (term === undefined) {
      for (const event of table.takeEvicted()) if (event.isConfirmed) table.remove(event);
      for (const event of table.takeOld(Date.now())) table.remove(event);
    } else term.tick();
    this.#upstream.applyBackpressure();
    this.#upstream.checkProof();
    this.#withdrawals.tick();
    this.#placements.check();
    if (follower !== undefined && options.membership.isDead(follower.ownership.owner)) this.#transitions.resolveOwner();
    if (follower !== undefined && performance.now() >= this.#probeAt) {
      this.#probeAt = performance.now() + probeEveryMs;
      void this.#transitions.probe(follower.ownership);
    }
    this.#fallback.tick();
    if (this.#fallback.isResolveDue) this.#transitions.resolveOwner();
    if (performance.now() < this.#renewAt || term === undefined) return;
    this.#renewAt = performance.now() + renewEveryMs;
    options.log.renew().catch(() => undefined); // an hour remains
  }

  close(): void {
    void this.leave();
  }

  /** Resolves when other replicas can go on without this one. Idempotent. */
  leave(): Promise<void> {
    if (this.#left === undefined) {
      this.#left = this.#leave();
      this.#source.options.onLeaving(this.#left);
    }
    return this.#left;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Hands the stream over as soon as another replica follows it, or releases it with its last subscriber. */
  drain(): void {
    this.#isDraining = true;
    this.#transitions.drain();
  }

  /** Redis is back, with or without its data. @param provenBefore Last heartbeat before that. */
  redisUp(provenBefore: number): void {
    this.#source.proof.freeze(provenBefore);
    this.#source.resetLogBehind();
    this.#transitions.resolveOwner();
  }

  /** Redis has been away for half a lease. */
  redisAway(): void {
    this.#fallback.redisAway();
  }

  received(from: string, message: Message): void {
    this.#messages.received(from, message);
  }

  #memory(): Memory {
    const source = this.#source;
    const isWhole = !source.proof.isOlderThan(source.options.leaseMs) || this.#stream.isWhole;
    const history = source.historyToClaim(isWhole);
    const { term, table, hasGap } = source;
    return { isOwner: term !== undefined, hasEvents: table.size > 0, isWhole, hasGap, history };
  }

  /** Messages of another replica were lost. */
  lostMessagesOf(replica: string): void {
    this.#messages.lost(replica);
  }

  async #leave(): Promise<void> {
    this.#stream.close();
    this.#placements.clear();
    await this.#transitions.close();
    this.#stream.close();
    await this.#roles.leave();
  }
}
