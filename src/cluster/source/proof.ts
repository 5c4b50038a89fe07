/**
 * The last time at which it is proven that no event is acknowledged upstream without this replica before a lease has passed.
 * Until then a replay of the upstream lacks nothing that subscribers here need.
 */

export interface ProofOptions {
  /** When the last successful heartbeat was sent, on the clock of `performance`, as all times here. */
  heartbeatAt(): number;
  /** All messages that the inbox had at this time have been received. */
  inboxAt(): number;
  /** Whether it owns the stream, or is known to the owner as a follower. */
  hasPlace(): boolean;
}

export class Proof {
  readonly #options: ProofOptions;
  #at = performance.now();
  #hasHadPlace = false;
  /** Heartbeats and the inbox are of other data than its place. */
  #isFrozen = false;
  #freezes = 0;
  #freezesAtStart = 0;

  constructor(options: ProofOptions) {
    this.#options = options;
  }

  /**
   * With a place: an owner drops a follower a lease after its last heartbeat, and a new owner acknowledges a lease after it has
   * informed the participants.
   */
  get at(): number {
    const { heartbeatAt, inboxAt, hasPlace } = this.#options;
    if (this.#isFrozen || !hasPlace()) return this.#at;
    return Math.max(this.#at, Math.min(heartbeatAt(), inboxAt()));
  }

  /** @param at On the clock of `performance`. Default: now. */
  isOlderThan(ms: number, at = performance.now()): boolean {
    return at - this.at >= ms;
  }

  /** The ages of the proofs, for a test that examines why a gap was reported. */
  get ages(): string {
    const { heartbeatAt, inboxAt, hasPlace } = this.#options;
    const age = (at: number) => Math.round(performance.now() - at);
    const [proof, heartbeat, inbox] = [this.at, heartbeatAt(), inboxAt()].map(age);
    return `proof ${proof} heartbeat ${heartbeat} inbox ${inbox}${this.#isFrozen ? ' frozen' : ''}${hasPlace() ? ' placed' : ''}`;
  }

  /** A write that only the owner can make was sent at this time. */
  written(sentAt: number): void {
    this.#hasHadPlace = true;
    this.#at = Math.max(this.#at, sentAt);
  }

  /**
   * A connection to the upstream was made. The first one of a source that never had a place lacks nothing, because subscribers had
   * nothing before it; no other replica knows of the source, so that later ones have no proof.
   * @returns Whether it is such a first one.
   */
  connected(): boolean {
    if (this.#hasHadPlace || this.#at === Number.NEGATIVE_INFINITY) return false;
    this.#at = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** It is about to lose its place. */
  keep(): void {
    this.#at = this.at;
  }

  /**
   * Redis has other data, or may have dropped this replica: until it has its place again, later heartbeats prove nothing.
   * @param heartbeatBefore The last valid heartbeat.
   */
  freeze(heartbeatBefore: number): void {
    const { inboxAt, hasPlace } = this.#options;
    if (!this.#isFrozen && hasPlace()) this.#at = Math.max(this.#at, Math.min(heartbeatBefore, inboxAt()));
    this.#isFrozen = true;
    this.#freezes += 1;
  }

  /** The search for a place in the stream begins. */
  searching(): void {
    this.#freezesAtStart = this.#freezes;
  }

  /**
   * The place is found.
   * @param at Time at which that was proven.
   */
  placed(at: number): void {
    this.#hasHadPlace = true;
    this.#at = at;
    if (this.#freezes === this.#freezesAtStart) this.#isFrozen = false;
  }
}
