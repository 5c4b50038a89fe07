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
const longestIdleMs = 2_000;
/** With somebody who keeps up, reading pauses no longer than this, and only for who took something as recently. */
const longestHoldUpMs = 50;
/** Who was given one of so many last events counts as somebody who keeps up. */
const recentEvents = 100;

export interface Pausable {
  pause(): void;
  resume(): void;
}

export class Pressure {
  readonly #source: Pausable;
  readonly #subscribers: ReadonlySet<Subscriber>;
  readonly #catchingUp: ReadonlyMap<Subscriber, unknown>;
  /** Behind, and not given up. */
  readonly #waitedFor = new Set<Subscriber>();
  #isPressed = false;
  #hasTaken = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Pausable, subscribers: ReadonlySet<Subscriber>, catchingUp: ReadonlyMap<Subscriber, unknown>) {
    this.#source = source;
    this.#subscribers = subscribers;
    this.#catchingUp = catchingUp;
  }

  /** The subscriber's `isBehind` changed. */
  changed(subscriber: Subscriber): void {
    if (subscriber.isBehind) this.#waitedFor.add(subscriber);
    else this.left(subscriber);
  }

  left(subscriber: Subscriber): void {
    this.#waitedFor.delete(subscriber);
    this.check();
  }

  /** The subscriber took something, or looked for it. */
  taken(subscriber: Subscriber): void {
    if (this.#waitedFor.has(subscriber)) this.#hasTaken = true;
  }

  /** To be called after events were given to subscribers. */
  check(): void {
    if (this.#waitedFor.size > 0 === this.#isPressed) return;
    clearTimeout(this.#timer);
    if (this.#isPressed) {
      this.#isPressed = false;
      // Not at once: what comes then would reach a subscriber in the middle of taking.
      queueMicrotask(() => {
        if (!this.#isPressed) this.#source.resume();
      });
      return;
    }
    const holdsUpOthers = this.#holdsUpOthers();
    if (holdsUpOthers) this.#giveUpStalled();
    if (this.#waitedFor.size === 0) return;
    this.#isPressed = true;
    this.#source.pause();
    if (holdsUpOthers) this.#timer = setTimeout(() => this.#giveUp(), longestHoldUpMs);
    else this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #giveUpStalled(): void {
    const since = performance.now() - longestHoldUpMs;
    for (const subscriber of this.#waitedFor) if (subscriber.movedAt < since) this.#waitedFor.delete(subscriber);
  }

  #giveUp(): void {
    this.#waitedFor.clear();
    this.#isPressed = false;
    this.#source.resume();
  }

  /** A subscriber that is owed a replay may take its time, because the others have those events already. */
  #isSomeoneOwed(): boolean {
    for (const subscriber of this.#catchingUp.keys()) if (subscriber.isBehind) return true;
    return false;
  }

  /** Whether somebody who is not behind goes without what may come next. */
  #keepsOthersWaiting(): boolean {
    if (this.#isSomeoneOwed()) return false;
    for (const { isBehind } of this.#subscribers) if (!isBehind) return true;
    return false;
  }

  /** Those who were given the same events and have taken them. */
  #holdsUpOthers(): boolean {
    if (this.#isSomeoneOwed()) return false;
    let latest = 0;
    for (const { lastPosition } of this.#subscribers) latest = Math.max(latest, lastPosition);
    for (const { isBehind, lastPosition } of this.#subscribers) {
      if (!isBehind && lastPosition > latest - recentEvents) return true;
    }
    return false;
  }

  #watch(): void {
    this.#hasTaken = false;
    this.#timer = setTimeout(() => {
      if (this.#hasTaken && !this.#keepsOthersWaiting()) this.#watch();
      else this.#giveUp();
    }, longestIdleMs);
  }
}
