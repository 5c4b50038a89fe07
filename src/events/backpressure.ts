/**
 * Decides when to stop reading from the upstream: while a subscriber is behind. A burst, such as a long replay, then waits in
 * the upstream's socket instead of overflowing the queue of a subscriber that keeps taking. Others who are given the same
 * events and keep up are held up by that for a moment at most, and not at all for one that takes nothing; those who have had
 * nothing lately wait no longer than two seconds. After that the slow one is given up: its queue may overflow.
 */
import type { Subscriber } from './subscription.ts';

/**
 * With nobody to hold up, reading pauses as long as one who is behind takes something at least this often; once only, when
 * others are there who have had nothing lately and may be waiting for what comes next.
 */
const maxIdleMs = 2_000;
/** With somebody who keeps up, reading pauses no longer than this, and only for who took something as recently. */
const maxDelayForOthersMs = 50;
/** Who was given one of so many last events counts as somebody who keeps up. */
const recentEvents = 100;

export interface Pausable {
  pause(): void;
  resume(): void;
}

export class BackpressureController {
  readonly #source: Pausable;
  readonly #subscribers: ReadonlySet<Subscriber>;
  readonly #replaying: ReadonlyMap<Subscriber, unknown>;
  /** Behind, and not given up. */
  readonly #laggards = new Set<Subscriber>();
  #isPaused = false;
  #hasRead = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Pausable, subscribers: ReadonlySet<Subscriber>, replaying: ReadonlyMap<Subscriber, unknown>) {
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

  /** The subscriber took something, or looked for it. */
  onRead(subscriber: Subscriber): void {
    if (this.#laggards.has(subscriber)) this.#hasRead = true;
  }

  /** To be called after events were given to subscribers. */
  check(): void {
    if (this.#laggards.size > 0 === this.#isPaused) return;
    clearTimeout(this.#timer);
    if (this.#isPaused) {
      this.#isPaused = false;
      // Not at once: what comes then would reach a subscriber in the middle of taking.
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

  /** A subscriber that is owed a replay may take its time, because the others have those events already. */
  #isReplayLagging(): boolean {
    for (const subscriber of this.#replaying.keys()) if (subscriber.isLagging) return true;
    return false;
  }

  /** Whether somebody who is not behind goes without what may come next. */
  #starvesOthers(): boolean {
    if (this.#isReplayLagging()) return false;
    for (const { isLagging } of this.#subscribers) if (!isLagging) return true;
    return false;
  }

  /** Those who were given the same events and have taken them. */
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
