/**
 * The replicas that are alive, by heartbeats on Redis' clock. A replica is judged dead only by a list that was reachable for a
 * whole lease, and in which one's own entry was as one left it: a list that came back empty says nothing.
 */

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
   * Heartbeats succeed again, or for the first time; Redis has lost its data; or this replica did not count as alive for a
   * while, so that others may have dropped it.
   * @param provenBefore `provenAt` before the heartbeat that showed this.
   */
  onUp(provenBefore: number): void;
  /** Heartbeats have failed for half a lease in which this process was awake. */
  onAway(): void;
}

/** A Redis that takes longer may have held the events of other replicas back as well. */
const promptMs = 250;
/** Of a server, and of a node of a cluster. */
const connectionEvents = ['close', 'ready', '-node', '+node'];

export class Membership {
  readonly #options: MembershipOptions;
  #alive: ReadonlySet<string> = new Set();
  /** On the clock of `performance`, as all times here. When the last successful heartbeat was sent. */
  #beatAt = Number.NEGATIVE_INFINITY;
  #promptAt = Number.NEGATIVE_INFINITY;
  #trustedSince = Number.POSITIVE_INFINITY;
  #failingSince: number | undefined;
  #isAway = true;
  #isUp = false;
  #aliveUntil = '';
  #dataAgeMs = 0;
  /** The connection was not lost since the last heartbeat: Redis may have restarted empty. */
  #isDataKnown = false;
  /** When the connection was lost or made last. */
  #connectedAt = performance.now();
  readonly #onConnection = () => {
    this.#isDataKnown = false;
    this.#connectedAt = performance.now();
  };
  /** When Redis answered the last heartbeat, on its clock. */
  #listedAt = 0;
  /** When replicas showed later than that that they are alive, on the clock of Redis. */
  readonly #heardAt = new Map<string, number>();
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

  /** The last heartbeat succeeded. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Heartbeats have failed for half a lease. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** When the last successful heartbeat was sent: until a lease later no replica can judge this one dead. */
  get provenAt(): number {
    return this.#beatAt;
  }

  /** When the last heartbeat was sent that Redis answered promptly: what others had sent before it is there. */
  get promptAt(): number {
    return this.#promptAt;
  }

  /** Replicas that count as alive, this one included. */
  get size(): number {
    return Math.max(1, this.#alive.size);
  }

  /**
   * Time since the first heartbeat in Redis' data: in young data an owner may not have claimed again what it owned before. Of
   * a new connection until a heartbeat says it: Redis may have restarted.
   */
  get dataAgeMs(): number {
    if (!this.#isDataKnown) return performance.now() - this.#connectedAt;
    return this.#dataAgeMs + (performance.now() - this.#beatAt);
  }

  /** A replica was alive then. @param at On the clock of Redis, in milliseconds. */
  heard(replica: string, at: number): void {
    if (at >= this.#listedAt) this.#heardAt.set(replica, at);
  }

  /** One that was heard of after the list was made is not dead: it may have just started. */
  isDead(replica: string): boolean {
    const isTrusted = this.#isUp && performance.now() - this.#trustedSince >= this.#options.leaseMs;
    return isTrusted && !this.#alive.has(replica) && !this.#heardAt.has(replica);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const event of connectionEvents) this.#options.client.off(event, this.#onConnection);
  }

  async #beat(): Promise<void> {
    const { client, names, replica, leaseMs, onUp, onAway } = this.#options;
    const sentAt = performance.now();
    // A process that slept has not failed while it did: it tries Redis first.
    if (sentAt - this.#dueAt > leaseMs / 8) this.#failingSince = undefined;
    try {
      const reply = itemsOf(await heartbeat.run(client, [names.members, names.since], [replica, leaseMs]));
      if (this.#isClosed) return;
      const [time = '', before = '', age = '', ...alive] = reply.map(textOf);
      const isAsLeft = before !== '' && before === this.#aliveUntil;
      const hasLapsed = Number(before) < Number(time);
      if (!isAsLeft || hasLapsed) this.#trustedSince = performance.now();
      this.#aliveUntil = String(Number(time) + leaseMs);
      const provenBefore = this.#beatAt;
      this.#listedAt = Number(time);
      for (const [other, at] of this.#heardAt) if (at < this.#listedAt) this.#heardAt.delete(other);
      this.#beatAt = sentAt;
      if (performance.now() - sentAt < promptMs) this.#promptAt = sentAt;
      this.#dataAgeMs = Number(age);
      this.#isDataKnown = true;
      this.#alive = new Set(alive);
      this.#failingSince = undefined;
      const wasUp = this.#isUp;
      this.#isUp = true;
      this.#isAway = false;
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

  #next(afterMs: number): void {
    this.#dueAt = performance.now() + afterMs;
    this.#timer = setTimeout(() => void this.#beat(), afterMs);
  }
}
