/**
 * Writes the results of one subscription to its client, over any transport. It writes ahead of the client up to the limit of
 * the send window. A result is acked when the operating system has accepted its bytes; results that it has not accepted when
 * the client disconnects are not acked.
 */
import { Cancellable, type CancellationSource } from '../../upstream/cancellation.ts';
import type { ResultBatch } from './result-batch.ts';
import type { SubscriptionResult, SubscriptionResults } from './results.ts';
import type { SendWindow } from './send-window.ts';

export interface ResultStreamOptions {
  readonly results: SubscriptionResults;
  readonly sendWindow: SendWindow;
  readonly batch: ResultBatch;
  /** Cancelled when the client completes the operation or disconnects; nothing is written for the operation after that. */
  readonly cancellation: CancellationSource;
  /** Called on an internal error; the stream has ended. */
  onFault(error: unknown): void;
}

/** Starts the stream. Resolves when all results are written; never settles if it is cancelled first or on a fault. */
export function streamResults(options: ResultStreamOptions): Promise<void> {
  const { results, cancellation } = options;
  return new Promise((resolve) => {
    if (cancellation.isCancelled) return results.cancel();
    new ResultStream(options, resolve).start();
  });
}

const noBytes = new Uint8Array();

class ResultStream extends Cancellable {
  readonly #options: ResultStreamOptions;
  readonly #onWritten: () => void;
  readonly #writeNext = () => this.#writeResults();
  /** A microtask that writes results is queued. */
  #isScheduled = false;
  /** A result is still being computed; later results wait for it, to keep the order. */
  #isPending = false;
  #isDone = false;

  constructor(options: ResultStreamOptions, onWritten: () => void) {
    super();
    this.#options = options;
    this.#onWritten = onWritten;
  }

  start(): void {
    const { results, cancellation } = this.#options;
    cancellation.register(this);
    results.onReadable(() => this.#schedule());
    this.#writeResults();
  }

  /** Ends the stream: nothing more is written. */
  override cancel(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#options.sendWindow.offWritable(this.#writeNext);
    this.#options.results.cancel();
  }

  /** Writes in a microtask, when all events of the same upstream read have arrived: their results form one batch. */
  #schedule(): void {
    if (this.#isScheduled || this.#isPending) return;
    this.#isScheduled = true;
    queueMicrotask(this.#writeNext);
  }

  /** @param first A result that was pending, to be written before all others. */
  #writeResults(first?: SubscriptionResult): void {
    this.#isScheduled = false;
    try {
      if (first !== undefined) this.#options.batch.add(first);
      const isComplete = this.#fillBatch();
      this.#sendBatch();
      if (!isComplete) return;
      this.#isDone = true;
      this.#onWritten();
    } catch (error) {
      this.cancel();
      this.#options.onFault(error);
    }
  }

  /** Adds available results to the batch, up to the send window. @returns Whether the subscription has no more results. */
  #fillBatch(): boolean {
    const { sendWindow, results, batch } = this.#options;
    const { availableBytes } = sendWindow;
    while (!this.#isDone && !this.#isPending) {
      if (batch.bytes >= availableBytes) {
        sendWindow.onceWritable(this.#writeNext);
        return false;
      }
      const next = results.read();
      if (next === undefined) return results.isDone;
      if (next instanceof Promise) void this.#addPending(next);
      else batch.add(next);
    }
    return false;
  }

  #sendBatch(): void {
    const { sendWindow, results, batch } = this.#options;
    const { count } = batch;
    if (count === 0) return;
    sendWindow.send(batch.take(), () => {
      for (let acked = 0; acked < count; acked += 1) results.ack();
    });
  }

  async #addPending(result: Promise<SubscriptionResult>): Promise<void> {
    this.#isPending = true;
    const first = await result;
    this.#isPending = false;
    if (this.#isDone) return;
    const { sendWindow, results } = this.#options;
    if (!results.isLastExpired) return this.#writeResults(first);
    // The event has expired: its result is not sent, but acked in order.
    sendWindow.send(noBytes, () => results.ack());
    this.#writeResults();
  }
}
