/**
 * The upstream stream of a shared source: open while this replica owns it or stands alone. While its role is undecided, the events
 * of the stream are held: they are delivered later, in order, or dropped when the stream is closed.
 */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { Stream } from '../../events/source/source.ts';
import type { EventStreamListener } from '../../upstream/event-stream/stream.ts';

/** One upstream stream at a time, whose events can be held. */
export class HeldStream {
  readonly #openStream: (listener: EventStreamListener) => Stream;
  readonly #listener: EventStreamListener;
  #stream: Stream | undefined;
  #isOpen = false;
  /** Of the open stream: callbacks of a closed one are ignored. */
  #generation = 0;
  readonly #holds = new Set<unknown>();
  #held: (() => void)[] = [];
  readonly #pauses = new Set<string>();
  /** Losses of the connection so far, and until the status that was delivered last. */
  #losses = 0;
  #deliveredLosses = 0;
  #isWhole = false;
  #connectedAt = 0;

  constructor(openStream: (listener: EventStreamListener) => Stream, listener: EventStreamListener) {
    this.#openStream = openStream;
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether this connection lacks nothing and has not been lost since that was proven, not even while it is held. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Changes with each close. */
  get generation(): number {
    return this.#generation;
  }

  /** When the connection that was delivered last was made, on the clock of `performance`; later ones are still held. */
  get connectedAt(): number {
    return this.#connectedAt;
  }

  /** The connection that was delivered last lacks nothing that subscribers need, or the gap before it was reported. */
  markWhole(): void {
    this.#isWhole = this.#isOpen && this.#deliveredLosses === this.#losses;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#generation += 1;
    const generation = this.#generation;
    const listener = this.#listener;
    const deliver = (what: () => void) => {
      if (generation !== this.#generation) return;
      if (this.#holds.size > 0 || this.#held.length > 0) this.#held.push(what);
      else what();
    };
    const stream = this.#openStream({
      onEvent: (received, length, text) => deliver(() => listener.onEvent(received, length, text)),
      onMalformed: () => deliver(() => listener.onMalformed()),
      onOversized: () => deliver(() => listener.onOversized()),
      onStatus: (status) => {
        if (generation === this.#generation && !isWorking(status)) this.#lost();
        const losses = this.#losses;
        const at = performance.now();
        deliver(() => {
          this.#deliveredLosses = losses;
          this.#connectedAt = at;
          listener.onStatus(status);
        });
      },
      onReplayed: () => deliver(() => listener.onReplayed()),
      onCredentialRejected: (error) => deliver(() => listener.onCredentialRejected(error)),
    });
    if (generation !== this.#generation) {
      stream.close();
      return;
    }
    this.#stream = stream;
    this.#apply();
  }

  close(): void {
    this.#lost();
    this.#isOpen = false;
    this.#generation += 1;
    this.#held = [];
    this.#stream?.close();
    this.#stream = undefined;
  }

  reopen(): void {
    this.#stream?.reopen();
  }

  /**
   * Holds the events of the stream.
   * @param reason They are delivered when no reason is left.
   */
  hold(reason: unknown): void {
    this.#holds.add(reason);
    this.#apply();
  }

  release(reason: unknown): void {
    if (!this.#holds.delete(reason)) return;
    while (this.#holds.size === 0 && this.#held.length > 0) this.#held.shift()?.();
    this.#apply();
  }

  /**
   * Pauses reading.
   * @param reason Reading continues when no reason is left.
   */
  pause(reason: string): void {
    this.#pauses.add(reason);
    this.#apply();
  }

  resume(reason: string): void {
    if (this.#pauses.delete(reason)) this.#apply();
  }

  #lost(): void {
    this.#losses += 1;
    this.#isWhole = false;
  }

  #apply(): void {
    if (this.#holds.size > 0 || this.#pauses.size > 0) this.#stream?.pause();
    else this.#stream?.resume();
  }
}

/** Whether the stream is connected. */
export function isWorking({ state }: ConnectionStatus): boolean {
  return state === 'LIVE' || state === 'REPLAYING';
}
