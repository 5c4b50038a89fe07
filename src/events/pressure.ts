/**
 * Decides when to stop reading from the upstream: while a subscriber is behind. A burst, such as a long replay, then waits in
 * the upstream's socket instead of overflowing the queue of a subscriber that keeps pulling. Others who are given the same
 * events and keep up are held up by that for a moment at most; after it the queue of the slow one may overflow.
 */
import type { Subscriber } from './subscription.ts';

/** With nobody to hold up, reading pauses as long as somebody pulls at least this often. */
const longestIdleMs = 2_000;
/** With somebody who keeps up, reading pauses no longer than this. */
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
  #behind = 0;
  #isPressed = false;
  #hasPulled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Pausable, subscribers: ReadonlySet<Subscriber>, catchingUp: ReadonlyMap<Subscriber, unknown>) {
    this.#source = source;
    this.#subscribers = subscribers;
    this.#catchingUp = catchingUp;
  }

  /** The subscriber's `isBehind` changed. */
  changed(subscriber: Subscriber): void {
    this.#behind += subscriber.isBehind ? 1 : -1;
    if (!subscriber.isBehind) this.check();
  }

  left(subscriber: Subscriber): void {
    if (subscriber.isBehind) this.#behind -= 1;
    this.check();
  }

  pulled(): void {
    this.#hasPulled = true;
  }

  /** To be called after events were given to subscribers. */
  check(): void {
    const isPressed = this.#behind > 0;
    if (isPressed === this.#isPressed) return;
    this.#isPressed = isPressed;
    clearTimeout(this.#timer);
    if (!isPressed) {
      // Not at once: what comes then would reach a subscriber in the middle of a pull.
      queueMicrotask(() => {
        if (!this.#isPressed) this.#source.resume();
      });
      return;
    }
    this.#source.pause();
    // When the time is over the pressure is still on, and has to fall before reading can pause again.
    if (this.#holdsUpOthers()) this.#timer = setTimeout(() => this.#source.resume(), longestHoldUpMs);
    else this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** A subscriber that is owed a replay may take its time, because the others have those events already. */
  #holdsUpOthers(): boolean {
    for (const subscriber of this.#catchingUp.keys()) if (subscriber.isBehind) return false;
    let latest = 0;
    for (const { lastPosition } of this.#subscribers) latest = Math.max(latest, lastPosition);
    for (const { isBehind, lastPosition } of this.#subscribers) {
      if (!isBehind && lastPosition > latest - recentEvents) return true;
    }
    return false;
  }

  #watch(): void {
    this.#hasPulled = false;
    this.#timer = setTimeout(() => {
      if (this.#hasPulled) this.#watch();
      else this.#source.resume();
    }, longestIdleMs);
  }
}
