/**
 * Backpressure for the results of subscriptions on one connection: how many bytes may be written ahead of the client, and
 * when they are sent. Bytes are sent when the operating system has accepted them.
 */
import type { Writable } from 'node:stream';
import { LazySet } from '../../util/lazy-collections.ts';

/** Maximum of bytes in the stream's buffer. Later results wait in the subscriber's queue, which is bounded. */
const highWaterMark = 65_536;

export interface SendWindowOptions {
  /** The stream that bytes are written to. */
  readonly writable: Writable;
  /** The underlying connection; may be the same stream. */
  readonly connection: Writable;
  /** Whether writing is still allowed. */
  isOpen(): boolean;
}

export class SendWindow {
  readonly #options: SendWindowOptions;
  readonly #writableCallbacks = new LazySet<() => void>();

  constructor(options: SendWindowOptions) {
    this.#options = options;
  }

  /** Number of bytes that may be written now; 0 or less if the window is full or the connection is closed. */
  get availableBytes(): number {
    return this.#options.isOpen() ? highWaterMark - this.#options.writable.writableLength : 0;
  }

  /** @param callback Called once, when the window has capacity again; never if the connection ends first. */
  onceWritable(callback: () => void): void {
    this.#writableCallbacks.add(callback);
  }

  offWritable(callback: () => void): void {
    this.#writableCallbacks.delete(callback);
  }

  /** @param onSent Called when all bytes are sent; never if the connection ends first. */
  send(bytes: Uint8Array, onSent: () => void): void {
    const { writable, connection, isOpen } = this.#options;
    if (!isOpen()) return;
    writable.write(bytes, (error) => {
      // A pending write of a destroyed connection calls back without an error.
      if (error != null || connection.destroyed) return;
      this.notifyDrained();
      onSent();
    });
  }

  /** Has to be called after every write to the connection has been sent, also those of other subscriptions. */
  notifyDrained(): void {
    if (this.#writableCallbacks.size === 0) return;
    // A callback that still finds the window full stays ahead of callbacks that already wrote and re-queued.
    for (const callback of [...this.#writableCallbacks]) {
      if (this.availableBytes <= 0) return;
      this.#writableCallbacks.delete(callback);
      callback();
    }
  }
}
