/** The HTTP answers being given, so that the gateway can stop between them. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export class InFlightResponses {
  /**
   * Places, taken and given back. Not a Set: answers come and go by the thousand, a Set's table is made anew every few
   * dozens of them, and V8 keeps what stood in the old table alive until the next full collection.
   */
  readonly #slots: (ServerResponse | undefined)[] = [];
  readonly #free: number[] = [];
  #isDraining = false;

  /** True from the first signal to stop. */
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

  /** Whether something of an answer has gone out over this connection, and not yet all of it. */
  hasPartialResponse(socket: Duplex): boolean {
    return this.#slots.some((response) => response?.socket === socket && response.headersSent);
  }

  /** From now on each answer is the last on its connection: a client that kept on asking would hold the gateway up. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#slots) {
      if (response?.headersSent === false) response.setHeader('connection', 'close');
    }
  }
}
