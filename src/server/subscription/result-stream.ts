/**
 * Writes the results of one subscription to its client, over whatever transport. It runs ahead of the client as far as the
 * outlet allows; a result counts as handed over when the operating system has taken it, and what it has not taken when the
 * client leaves was not.
 */
import type { ResultBatch } from './result-batch.ts';
import type { SubscriptionResult, SubscriptionResults } from './results.ts';
import type { SendWindow } from './send-window.ts';

export interface ResultStreamOptions {
  readonly results: SubscriptionResults;
  readonly sendWindow: SendWindow;
  readonly batch: ResultBatch;
  /** Aborts when the client completes the operation, or is gone: no word about it from then on. */
  readonly signal: AbortSignal;
  /** Something is wrong with the gateway itself; the stream is over. */
  onFault(error: unknown): void;
}

/** Begins. Settles when all results were written; never, when the client has left. */
export function streamResults(options: ResultStreamOptions): Promise<void> {
  const { results, signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return results.cancel();
    new ResultStream(options, resolve).begin();
  });
}

const noBytes = new Uint8Array();

class ResultStream {
  readonly #options: ResultStreamOptions;
  readonly #onWritten: () => void;
  readonly #drained = () => this.#drain();
  #isDue = false;
  /** A result is being read for; those after it wait, to keep the order. */
  #isReading = false;
  #isDone = false;

  constructor(options: ResultStreamOptions, onWritten: () => void) {
    this.#options = options;
    this.#onWritten = onWritten;
  }

  begin(): void {
    const { results, signal } = this.#options;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    results.onReadable(() => this.#schedule());
    this.#drain();
  }

  #stop(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#options.sendWindow.offWritable(this.#drained);
    this.#options.results.cancel();
  }

  /** Once everything has come that comes with this event: what was read from the upstream in one piece leaves in one. */
  #schedule(): void {
    if (this.#isDue || this.#isReading) return;
    this.#isDue = true;
    queueMicrotask(this.#drained);
  }

  /** @param first What was read for meanwhile. */
  #drain(first?: SubscriptionResult): void {
    this.#isDue = false;
    try {
      if (first !== undefined) this.#options.batch.add(first.json);
      const isLast = this.#fill();
      this.#write();
      if (!isLast) return;
      this.#isDone = true;
      this.#onWritten();
    } catch (error) {
      this.#stop();
      this.#options.onFault(error);
    }
  }

  /** Puts into the burst what waits and has room. @returns Whether that was the last of all. */
  #fill(): boolean {
    const { sendWindow, results, batch } = this.#options;
    const { availableBytes } = sendWindow;
    while (!this.#isDone && !this.#isReading) {
      if (batch.bytes >= availableBytes) {
        sendWindow.onceWritable(this.#drained);
        return false;
      }
      const next = results.read();
      if (next === undefined) return results.isDone;
      if (next instanceof Promise) void this.#addLater(next);
      else batch.add(next.json);
    }
    return false;
  }

  #write(): void {
    const { sendWindow, results, batch } = this.#options;
    const { count } = batch;
    if (count === 0) return;
    sendWindow.send(batch.take(), () => {
      for (let acked = 0; acked < count; acked += 1) results.ack();
    });
  }

  async #addLater(result: Promise<SubscriptionResult>): Promise<void> {
    this.#isReading = true;
    const first = await result;
    this.#isReading = false;
    if (this.#isDone) return;
    const { sendWindow, results } = this.#options;
    if (!results.isLastExpired) return this.#drain(first);
    // Not sent, and in its turn as good as handed over.
    sendWindow.send(noBytes, () => results.ack());
    this.#drain();
  }
}
