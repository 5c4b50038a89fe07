/**
 * Decides when to stop reading from the upstream: while all subscribers are behind, or one that is owed a replay is. A burst,
 * such as a long replay, then waits in the upstream's socket instead of overflowing the queue of a subscriber that keeps
 * pulling. Nobody who is not behind waits for somebody who is, and nobody who does not pull holds it up for long.
 */
import type { Subscriber } from './subscription.ts';

/** When nobody pulled for this long, reading goes on, and the queues overflow. */
const longestPauseMs = 2_000;

export interface Pausable {
  pause(): void;
  resume(): void;
}

export class Pressure {
  readonly #source: Pausable;
  readonly #subscribers: ReadonlySet<Subscriber>;
  readonly #catchingUp: ReadonlyMap<Subscriber, unknown>;
  #behind = 0;
  #isPaused = false;
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

  /** To be called when subscribers joined or were given events. */
  check(): void {
    const isPressed = this.#behind > 0 && (this.#behind === this.#subscribers.size || this.#isReplayBehind());
    if (isPressed === this.#isPaused) return;
    this.close();
    this.#isPaused = isPressed;
    if (isPressed) {
      this.#source.pause();
      this.#watch();
    } else {
      // Not at once: what comes then would reach a subscriber in the middle of a pull.
      queueMicrotask(() => {
        if (!this.#isPaused) this.#source.resume();
      });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #isReplayBehind(): boolean {
    for (const subscriber of this.#catchingUp.keys()) if (subscriber.isBehind) return true;
    return false;
  }

  #watch(): void {
    this.#hasPulled = false;
    this.#timer = setTimeout(() => {
      if (this.#hasPulled) this.#watch();
      else this.#source.resume(); // still marked as paused: the pressure has to fall before it can pause again
    }, longestPauseMs);
  }
}
