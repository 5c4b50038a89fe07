/**
 * Where the results of subscriptions leave: how far they may run ahead of the client, and when they have left. Bytes count as
 * sent when the operating system has taken them.
 */
import type { Writable } from 'node:stream';

/** Bytes written before the operating system takes them; what comes after waits where its bounds are. */
const highWaterMark = 65_536;

export interface SendWindowOptions {
  /** Takes the bytes. */
  readonly writable: Writable;
  /** The connection that carries them; may be the same. */
  readonly connection: Writable;
  /** Whether anything may be written still. */
  isOpen(): boolean;
}

export class SendWindow {
  readonly #options: SendWindowOptions;
  readonly #waiting = new Set<() => void>();

  constructor(options: SendWindowOptions) {
    this.#options = options;
  }

  /** Bytes that may be written now; 0 or less when there is nothing to do but wait. */
  get availableBytes(): number {
    return this.#options.isOpen() ? highWaterMark - this.#options.writable.writableLength : 0;
  }

  /** @param callback Called once, when there is room again; never when the connection ends before. */
  onceWritable(callback: () => void): void {
    this.#waiting.add(callback);
  }

  offWritable(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** @param onSent Called once all of it was sent; never when the connection's end cut it off. */
  send(bytes: Uint8Array, onSent: () => void): void {
    const { writable, connection, isOpen } = this.#options;
    if (!isOpen()) return;
    writable.write(bytes, (error) => {
      // A write that was under way when its connection was destroyed comes back without an error.
      if (error != null || connection.destroyed) return;
      this.notifyDrained();
      onSent();
    });
  }

  /** To be called when anybody's bytes were sent over the connection. */
  notifyDrained(): void {
    if (this.#waiting.size === 0) return;
    // Who finds no room keeps its place, before those who have had some and wait again.
    for (const callback of [...this.#waiting]) {
      if (this.availableBytes <= 0) return;
      this.#waiting.delete(callback);
      callback();
    }
  }
}
