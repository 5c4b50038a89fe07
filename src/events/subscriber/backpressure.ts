/**
 * Pauses reading from the upstream while a subscriber lags. A burst, such as a long replay, then waits in the upstream's socket
 * instead of overflowing the queue of a subscriber that still reads.
 *
 * The pause is bounded. If another subscriber receives the same events and keeps up, it lasts at most 50 ms, and a laggard that
 * has read nothing in that time causes none. If the other subscribers received nothing recently, it lasts at most two
 * seconds. Afterwards the laggard is dropped from consideration: its queue may overflow.
 */
import { LazySet } from '../../util/lazy-collections.ts';
import type { Subscriber } from './subscriber.ts';

/**
 * Interval of the check while the pause delays no other subscriber. The pause continues as long as a laggard has read within
 * the interval. It ends after one interval when another subscriber does not lag, because the next event may be for that one.
 */
const maxIdleMs = 2_000;
/** Limit of a pause that delays other subscribers. Only a laggard that has read within this time causes one. */
const maxDelayForOthersMs = 50;
/** A subscriber counts as keeping up if it received one of this many latest events. */
const recentEvents = 100;

export interface Pausable {
  pause(): void;
  resume(): void;
}

/** Subscribers that wait for a replay. */
interface Replaying {
  keys(): Iterable<Subscriber>;
}

export class BackpressureController {
  readonly #source: Pausable;
  readonly #subscribers: ReadonlySet<Subscriber>;
  readonly #replaying: Replaying;
  /** Subscribers that lag and are still waited for. */
  readonly #laggards = new LazySet<Subscriber>();
  #isPaused = false;
  #hasRead = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Pausable, subscribers: ReadonlySet<Subscriber>, replaying: Replaying) {
    this.#source = source;
    this.#subscribers = subscribers;
    this.#replaying = replaying;
  }

  /** The subscriber's `isLagging` changed. */
  laggingChanged(subscriber: Subscriber): void {
    if (subscriber.isLagging) this.#laggards.add(subscriber);
    else this.unsubscribed(subscriber);
  }

  unsubscribed(subscriber: Subscriber): void {
    this.#laggards.delete(subscriber);
    this.check();
  }

  /** The subscriber called `read`, with or without a result. */
  onRead(subscriber: Subscriber): void {
    if (this.#laggards.has(subscriber)) this.#hasRead = true;
  }

  /** Pauses or resumes the source. Call after events were queued for subscribers. */
  check(): void {
    if (this.#laggards.size > 0 === this.#isPaused) return;
    clearTimeout(this.#timer);
    if (this.#isPaused) {
      this.#isPaused = false;
      // Deferred, because a resumed source could push an event while the subscriber is inside `read`.
      queueMicrotask(() => {
        if (!this.#isPaused) this.#source.resume();
      });
      return;
    }
    const delaysOthers = this.#delaysOthers();
    if (delaysOthers) this.#dropStalledLaggards();
    if (this.#laggards.size === 0) return;
    this.#isPaused = true;
    this.#source.pause();
    if (delaysOthers) this.#timer = setTimeout(() => this.#dropLaggards(), maxDelayForOthersMs);
    else this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #dropStalledLaggards(): void {
    const since = performance.now() - maxDelayForOthersMs;
    for (const subscriber of this.#laggards) if (subscriber.lastReadAt < since) this.#laggards.delete(subscriber);
  }

  #dropLaggards(): void {
    this.#laggards.clear();
    this.#isPaused = false;
    this.#source.resume();
  }

  /** A lagging subscriber that waits for a replay delays no other: those already have the replayed events. */
  #isReplayLagging(): boolean {
    for (const subscriber of this.#replaying.keys()) if (subscriber.isLagging) return true;
    return false;
  }

  /** A subscriber that does not lag may be waiting for the next event. */
  #starvesOthers(): boolean {
    if (this.#isReplayLagging()) return false;
    for (const { isLagging } of this.#subscribers) if (!isLagging) return true;
    return false;
  }

  /** A subscriber that does not lag has received recent events, so the pause delays it. */
  #delaysOthers(): boolean {
    if (this.#isReplayLagging()) return false;
    let latest = 0;
    for (const { lastPosition } of this.#subscribers) latest = Math.max(latest, lastPosition);
    for (const { isLagging, lastPosition } of this.#subscribers) {
      if (!isLagging && lastPosition > 0 && lastPosition > latest - recentEvents) return true;
    }
    return false;
  }

  #watch(): void {
    this.#hasRead = false;
    this.#timer = setTimeout(() => {
      if (this.#hasRead && !this.#starvesOthers()) this.#watch();
      else this.#dropLaggards();
    }, maxIdleMs);
  }
}
