/**
 * Writes the results of one subscription to a WebSocket. It runs ahead of the client as far as its socket allows; a result
 * counts as handed over when the operating system has taken it, and what it has not taken when the client leaves was not.
 */
import { FrameBurst } from './frame-burst.ts';
import type { Outbox } from './outbox.ts';
import type { Relay, Relayed } from './relay.ts';

export interface SocketStreamOptions {
  /** Of the operation, as its client named it. */
  readonly id: string;
  readonly relay: Relay;
  readonly outbox: Outbox;
  /** Aborts when the client completes the operation, or is gone: no word about it from then on. */
  readonly signal: AbortSignal;
  /** Something is wrong with the gateway itself; the stream is over. */
  onFault(error: unknown): void;
}

/** For graphql-ws: it yields nothing, and ends when everything was written, so that the library says `complete`. */
export function streamToSocket(options: SocketStreamOptions): AsyncIterableIterator<never, undefined, undefined> {
  const stream = new SocketStream(options);
  const over = { done: true, value: undefined } as const;
  const leave = () => {
    stream.stop();
    return Promise.resolve(over);
  };
  return {
    next: async () => {
      await stream.written();
      return over;
    },
    return: leave,
    throw: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class SocketStream {
  readonly #options: SocketStreamOptions;
  readonly #burst: FrameBurst;
  readonly #flush = () => this.#drain();
  #isDue = false;
  /** A result is being read for; those after it wait, to keep the order. */
  #isReading = false;
  #isOver = false;
  #onWritten: (() => void) | undefined;

  constructor(options: SocketStreamOptions) {
    this.#options = options;
    this.#burst = new FrameBurst({
      before: Buffer.from(`{"id":${JSON.stringify(options.id)},"type":"next","payload":`),
      after: Buffer.from('}'),
    });
  }

  /** Begins. Settles when all results were written; never, when the client has left. */
  written(): Promise<void> {
    const { relay, signal } = this.#options;
    if (signal.aborted) this.stop();
    signal.addEventListener('abort', () => this.stop(), { once: true });
    const written = new Promise<void>((resolve) => {
      this.#onWritten = resolve;
    });
    relay.onReady(() => this.#schedule());
    this.#drain();
    return written;
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.outbox.forget(this.#flush);
    this.#options.relay.leave();
  }

  /** Once everything has come that comes with this event: what was read from the upstream in one piece leaves in one. */
  #schedule(): void {
    if (this.#isDue || this.#isReading) return;
    this.#isDue = true;
    queueMicrotask(this.#flush);
  }

  #drain(): void {
    this.#isDue = false;
    try {
      const isOver = this.#fill();
      this.#write();
      if (isOver) this.#finish();
    } catch (error) {
      this.stop();
      this.#options.onFault(error);
    }
  }

  /** Puts into the burst what waits and has room. @returns Whether that was the last of all. */
  #fill(): boolean {
    const { outbox, relay } = this.#options;
    const { room } = outbox;
    while (!this.#isOver && !this.#isReading) {
      if (this.#burst.bytes >= room) {
        outbox.whenRoom(this.#flush);
        return false;
      }
      const taken = relay.take();
      if (taken === undefined) return relay.isOver;
      if (taken instanceof Promise) void this.#writeLater(taken);
      else this.#burst.add(taken.json);
    }
    return false;
  }

  #write(): void {
    const { outbox, relay } = this.#options;
    const { count } = this.#burst;
    if (count === 0) return;
    outbox.sendFrames(this.#burst.take(), () => {
      for (let handed = 0; handed < count; handed += 1) relay.handed();
    });
  }

  async #writeLater(relayed: Promise<Relayed>): Promise<void> {
    this.#isReading = true;
    const { json } = await relayed;
    this.#isReading = false;
    if (this.#isOver) return;
    this.#burst.add(json);
    this.#drain();
  }

  #finish(): void {
    this.#isOver = true;
    if (!this.#options.signal.aborted) this.#onWritten?.();
  }
}
