/** HTTP responses in progress, so that the gateway can shut down between responses. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export class InFlightResponses {
  /**
   * Slots, reused after a response. Not a Set: it reallocates its table every few dozen insert/delete pairs, and V8 keeps the entries
   * of the old table alive until the next full garbage collection.
   */
  readonly #slots: (ServerResponse | undefined)[] = [];
  readonly #free: number[] = [];
  #isDraining = false;

  /** True from the first shutdown signal. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close');
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = response;
    response.on('close', () => {
      this.#slots[slot] = undefined;
      this.#free.push(slot);
    });
  }

  /** Whether a response on this connection has been sent in part. */
  hasPartialResponse(socket: Duplex): boolean {
    return this.#slots.some((response) => response?.socket === socket && response.headersSent);
  }

  /** Makes each further response the last on its connection: a client that reuses connections would otherwise delay the shutdown. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#slots) {
      if (response?.headersSent === false) response.setHeader('connection', 'close');
    }
  }
}
