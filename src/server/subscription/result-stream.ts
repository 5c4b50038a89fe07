/**
 * Writes the results of one subscription to its client, over whatever transport. It runs ahead of the client as far as the
 * outlet allows; a result counts as handed over when the operating system has taken it, and what it has not taken when the
 * client leaves was not.
 */
import type { Burst } from './result-batch.ts';
import type { Relay, Relayed } from './results.ts';
import type { Outlet } from './send-window.ts';

export interface ResultStreamOptions {
  readonly relay: Relay;
  readonly outlet: Outlet;
  readonly burst: Burst;
  /** Aborts when the client completes the operation, or is gone: no word about it from then on. */
  readonly signal: AbortSignal;
  /** Something is wrong with the gateway itself; the stream is over. */
  onFault(error: unknown): void;
}

/** Begins. Settles when all results were written; never, when the client has left. */
export function streamResults(options: ResultStreamOptions): Promise<void> {
  const { relay, signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return relay.leave();
    new ResultStream(options, resolve).begin();
  });
}

const nothing = new Uint8Array();

class ResultStream {
  readonly #options: ResultStreamOptions;
  readonly #onWritten: () => void;
  readonly #drained = () => this.#drain();
  #isDue = false;
  /** A result is being read for; those after it wait, to keep the order. */
  #isReading = false;
  #isOver = false;

  constructor(options: ResultStreamOptions, onWritten: () => void) {
    this.#options = options;
    this.#onWritten = onWritten;
  }

  begin(): void {
    const { relay, signal } = this.#options;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    relay.onReady(() => this.#schedule());
    this.#drain();
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.outlet.forget(this.#drained);
    this.#options.relay.leave();
  }

  /** Once everything has come that comes with this event: what was read from the upstream in one piece leaves in one. */
  #schedule(): void {
    if (this.#isDue || this.#isReading) return;
    this.#isDue = true;
    queueMicrotask(this.#drained);
  }

  /** @param first What was read for meanwhile. */
  #drain(first?: Relayed): void {
    this.#isDue = false;
    try {
      if (first !== undefined) this.#options.burst.add(first.json);
      const isLast = this.#fill();
      this.#write();
      if (!isLast) return;
      this.#isOver = true;
      this.#onWritten();
    } catch (error) {
      this.#stop();
      this.#options.onFault(error);
    }
  }

  /** Puts into the burst what waits and has room. @returns Whether that was the last of all. */
  #fill(): boolean {
    const { outlet, relay, burst } = this.#options;
    const { room } = outlet;
    while (!this.#isOver && !this.#isReading) {
      if (burst.bytes >= room) {
        outlet.whenRoom(this.#drained);
        return false;
      }
      const taken = relay.take();
      if (taken === undefined) return relay.isOver;
      if (taken instanceof Promise) void this.#addLater(taken);
      else burst.add(taken.json);
    }
    return false;
  }

  #write(): void {
    const { outlet, relay, burst } = this.#options;
    const { count } = burst;
    if (count === 0) return;
    outlet.send(burst.take(), () => {
      for (let handed = 0; handed < count; handed += 1) relay.handed();
    });
  }

  async #addLater(relayed: Promise<Relayed>): Promise<void> {
    this.#isReading = true;
    const first = await relayed;
    this.#isReading = false;
    if (this.#isOver) return;
    const { outlet, relay } = this.#options;
    if (!relay.isStale) return this.#drain(first);
    // Not sent, and in its turn as good as handed over.
    outlet.send(nothing, () => relay.handed());
    this.#drain();
  }
}
