/** HTTP responses in progress, so that the gateway can shut down between responses. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SlotSet } from '../../slot-set.ts';

export class InFlightResponses {
  readonly #responses = new SlotSet<ServerResponse>();
  #isDraining = false;

  /** True from the first shutdown signal. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close');
    const slot = this.#responses.add(response);
    response.on('close', () => this.#responses.remove(slot));
  }

  /** Whether a response on this connection has been sent in part. */
  hasPartialResponse(socket: Duplex): boolean {
    return this.#responses.members().some((response) => response.socket === socket && response.headersSent);
  }

  /** Makes each further response the last on its connection: a client that reuses connections would otherwise delay the shutdown. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#responses.members()) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
  }
}
