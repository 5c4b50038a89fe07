/**
 * Writes the results of one subscription to a WebSocket. It runs ahead of the client as far as its socket allows; a result
 * counts as handed over when the operating system has taken it, and what it has not taken when the client leaves was not.
 */
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
  readonly #head: string;
  readonly #write: (message: string) => void;
  readonly #flush = () => this.#drain();
  #isDue = false;
  /** A result is being read for; those after it wait, to keep the order. */
  #isReading = false;
  #isOver = false;
  #onWritten: (() => void) | undefined;

  constructor(options: SocketStreamOptions) {
    const { id, outbox, relay } = options;
    this.#options = options;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    this.#write = outbox.writer(() => relay.handed());
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
    const { outbox, onFault } = this.#options;
    try {
      outbox.together(() => {
        while (!this.#isOver && !this.#isReading && this.#step());
      });
    } catch (error) {
      this.stop();
      onFault(error);
    }
  }

  /** @returns Whether there may be more to write at once. */
  #step(): boolean {
    const { outbox, relay } = this.#options;
    if (!outbox.hasRoom) {
      outbox.whenRoom(this.#flush);
      return false;
    }
    const taken = relay.take();
    if (taken === undefined) {
      if (relay.isOver) this.#finish();
      return false;
    }
    if (taken instanceof Promise) void this.#writeLater(taken);
    else this.#writeNow(taken);
    return true;
  }

  #writeNow(relayed: Relayed): void {
    this.#write(`${this.#head}${relayed.json}}`);
  }

  async #writeLater(relayed: Promise<Relayed>): Promise<void> {
    this.#isReading = true;
    const read = await relayed;
    this.#isReading = false;
    if (this.#isOver) return;
    this.#writeNow(read);
    this.#drain();
  }

  #finish(): void {
    this.#isOver = true;
    if (!this.#options.signal.aborted) this.#onWritten?.();
  }
}
