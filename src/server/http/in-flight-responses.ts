/** The HTTP answers being given, so that the gateway can stop between them. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export class OpenAnswers {
  /**
   * Places, taken and given back. Not a Set: answers come and go by the thousand, a Set's table is made anew every few
   * dozens of them, and V8 keeps what stood in the old table alive until the next full collection.
   */
  readonly #places: (ServerResponse | undefined)[] = [];
  readonly #free: number[] = [];
  #isDraining = false;

  /** True from the first signal to stop. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close');
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = response;
    response.on('close', () => {
      this.#places[place] = undefined;
      this.#free.push(place);
    });
  }

  /** Whether something of an answer has gone out over this connection, and not yet all of it. */
  isHalfWay(socket: Duplex): boolean {
    return this.#places.some((response) => response?.socket === socket && response.headersSent);
  }

  /** From now on each answer is the last on its connection: a client that kept on asking would hold the gateway up. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#places) {
      if (response?.headersSent === false) response.setHeader('connection', 'close');
    }
  }
}
