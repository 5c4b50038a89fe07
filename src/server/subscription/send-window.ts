/**
 * Where the results of subscriptions leave: how far they may run ahead of the client, and when they have left. Bytes count as
 * sent when the operating system has taken them.
 */
import type { Writable } from 'node:stream';

/** Bytes written before the operating system takes them; what comes after waits where its bounds are. */
const maxAhead = 65_536;

export interface OutletOptions {
  /** Takes the bytes. */
  readonly writable: Writable;
  /** The connection that carries them; may be the same. */
  readonly connection: Writable;
  /** Whether anything may be written still. */
  isOpen(): boolean;
}

export class Outlet {
  readonly #options: OutletOptions;
  readonly #waiting = new Set<() => void>();

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Bytes that may be written now; 0 or less when there is nothing to do but wait. */
  get room(): number {
    return this.#options.isOpen() ? maxAhead - this.#options.writable.writableLength : 0;
  }

  /** @param callback Called once, when there is room again; never when the connection ends before. */
  whenRoom(callback: () => void): void {
    this.#waiting.add(callback);
  }

  forget(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** @param onSent Called once all of it was sent; never when the connection's end cut it off. */
  send(bytes: Uint8Array, onSent: () => void): void {
    const { writable, connection, isOpen } = this.#options;
    if (!isOpen()) return;
    writable.write(bytes, (error) => {
      // A write that was under way when its connection was destroyed comes back without an error.
      if (error != null || connection.destroyed) return;
      this.moved();
      onSent();
    });
  }

  /** To be called when anybody's bytes were sent over the connection. */
  moved(): void {
    if (this.#waiting.size === 0) return;
    // Who finds no room keeps its place, before those who have had some and wait again.
    for (const callback of [...this.#waiting]) {
      if (this.room <= 0) return;
      this.#waiting.delete(callback);
      callback();
    }
  }
}
