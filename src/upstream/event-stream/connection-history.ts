/** Attempts and losses of one event stream, from which the delay of its next attempt follows. */
import { reconnectDelayMs } from './reconnect-delay.ts';

/** A loss after this many milliseconds of work restarts the backoff. */
const stableAfterMs = 5_000;

export class ConnectionHistory {
  /** Attempts since the stream last received a frame. */
  attempts = 0;
  /** Whether the stream has ever received a frame. */
  hasWorked = false;
  /** Losses since the stream was last stable. */
  #losses = 0;
  #workingSince: number | undefined;
  #lostAt = performance.now();

  /** Whether the present connection has received a frame. */
  get isWorking(): boolean {
    return this.#workingSince !== undefined;
  }

  /** A connection received its first frame. */
  working(): void {
    this.#workingSince = performance.now();
    this.hasWorked = true;
    this.attempts = 0;
  }

  /** The connection ended. */
  stopped(): void {
    const now = performance.now();
    if (this.#workingSince === undefined) return;
    if (now - this.#workingSince >= stableAfterMs) this.#losses = 0;
    this.#workingSince = undefined;
    this.#lostAt = now;
  }

  /**
   * The connection was lost.
   * @param streams Open streams of this process.
   * @returns Milliseconds until the next attempt.
   */
  lost(streams: number, retryAfterMs: number | undefined): number {
    this.stopped();
    this.#losses += 1;
    return reconnectDelayMs({
      attempt: this.#losses,
      outageMs: performance.now() - this.#lostAt,
      streams,
      retryAfterMs,
      random: Math.random(),
    });
  }
}
