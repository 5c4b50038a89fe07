/** The followers of one lease term, as seen by its owner: what each has read, and the outcomes it reported. */
import type { DeliveryOutcome } from '../../events/source/source.ts';
import type { SharedEvent } from '../log/shared-event.ts';

interface Follower {
  /** Number of the last event it has reported on; -1 before its first report. */
  reportedTo: number;
  /** Outcomes at its subscribers; an event that it has read and did not list is unwanted there. */
  readonly outcomes: Map<string, DeliveryOutcome>;
  /** When it last sent a message or was reminded, on the clock of `performance`. */
  lastMessageAt: number;
}

/** Silence after which a follower with unreported entries is reminded. */
const remindAfterMs = 1_000;

export class FollowerSet {
  readonly #followers = new Map<string, Follower>();

  get size(): number {
    return this.#followers.size;
  }

  get replicas(): string[] {
    return [...this.#followers.keys()];
  }

  has(replica: string): boolean {
    return this.#followers.has(replica);
  }

  /** Adds a replica that begins to follow, possibly again: until it reports, every event waits for it. */
  add(replica: string): void {
    this.#followers.set(replica, { reportedTo: -1, outcomes: new Map(), lastMessageAt: performance.now() });
  }

  /** @returns Ids of the events that its MANUAL subscribers hold; undefined when it does not follow. */
  remove(replica: string): string[] | undefined {
    const follower = this.#followers.get(replica);
    if (follower === undefined) return undefined;
    this.#followers.delete(replica);
    return [...follower.outcomes].filter(([, outcome]) => outcome === 'held').map(([id]) => id);
  }

  /** @returns The number up to which it had reported before; undefined when it does not follow. */
  report(
    replica: string,
    reportedTo: number,
    outcomes: readonly (readonly [string, DeliveryOutcome])[],
  ): number | undefined {
    const follower = this.#followers.get(replica);
    if (follower === undefined) return undefined;
    const before = follower.reportedTo;
    follower.lastMessageAt = performance.now();
    follower.reportedTo = Math.max(before, reportedTo);
    for (const [id, outcome] of outcomes) {
      if (outcome === 'unwanted') follower.outcomes.delete(id);
      else follower.outcomes.set(id, outcome);
    }
    return before;
  }

  /** The event needs no reports any more. */
  forget(id: string): void {
    for (const { outcomes } of this.#followers.values()) outcomes.delete(id);
  }

  /** Whether a follower has not read it, or one of its subscribers waits for it or holds it. */
  isWaitedFor({ id, number }: SharedEvent): boolean {
    for (const { reportedTo, outcomes } of this.#followers.values()) {
      if (number > reportedTo) return true;
      const outcome = outcomes.get(id);
      if (outcome === 'queued' || outcome === 'held') return true;
    }
    return false;
  }

  /** Whether a MANUAL subscriber of a follower holds it. */
  isHeld({ id }: SharedEvent): boolean {
    for (const { outcomes } of this.#followers.values()) if (outcomes.get(id) === 'held') return true;
    return false;
  }

  /** Whether a follower's subscriber has received it, or its client acknowledged it. */
  hasReceived({ id }: SharedEvent): boolean {
    for (const { outcomes } of this.#followers.values()) {
      const outcome = outcomes.get(id);
      if (outcome === 'delivered' || outcome === 'acknowledged') return true;
    }
    return false;
  }

  /**
   * Followers to be notified again of new entries.
   * @param last Number of the last event in the log.
   */
  toRemind(last: number): string[] {
    const now = performance.now();
    const silent: string[] = [];
    for (const [replica, follower] of this.#followers) {
      if (follower.reportedTo >= last || now - follower.lastMessageAt < remindAfterMs) continue;
      follower.lastMessageAt = now;
      silent.push(replica);
    }
    return silent;
  }

  /**
   * Number of events that the slowest follower has not reported on.
   * @param last Number of the last event in the log.
   */
  lag(last: number): number {
    let least = last;
    for (const { reportedTo } of this.#followers.values()) if (reportedTo >= 0) least = Math.min(least, reportedTo);
    return last - least;
  }
}
