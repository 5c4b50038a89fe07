/** HTTP responses in progress, so that the gateway can shut down between responses. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SlotSet } from '../../slot-set.ts';
import { CancellationSource } from '../../upstream/cancellation.ts';

export class InFlightResponses {
  readonly #responses = new SlotSet<ServerResponse>();
  #isDraining = false;

  /** True from the first shutdown signal. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * Adds a response until it closes.
   * @returns Cancelled when the client disconnects before its response is complete.
   */
  add(response: ServerResponse): CancellationSource {
    if (this.#isDraining) response.setHeader('connection', 'close');
    const slot = this.#responses.add(response);
    const cancellation = new CancellationSource();
    // One listener, because Node copies a list of several for each event.
    response.on('close', () => {
      this.#responses.remove(slot);
      if (!response.writableFinished) cancellation.cancel();
    });
    return cancellation;
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
