/**
 * The live replicas, by heartbeats on Redis' clock. A replica counts as dead only by a list that was reachable for a whole lease
 * and that still has this replica's own entry: a list that was emptied proves nothing.
 * A heartbeat is rejected while replicas of another format are alive: this replica then behaves as if Redis were away, and touches
 * no log.
 */

import { formatOf } from '../log/format.ts';
import { heartbeat } from '../log/scripts.ts';
import type { KeyNames } from '../redis/key-names.ts';
import type { RedisClient } from '../redis/redis-client.ts';
import { itemsOf, textOf } from '../redis/script.ts';

export interface MembershipOptions {
  readonly client: RedisClient;
  readonly names: KeyNames;
  /** Id of this replica. */
  readonly replica: string;
  /** Silence after which others may take over, in milliseconds. */
  readonly leaseMs: number;
  /**
   * Heartbeats succeed for the first time or again; Redis has lost its data; or this replica did not count as alive for a while, so
   * that others may have dropped it.
   * @param provenBefore `provenAt` before the heartbeat that showed this.
   */
  onUp(provenBefore: number): void;
  /** Heartbeats have failed for half a lease in which this process was awake, or are rejected. */
  onAway(): void;
  /** Heartbeats are rejected from now on. @param format That of a replica that is alive. */
  onOtherFormat(format: string): void;
}

/** A Redis that takes longer may have delayed the events of other replicas as well. */
const promptMs = 250;
/** Events of a server, and of a node of a cluster. */
const connectionEvents = ['close', 'ready', '-node', '+node'];

export class Membership {
  readonly #options: MembershipOptions;
  #alive: ReadonlySet<string> = new Set();
  /** When the last successful heartbeat was sent. All times here are on the clock of `performance`, unless stated otherwise. */
  #beatAt = Number.NEGATIVE_INFINITY;
  #promptAt = Number.NEGATIVE_INFINITY;
  #trustedSince = Number.POSITIVE_INFINITY;
  #failingSince: number | undefined;
  #isAway = true;
  #isUp = false;
  #isAdmitted = false;
  #otherFormat: string | undefined;
  #aliveUntil = '';
  #dataAgeMs = 0;
  /** False after the connection was lost, until the next heartbeat: Redis may have restarted empty. */
  #isDataKnown = false;
  /** When the connection was lost or made last. */
  #connectedAt = performance.now();
  readonly #onConnection = () => {
    this.#isDataKnown = false;
    this.#connectedAt = performance.now();
  };
  /** When Redis answered the last heartbeat, on its clock. */
  #listedAt = 0;
  /** Signs of life of replicas that are later than the last list, on the clock of Redis. */
  readonly #aliveAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #isClosed = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    for (const event of connectionEvents) options.client.on(event, this.#onConnection);
  }

  /** Resolves after the first heartbeat, successful or not. */
  async start(): Promise<void> {
    this.#dueAt = performance.now();
    await this.#beat();
  }

  /** Whether the last heartbeat succeeded. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether heartbeats have failed for half a lease, or are rejected. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Whether the last answered heartbeat was accepted; otherwise this replica must share nothing. */
  get isAdmitted(): boolean {
    return this.#isAdmitted;
  }

  /** The format of the live replicas because of which heartbeats are rejected. */
  get otherFormat(): string | undefined {
    return this.#otherFormat;
  }

  /** When the last successful heartbeat was sent: no replica counts this one as dead within a lease of it. */
  get provenAt(): number {
    return this.#beatAt;
  }

  /** When the last promptly answered heartbeat was sent: Redis has everything that others sent before. */
  get promptAt(): number {
    return this.#promptAt;
  }

  /** Replicas that count as alive, this one included. */
  get size(): number {
    return Math.max(1, this.#alive.size);
  }

  /**
   * Time since the first heartbeat in Redis' data: while it is short, an owner may not have reclaimed its streams yet. 0 on a new
   * connection until a heartbeat returns it: Redis may have restarted.
   */
  get dataAgeMs(): number {
    if (!this.#isDataKnown) return performance.now() - this.#connectedAt;
    return this.#dataAgeMs + (performance.now() - this.#beatAt);
  }

  /**
   * Records a sign of life.
   * @param at On the clock of Redis, in milliseconds.
   */
  recordAlive(replica: string, at: number): void {
    if (at >= this.#listedAt) this.#aliveAt.set(replica, at);
  }

  /** A replica with a sign of life after the list was made is not dead: it may have just started. */
  isDead(replica: string): boolean {
    const isTrusted = this.#isUp && performance.now() - this.#trustedSince >= this.#options.leaseMs;
    return isTrusted && !this.#alive.has(replica) && !this.#aliveAt.has(replica);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const event of connectionEvents) this.#options.client.off(event, this.#onConnection);
  }

  async #beat(): Promise<void> {
    const { client, names, replica, leaseMs, onUp, onAway } = this.#options;
    const sentAt = performance.now();
    // Time asleep does not count as failing: the process tries Redis first.
    if (sentAt - this.#dueAt > leaseMs / 8) this.#failingSince = undefined;
    try {
      const reply = itemsOf(await heartbeat.run(client, [names.members, names.since], [replica, leaseMs]));
      if (this.#isClosed) return;
      const [time = '', before = '', age = '', ...alive] = reply.map(textOf);
      if (time === 'OTHER') {
        this.#rejected(formatOf(before));
        return;
      }
      const isAsLeft = before !== '' && before === this.#aliveUntil;
      const hasLapsed = Number(before) < Number(time);
      if (!isAsLeft || hasLapsed) this.#trustedSince = performance.now();
      this.#aliveUntil = String(Number(time) + leaseMs);
      const provenBefore = this.#beatAt;
      this.#listedAt = Number(time);
      for (const [other, at] of this.#aliveAt) if (at < this.#listedAt) this.#aliveAt.delete(other);
      this.#beatAt = sentAt;
      if (performance.now() - sentAt < promptMs) this.#promptAt = sentAt;
      this.#dataAgeMs = Number(age);
      this.#isDataKnown = true;
      this.#alive = new Set(alive);
      this.#failingSince = undefined;
      const wasUp = this.#isUp;
      this.#isUp = true;
      this.#isAway = false;
      this.#isAdmitted = true;
      this.#otherFormat = undefined;
      if (!wasUp || !isAsLeft || hasLapsed) onUp(provenBefore);
      this.#next(leaseMs / 4);
    } catch {
      if (this.#isClosed) return;
      this.#isUp = false;
      this.#failingSince ??= sentAt;
      if (!this.#isAway && performance.now() - this.#failingSince >= leaseMs / 2) {
        this.#isAway = true;
        onAway();
      }
      this.#next(Math.min(250, leaseMs / 16));
    }
  }

  #rejected(format: string): void {
    const isNew = this.#otherFormat === undefined;
    this.#otherFormat = format;
    this.#isAdmitted = false;
    this.#isUp = false;
    this.#aliveUntil = '';
    const wasAway = this.#isAway;
    this.#isAway = true;
    if (!wasAway) this.#options.onAway();
    if (isNew) this.#options.onOtherFormat(format);
    this.#next(this.#options.leaseMs / 16);
  }

  #next(afterMs: number): void {
    this.#dueAt = performance.now() + afterMs;
    this.#timer = setTimeout(() => void this.#beat(), afterMs);
  }
}
